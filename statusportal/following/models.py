"""Tables of following."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Word


class Follow(Base):
    """One person's follow of one thing. What it follows may lie in any room, so `thing_id` is no foreign key."""

    __tablename__ = "follow"
    __table_args__ = (Index(None, "kind", "thing_id"), scaled(Scale.REFERENCE))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[Word] = mapped_column(primary_key=True)
    thing_id: Mapped[UUID] = mapped_column(primary_key=True)
    level: Mapped[Word]
    reason: Mapped[Word]
    since_at: Mapped[Instant]
