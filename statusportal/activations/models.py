"""The table of activations. Like samples they carry no organisation: they are reached through what stands for them."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Json, Milliseconds, Word


class Activation(Base):
    """One time that a condition was active, or the machine silent, with its true begin and end.

    `entry_id` is the entry that stands for it, through which people read it.
    """

    __tablename__ = "activation"
    __table_args__ = (Index(None, "device_id", "entry_id"), scaled(Scale.BY_DEVICE))

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    from_ms: Mapped[Milliseconds] = mapped_column(primary_key=True, autoincrement=False)
    to_ms: Mapped[Milliseconds | None]
    ownership_id: Mapped[UUID]
    entry_id: Mapped[UUID | None]
    health: Mapped[Word]
    reason: Mapped[Json]
    ended: Mapped[Json | None]
