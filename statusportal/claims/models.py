"""The table of claims."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Digest, Instant
from statusportal.foundation.ids import new_id


class ClaimSecret(Base):
    """A one-time secret for a machine in stock; only its digest stays.

    It stands under the ownership of the operator in which it was made, so a machine that was sold and came back is not
    opened by a slip from before.
    """

    __tablename__ = "claim_secret"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
        ),
        CheckConstraint("expires_at > created_at", name="period_forward"),
        CheckConstraint("used_at IS NULL OR revoked_at IS NULL", name="one_end"),
        Index(None, "device_id", "created_at"),
        scaled(Scale.REFERENCE),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    ownership_id: Mapped[UUID]
    secret_digest: Mapped[Digest] = mapped_column(unique=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]
