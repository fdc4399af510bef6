"""Tables of credentials."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Digest, Instant, Name, Word
from statusportal.foundation.ids import new_id


class DeviceCredential(Base):
    """A machine's token, shown once. A gateway's speaks for all devices of its organisation."""

    __tablename__ = "device_credential"
    __table_args__ = (
        CheckConstraint("(kind = 'device') = (device_id IS NOT NULL)", name="device_named"),
        Index(None, "device_id"),
        scaled(Scale.REFERENCE),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[Word]
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"))
    name: Mapped[Name]
    secret_digest: Mapped[Digest] = mapped_column(unique=True)
    created_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    used_at: Mapped[Instant | None]
