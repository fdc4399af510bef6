"""Tables of groups. That a device's grant stands for a group's, custody's `group_share` says."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Name, Word
from statusportal.fleet.vocabulary import GrantState, state_of_grant
from statusportal.foundation.ids import new_id


class DeviceGroup(Base):
    """Devices that an organisation names together. Who is in it stands in `device_group_member`."""

    __tablename__ = "device_group"
    __table_args__ = (UniqueConstraint("organisation_id", "name"), scaled(Scale.REFERENCE))

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[Name]
    created_at: Mapped[Instant]


class DeviceGroupMember(Base):
    """A device in a group, under the ownership by which it came in: what is sold is in no group of the seller's."""

    __tablename__ = "device_group_member"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "group_id"], ["device_group.organisation_id", "device_group.id"]),
        ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
        ),
        Index(None, "device_id"),
        scaled(Scale.REFERENCE),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    group_id: Mapped[UUID] = mapped_column(primary_key=True)
    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    ownership_id: Mapped[UUID]
    added_at: Mapped[Instant]


class GroupGrant(Base):
    """What was granted on a whole group. It opens nothing by itself: each device of the group has a grant of it."""

    __tablename__ = "group_grant"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "group_id"], ["device_group.organisation_id", "device_group.id"]),
        CheckConstraint("to_organisation_id IS NULL OR to_person_id IS NULL", name="one_receiver"),
        CheckConstraint("rights > 0", name="rights_given"),
        Index(None, "organisation_id", "group_id"),
        scaled(Scale.REFERENCE),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    group_id: Mapped[UUID]
    to_word: Mapped[str] = mapped_column(String(254))
    to_kind: Mapped[Word | None]
    to_organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    to_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    rights: Mapped[int]
    from_at: Mapped[Instant]
    to_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    def state_at(self, now: datetime) -> GrantState:
        """Tell whether it opens something at an instant."""
        return state_of_grant(now, self.from_at, self.to_at, self.revoked_at)
