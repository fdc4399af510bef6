"""Tables of erasing: what is wished, and the ledger of what was done."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Digest, Instant, PrimaryId, Word


class ErasureWish(Base):
    """Somebody is to be erased at an instant; until then it can be taken back. The row goes with the deed.

    `ordered_by` is the administrator who ordered it; nobody where it was asked for by the person themselves.
    """

    __tablename__ = "erasure_wish"
    __table_args__ = (Index(None, "due_at"), scaled(Scale.REFERENCE))

    id: Mapped[PrimaryId]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), unique=True)
    erased_organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), unique=True)
    ordered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    own_words: Mapped[Word]
    asked_at: Mapped[Instant]
    due_at: Mapped[Instant]


class ErasureRecord(Base):
    """One line of the ledger; the same stands in the ledger's file. Rows are added and never changed."""

    __tablename__ = "erasure_record"
    __table_args__ = (Index(None, "at"), scaled(Scale.LOCAL))

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[Word]
    subject: Mapped[Digest]
    own_words: Mapped[Word]
    at: Mapped[Instant]
