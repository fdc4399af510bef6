"""The table of evidence. It hangs on its comment, and goes with it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Float, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Document, Instant, JsonList, Name, Word
from statusportal.foundation.ids import new_id


class Evidence(Base):
    """A moment or a range of a signal, with the points that the machine had sent by then.

    Units: `value` and `last_value` in `unit`; `points` are `[ms since 1970 UTC, value]`, oldest first, thinned out in
    their shape; `low` and `high` are the limits that held when it was pinned.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "entry_id", "comment_id"],
            ["comment.organisation_id", "comment.entry_id", "comment.id"],
        ),
        Index(None, "organisation_id", "entry_id", "comment_id"),
        Index(None, "device_id", "signal", "from_at"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    comment_id: Mapped[UUID]
    device_id: Mapped[UUID]
    place: Mapped[int]
    number: Mapped[int]
    letter: Mapped[Word]
    signal: Mapped[Name]
    label_en: Mapped[Name]
    label_da: Mapped[Name]
    unit: Mapped[str] = mapped_column(String(40))
    from_at: Mapped[Instant]
    to_at: Mapped[Instant | None]
    value: Mapped[Any] = mapped_column(Document)
    last_value: Mapped[Any] = mapped_column(Document, nullable=True)
    points: Mapped[JsonList]
    low: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
