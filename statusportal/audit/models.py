"""The audit table."""

from uuid import UUID

from sqlalchemy import Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Digest, Instant, Json, PrimaryId, Word


class AuditRecord(Base):
    """One act. `chain` is filled by the job that links the rows."""

    __tablename__ = "audit_record"
    __table_args__ = (Index(None, "at"), Index(None, "organisation_id", "at"), scaled(Scale.LOCAL))

    id: Mapped[PrimaryId]
    at: Mapped[Instant]
    act: Mapped[str] = mapped_column(String(80))
    actor_kind: Mapped[Word]
    actor_id: Mapped[UUID | None] = mapped_column(Uuid)
    organisation_id: Mapped[UUID | None] = mapped_column(Uuid)
    subject_kind: Mapped[Word]
    subject_id: Mapped[str] = mapped_column(String(100))
    codes: Mapped[Json]
    chain: Mapped[Digest | None]
