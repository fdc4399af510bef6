"""Reads of groups: one, mine, what is in it, and what was granted on it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.catalogue.models import DeviceModel
from statusportal.custody.models import GroupShare
from statusportal.custody.vocabulary import Receiver
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.policy import name_at, owned_at
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.groups.models import DeviceGroup, DeviceGroupMember, GroupGrant
from statusportal.groups.policy import visible_groups
from statusportal.work import Work

MOST_FOUND = 50


def group_for(work: Work, group_id: UUID) -> DeviceGroup:
    """Return a group of an organisation in which the actor decides who gets in.

    Raises: NotFound, Forbidden for staff who let nobody in.
    """
    row = work.session.scalar(select(DeviceGroup).where(DeviceGroup.id == group_id, visible_groups(work.actor)))
    if row is None:
        raise NotFound
    require(work.actor, Permission.DEVICE_SHARE, row.organisation_id)
    return row


def my_groups(work: Work, organisation_id: UUID | None = None) -> Sequence[tuple[DeviceGroup, int]]:
    """List groups by name, of one organisation or of all that the actor decides for, with how many devices are in."""
    members = (
        select(func.count())
        .where(
            DeviceGroupMember.organisation_id == DeviceGroup.organisation_id,
            DeviceGroupMember.group_id == DeviceGroup.id,
            *_still_owned(work),
        )
        .scalar_subquery()
    )
    query = select(DeviceGroup, members).where(visible_groups(work.actor))
    if organisation_id is not None:
        query = query.where(DeviceGroup.organisation_id == organisation_id)
    return [(group, count) for group, count in work.session.execute(query.order_by(DeviceGroup.name, DeviceGroup.id))]


def devices_in_group(work: Work, group: DeviceGroup, wanted: Slice) -> Page[Device]:
    """List the devices of a group that its organisation still has, by name."""
    query = select(Device).where(Device.id.in_(_members(work, group)))
    if position := wanted.position(str, UUID):
        name, device_id = position
        query = query.where(or_(Device.name > name, and_(Device.name == name, Device.id > device_id)))
    ordered = query.order_by(Device.name, Device.id).limit(wanted.limit + 1)
    return page_of(work.session.scalars(ordered).all(), wanted, lambda row: (row.name, row.id))


def device_ids_of_group(work: Work, group: DeviceGroup) -> Sequence[UUID]:
    """Return the ids of all devices of a group that its organisation still has, for an act on each of them."""
    return work.session.scalars(_members(work, group)).all()


def count_in_group(work: Work, group: DeviceGroup) -> int:
    """Count the devices of a group that its organisation still has."""
    return work.session.scalar(select(func.count()).select_from(_members(work, group).subquery())) or 0


def find_in_group(work: Work, group: DeviceGroup, q: str) -> Sequence[Device]:
    """Find devices of a group by a part of their name or serial number: MOST_FOUND by name, and one more if any."""
    return _found(work, q, Device.id.in_(_members(work, group)))


def find_outside_group(work: Work, group: DeviceGroup, q: str) -> Sequence[Device]:
    """Find devices that the group's organisation has now and that could join it: MOST_FOUND, and one more if any."""
    owned = select(Ownership.device_id).where(Ownership.organisation_id == group.organisation_id, owned_at(work.now))
    return _found(work, q, Device.id.in_(owned) & Device.id.not_in(_members(work, group)))


def grants_of_group(work: Work, group: DeviceGroup) -> Sequence[GroupGrant]:
    """List what was granted on a group as a whole, the newest first; ended ones too."""
    query = select(GroupGrant).where(
        GroupGrant.organisation_id == group.organisation_id, GroupGrant.group_id == group.id
    )
    return work.session.scalars(query.order_by(GroupGrant.created_at.desc(), GroupGrant.id.desc())).all()


def grants_of_groups(work: Work, grant_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of the given grants that stand for a group's."""
    query = select(GroupShare.grant_id).where(GroupShare.grant_id.in_(grant_ids))
    return frozenset(work.session.scalars(query))


def granted_to(row: GroupGrant) -> Receiver:
    """Return whom a group's grant is for."""
    return Receiver(row.to_word, row.to_organisation_id, row.to_person_id)


def _members(work: Work, group: DeviceGroup) -> Select[UUID]:
    return select(DeviceGroupMember.device_id).where(
        DeviceGroupMember.organisation_id == group.organisation_id,
        DeviceGroupMember.group_id == group.id,
        *_still_owned(work),
    )


def _found(work: Work, q: str, where: ColumnElement[bool]) -> Sequence[Device]:
    name = name_at(work.now)
    query = select(Device).join(DeviceModel, DeviceModel.id == Device.model_id).where(where)
    if q:
        query = query.where(or_(Device.serial.icontains(q, autoescape=True), name.icontains(q, autoescape=True)))
    return work.session.scalars(query.order_by(name, Device.id).limit(MOST_FOUND + 1)).all()


def _still_owned(work: Work) -> tuple[ColumnElement[bool], ...]:
    """Keep members of groups whose device still belongs to the organisation, under the ownership it came in by."""
    held = select(Ownership.id).where(
        Ownership.organisation_id == DeviceGroupMember.organisation_id,
        Ownership.device_id == DeviceGroupMember.device_id,
        Ownership.id == DeviceGroupMember.ownership_id,
        or_(Ownership.to_at.is_(None), Ownership.to_at > work.now),
    )
    return (held.exists(),)
