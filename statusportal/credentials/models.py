"""The table of credentials. It is a reference table: small, and asked at every request of a machine."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Digest, Instant, Name, Word
from statusportal.foundation.ids import new_id


class DeviceCredential(Base):
    """A machine's token, shown once, or the fingerprint of its certificate. A gateway's speaks for its organisation.

    A token that replaces another ends it at its own first use. `starts_at` and `expires_at` bound a certificate;
    a token ends at `expires_at` only where its owner gave it a last hour beside its successor.
    """

    __tablename__ = "device_credential"
    __table_args__ = (
        CheckConstraint("(kind = 'gateway') = (device_id IS NULL)", name="device_named"),
        ForeignKeyConstraint(
            ["organisation_id", "replaces_id"], ["device_credential.organisation_id", "device_credential.id"]
        ),
        Index(None, "device_id"),
        scaled(Scale.REFERENCE),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[Word]
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"))
    name: Mapped[Name]
    secret_digest: Mapped[Digest] = mapped_column(unique=True)
    replaces_id: Mapped[UUID | None]
    starts_at: Mapped[Instant | None]
    expires_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    used_at: Mapped[Instant | None]
