"""Tables of the fleet. All are reference tables: small, and joined by everything."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from statusportal.catalogue.models import DeviceModel
from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Name, PrimaryId, Word
from statusportal.fleet.vocabulary import GrantState, state_of_grant
from statusportal.foundation.ids import new_id


class Device(Base):
    """One serialised machine. Who has it stands in `ownership`, never here.

    Name, site and firmware are the present owner's words. From `words_until` on, the instant of a transfer, they are
    nobody's any more and are not shown, until the next owner finds their own.
    """

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("model_id", "serial"), Index(None, "serial"), scaled(Scale.REFERENCE))

    id: Mapped[PrimaryId]
    model_id: Mapped[UUID] = mapped_column(ForeignKey("device_model.id"))
    serial: Mapped[str] = mapped_column(String(100))
    name: Mapped[Name]
    site: Mapped[Name] = mapped_column(default="")
    firmware: Mapped[str] = mapped_column(String(60), default="")
    installed_on: Mapped[date | None]
    label: Mapped[str] = mapped_column(String(60), unique=True)
    created_at: Mapped[Instant]
    words_until: Mapped[Instant | None]

    model: Mapped[DeviceModel] = relationship(lazy="joined", innerjoin=True)

    def name_at(self, at: datetime) -> str:
        """Say what it is called at an instant: its owner's name, or model and serial."""
        return self.name if self.has_words_at(at) else f"{self.model.name} {self.serial}"

    def has_words_at(self, at: datetime) -> bool:
        """Tell whether name, site and firmware are still somebody's words at an instant."""
        return self.words_until is None or at < self.words_until


class Ownership(Base):
    """A device belongs to an organisation from `from_at` (inclusive) to `to_at` (exclusive; None: still).

    With `confidential_at` set, that time of the device is for the organisation's administrators alone, and for whoever
    they let in by name.
    """

    __tablename__ = "ownership"
    __table_args__ = (
        Index(
            "uq_ownership_open",
            "device_id",
            unique=True,
            sqlite_where=text("to_at IS NULL"),
            postgresql_where=text("to_at IS NULL"),
        ),
        Index(
            "ix_ownership_confidential",
            "organisation_id",
            "device_id",
            sqlite_where=text("confidential_at IS NOT NULL"),
            postgresql_where=text("confidential_at IS NOT NULL"),
        ),
        Index(None, "device_id", "from_at"),
        CheckConstraint("to_at IS NULL OR to_at > from_at", name="period_forward"),
        scaled(Scale.REFERENCE),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    from_at: Mapped[Instant]
    to_at: Mapped[Instant | None]
    confidential_at: Mapped[Instant | None]


class OrganisationSharing(Base):
    """How an organisation shares its devices inside, and whom it stands under. Without a row: members, under nobody.

    `roles` is the sum of `ROLE_BITS`, read in the mode by_role alone.
    """

    __tablename__ = "organisation_sharing"
    __table_args__ = (Index(None, "parent_id"), scaled(Scale.REFERENCE))

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    mode: Mapped[Word]
    roles: Mapped[int]


class AccessGrant(Base):
    """An owner lets another organisation, or a person, at the device for a time. `rights` is the integer of `Right`.

    From `from_at` (inclusive) to `to_at` (exclusive; None: open) it also bounds which rows it opens: those that arose
    in that time and in the granting ownership. It ends with that ownership. One of history, with `opens_at` set, opens
    from that instant and lives on when the ownership is over.

    `to_word` is what the giver wrote. A word that nobody answers to makes a grant without a receiver, which opens
    nothing, so that nobody learns who is here. `under_grant_id` is the grant by whose MANAGE this one was given.
    """

    __tablename__ = "access_grant"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
        ),
        ForeignKeyConstraint(
            ["organisation_id", "under_grant_id"], ["access_grant.organisation_id", "access_grant.id"]
        ),
        CheckConstraint("to_organisation_id IS NULL OR to_person_id IS NULL", name="one_receiver"),
        CheckConstraint("rights > 0", name="rights_given"),
        Index(None, "to_organisation_id", "device_id"),
        Index(None, "to_person_id", "device_id"),
        Index(None, "device_id"),
        scaled(Scale.REFERENCE),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    ownership_id: Mapped[UUID]
    to_organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    to_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    to_word: Mapped[str | None] = mapped_column(String(254))
    to_kind: Mapped[Word | None]
    under_grant_id: Mapped[UUID | None]
    rights: Mapped[int]
    from_at: Mapped[Instant]
    to_at: Mapped[Instant | None]
    opens_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    def state_at(self, now: datetime) -> GrantState:
        """Tell whether it opens something at an instant; that its ownership is over, it does not know."""
        return state_of_grant(now, self.opens_at or self.from_at, self.to_at, self.revoked_at)
