"""Tables of sharing."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from statusportal.accounts.models import Person
from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Digest, Instant, Name, Word
from statusportal.foundation.ids import new_id


class ShareLink(Base):
    """One device, or one entry of it, opened by an address. The address went out once, and only its digest stays.

    It stands under the ownership in which it was made. `to_name` is for whom its maker made it, `mail_to` where its
    letter goes, and `mailed_at` when that was written.
    """

    __tablename__ = "share_link"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
        ),
        ForeignKeyConstraint(
            ["organisation_id", "entry_id"], ["status_entry.organisation_id", "status_entry.id"], ondelete="CASCADE"
        ),
        CheckConstraint("expires_at > created_at", name="time_forward"),
        Index(None, "secret_digest"),
        Index(None, "id"),
        Index(None, "device_id", "created_at"),
        Index(None, "created_by", "created_at"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    device_id: Mapped[UUID]
    ownership_id: Mapped[UUID]
    entry_id: Mapped[UUID | None]
    scope: Mapped[Word]
    secret_digest: Mapped[Digest]
    to_name: Mapped[Name] = mapped_column(default="")
    mail_to: Mapped[str | None] = mapped_column(String(254))
    mailed_at: Mapped[Instant | None]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    opened_count: Mapped[int] = mapped_column(default=0)
    first_opened_at: Mapped[Instant | None]
    last_opened_at: Mapped[Instant | None]

    maker: Mapped[Person] = relationship(foreign_keys=created_by, viewonly=True, lazy="raise_on_sql")


class LinkOpening(Base):
    """One browser in which a link's address was followed. Its own secret is what the cookie holds."""

    __tablename__ = "link_opening"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "link_id"], ["share_link.organisation_id", "share_link.id"], ondelete="CASCADE"
        ),
        Index(None, "secret_digest"),
        Index(None, "link_id", "opened_at"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    link_id: Mapped[UUID]
    secret_digest: Mapped[Digest]
    opened_at: Mapped[Instant]
    screen: Mapped[Word]
