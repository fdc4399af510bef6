"""The table of seeing as a customer. The reason is free text, which has no place in the audit log."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, PrimaryId


class SeenAs(Base):
    """One time that a session of support read as a person in an organisation.

    `ended_at` is when it was left; one that ran out by itself ended at `ends_at`. The session is no foreign key: it is
    forgotten sooner than this.
    """

    __tablename__ = "seen_as"
    __table_args__ = (
        CheckConstraint("ends_at > began_at", name="time_forward"),
        Index(None, "session_id", "ended_at"),
        Index(None, "organisation_id", "began_at"),
        Index(None, "person_id", "began_at"),
        scaled(Scale.REFERENCE),
    )

    id: Mapped[PrimaryId]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    session_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(String(300))
    began_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    page_count: Mapped[int] = mapped_column(default=0)
