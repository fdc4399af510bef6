"""The table of labels; the label itself is a column of the device and never changes."""

from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Word


class PublicChoice(Base):
    """What an owner lets strangers read of a device. It stands under the ownership, so a buyer begins with nothing."""

    __tablename__ = "public_choice"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
        ),
        Index(None, "device_id"),
        scaled(Scale.REFERENCE),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    ownership_id: Mapped[UUID] = mapped_column(primary_key=True)
    level: Mapped[Word]
    changed_at: Mapped[Instant]
