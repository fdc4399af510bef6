"""Tables of custody: offers of transfer, and groups of devices with what was granted on them whole."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Name, Word
from statusportal.foundation.ids import new_id


class Transfer(Base):
    """A device handed from its owner to the next. `organisation_id` is the seller; the receiver answers.

    `to_word` is what the seller wrote. One that nobody answers to makes an offer without a receiver, which waits like
    any other, so that nobody learns who is here. The history of the seller's time goes along where both said so.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
        ),
        Index(None, "device_id"),
        Index(None, "to_organisation_id"),
        scaled(Scale.REFERENCE),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    ownership_id: Mapped[UUID]
    to_word: Mapped[str] = mapped_column(String(254))
    to_organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    from_at: Mapped[Instant]
    state: Mapped[Word]
    hands_history: Mapped[bool]
    takes_history: Mapped[bool]
    offered_at: Mapped[Instant]
    offered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[Instant | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


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


class GroupShare(Base):
    """One device's grant that stands for a group's: kept in step by `custody.grouping.keep_in_step` alone."""

    __tablename__ = "group_share"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "grant_id"], ["access_grant.organisation_id", "access_grant.id"]),
        ForeignKeyConstraint(["organisation_id", "group_grant_id"], ["group_grant.organisation_id", "group_grant.id"]),
        Index(None, "organisation_id", "group_grant_id"),
        scaled(Scale.REFERENCE),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    grant_id: Mapped[UUID] = mapped_column(primary_key=True)
    group_grant_id: Mapped[UUID]
