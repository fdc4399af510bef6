"""Tables of drafts."""

from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Prose


class Draft(Base):
    """One person's unsent words under one entry; `parent_id` is what they answer, and may be gone by now."""

    __tablename__ = "draft"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "entry_id"], ["status_entry.organisation_id", "status_entry.id"], ondelete="CASCADE"
        ),
        Index(None, "person_id"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    parent_id: Mapped[UUID | None]
    body: Mapped[Prose]
    saved_at: Mapped[Instant]
