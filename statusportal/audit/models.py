"""Tables of the log."""

from uuid import UUID

from sqlalchemy import Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import BigNumber, Digest, Instant, Json, PrimaryId, Word


class AuditRecord(Base):
    """One act. The row never changes; what proves it stands in `audit_link`.

    `device_id` is set where the subject is another thing of a device: an entry, a link, a token.
    """

    __tablename__ = "audit_record"
    __table_args__ = (
        Index(None, "at"),
        Index(None, "organisation_id", "at"),
        Index(None, "subject_id", "at"),
        Index(None, "device_id", "at"),
        scaled(Scale.LOCAL),
    )

    id: Mapped[PrimaryId]
    at: Mapped[Instant]
    act: Mapped[str] = mapped_column(String(80))
    actor_kind: Mapped[Word]
    actor_id: Mapped[UUID | None] = mapped_column(Uuid)
    organisation_id: Mapped[UUID | None] = mapped_column(Uuid)
    subject_kind: Mapped[Word]
    subject_id: Mapped[str] = mapped_column(String(100))
    codes: Mapped[Json]
    device_id: Mapped[UUID | None] = mapped_column(Uuid)


class AuditWaiting(Base):
    """An act that was committed and not linked yet. The row goes when it is."""

    __tablename__ = "audit_waiting"
    __table_args__ = (scaled(Scale.LOCAL),)

    record_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class AuditLink(Base):
    """One link of the chain; the row never changes. Acts stand in the order in which they were linked."""

    __tablename__ = "audit_link"
    __table_args__ = (scaled(Scale.LOCAL),)

    position: Mapped[BigNumber] = mapped_column(primary_key=True, autoincrement=False)
    record_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    key_id: Mapped[Word]
    digest: Mapped[Digest]


class AuditHead(Base):
    """How far the chain reaches, sealed: one row, and a copy of it in the data folder."""

    __tablename__ = "audit_head"
    __table_args__ = (scaled(Scale.LOCAL),)

    name: Mapped[Word] = mapped_column(primary_key=True)
    position: Mapped[BigNumber]
    digest: Mapped[Digest]
    key_id: Mapped[Word]
    linked_at: Mapped[Instant]
    seal: Mapped[Digest]


class AuditCheck(Base):
    """What one walk along the whole chain found."""

    __tablename__ = "audit_check"
    __table_args__ = (Index(None, "at"), scaled(Scale.LOCAL))

    id: Mapped[PrimaryId]
    at: Mapped[Instant]
    position: Mapped[BigNumber]
    breaches: Mapped[int]
