"""The outbox: reactions written in the transaction of their cause and delivered after it."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Json, PrimaryId


class OutboxMessage(Base):
    """One reaction that one listener has yet to carry out; the row goes when it has."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index(None, "next_try_at"), scaled(Scale.LOCAL))

    id: Mapped[PrimaryId]
    listener: Mapped[str] = mapped_column(String(100))
    event: Mapped[str] = mapped_column(String(100))
    payload: Mapped[Json]
    created_at: Mapped[Instant]
    next_try_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(default=0)
