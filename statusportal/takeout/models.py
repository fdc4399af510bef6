"""The table of takeouts."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Digest, Instant, PrimaryId, Prose, Word


class Takeout(Base):
    """Somebody's wish to take everything along, and the file that came of it.

    Without an organisation it is about the person alone. `storage_key` is the random name of its file in the data
    folder; it stands in no address.
    """

    __tablename__ = "takeout"
    __table_args__ = (Index(None, "person_id", "asked_at"), Index(None, "state"), scaled(Scale.REFERENCE))

    id: Mapped[PrimaryId]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[Word]
    storage_key: Mapped[str] = mapped_column(String(80), unique=True)
    parts_done: Mapped[int] = mapped_column(default=0)
    parts_whole: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[Prose] = mapped_column(default="")
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[Digest | None]
    asked_at: Mapped[Instant]
    made_at: Mapped[Instant | None]
    expires_at: Mapped[Instant | None]
    taken_at: Mapped[Instant | None]
