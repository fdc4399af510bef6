"""Verbs of groups: devices that an organisation names together, and what is granted on all of them at once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import Right
from statusportal.audit.service import record_act
from statusportal.custody.granting import put_grant, refuse_again, refuse_own, take_back
from statusportal.custody.models import GroupShare
from statusportal.custody.vocabulary import Opening, Receiver, ReceiverKind
from statusportal.fleet.models import AccessGrant, Ownership
from statusportal.fleet.queries import device_for
from statusportal.fleet.service import present_ownership
from statusportal.foundation.errors import Faults, Invalid, NotFound, Sentence
from statusportal.groups.errors import GroupNameTaken
from statusportal.groups.models import DeviceGroup, DeviceGroupMember, GroupGrant
from statusportal.groups.queries import granted_to, group_for
from statusportal.work import Work


def create_group(work: Work, organisation_id: UUID, name: str) -> DeviceGroup:
    """Name a group, empty at first.

    Raises: Forbidden, Invalid, GroupNameTaken.
    """
    require(work.actor, Permission.DEVICE_SHARE, organisation_id)
    row = DeviceGroup(
        organisation_id=organisation_id, name=_free_name(work, organisation_id, name), created_at=work.now
    )
    work.session.add(row)
    work.session.flush()
    record_act(work, "group.created", "device_group", row.id, organisation_id=organisation_id)
    return row


def rename_group(work: Work, group_id: UUID, name: str) -> DeviceGroup:
    """Call a group something else; its devices, and what was granted on them, stay.

    Raises: NotFound, Invalid, GroupNameTaken.
    """
    group = group_for(work, group_id)
    wanted = name.strip()
    if wanted != group.name:
        group.name = _free_name(work, group.organisation_id, wanted)
        work.session.flush()
        record_act(work, "group.renamed", "device_group", group.id, organisation_id=group.organisation_id)
    return group


def remove_group(work: Work, group_id: UUID) -> None:
    """Take a group apart: what was granted on it ends at once. Its devices stay.

    Raises: NotFound.
    """
    group = group_for(work, group_id)
    for grant in work.session.scalars(select(GroupGrant).where(*_grants(group))).all():
        end_group_grant(work, grant)
        for share in work.session.scalars(select(GroupShare).where(*_shares(grant))).all():
            work.session.delete(share)
        work.session.flush()
        work.session.delete(grant)
    for member in work.session.scalars(select(DeviceGroupMember).where(*_members(group))).all():
        work.session.delete(member)
    work.session.flush()
    work.session.delete(group)
    record_act(work, "group.removed", "device_group", group.id, organisation_id=group.organisation_id)


def add_to_group(work: Work, group_id: UUID, device_id: UUID) -> None:
    """Put a device of the group's organisation into it: who was let at the group is let at the device from now on.

    Raises: NotFound, Forbidden, Invalid for a device of somebody else.
    """
    group = group_for(work, group_id)
    ownership = present_ownership(work, device_for(work, device_id), Permission.DEVICE_SHARE)
    if ownership.organisation_id != group.organisation_id:
        raise Invalid.field("/device", Sentence("belongs to another organisation"))
    row = work.session.get(DeviceGroupMember, (group.organisation_id, group.id, device_id))
    if row is None:
        row = DeviceGroupMember(organisation_id=group.organisation_id, group_id=group.id, device_id=device_id)
        work.session.add(row)
    row.ownership_id, row.added_at = ownership.id, work.now
    work.session.flush()
    _record(work, "group.device_added", group, device_id)
    keep_in_step(work, group)


def take_from_group(work: Work, group_id: UUID, device_id: UUID) -> None:
    """Take a device out of a group: what came to it with the group ends at once.

    Raises: NotFound, also for a device that is not in the group.
    """
    group = group_for(work, group_id)
    row = work.session.get(DeviceGroupMember, (group.organisation_id, group.id, device_id))
    if row is None:
        raise NotFound
    work.session.delete(row)
    work.session.flush()
    _record(work, "group.device_taken", group, device_id)
    keep_in_step(work, group)


def grant_group(
    work: Work,
    group_id: UUID,
    receiver: Receiver,
    rights: Right,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
    kind: ReceiverKind | None = None,
) -> GroupGrant:
    """Let somebody at every device of a group, those that join later too, each from when it joined.

    Raises: NotFound, Invalid.
    """
    group = group_for(work, group_id)
    begins = from_at or work.now
    if to_at is not None and to_at <= max(begins, work.now):
        raise Invalid.field("/to_at", Sentence("must lie ahead, after the beginning"))
    refuse_own(work, group.organisation_id, receiver)
    standing = work.session.scalars(select(GroupGrant).where(*_grants(group), GroupGrant.revoked_at.is_(None)))
    refuse_again(
        Opening(receiver, (rights | Right.VIEW).value, begins, to_at),
        [Opening(granted_to(one), one.rights, one.from_at, one.to_at) for one in standing],
    )
    row = GroupGrant(
        organisation_id=group.organisation_id,
        group_id=group.id,
        to_word=receiver.word,
        to_kind=kind.value if kind else None,
        to_organisation_id=receiver.organisation_id,
        to_person_id=receiver.person_id,
        rights=(rights | Right.VIEW).value,
        from_at=begins,
        to_at=to_at,
        created_at=work.now,
        created_by=work.actor.person_id,
    )
    work.session.add(row)
    work.session.flush()
    receiver_id = str(row.to_organisation_id or row.to_person_id or "unknown")
    codes: dict[str, str | float | None] = {"grant_id": str(row.id), "rights": row.rights, "receiver": receiver_id}
    record_act(work, "group.granted", "device_group", group.id, organisation_id=group.organisation_id, **codes)
    keep_in_step(work, group)
    return row


def revoke_group_grant(work: Work, group_id: UUID, grant_id: UUID) -> None:
    """End at once what was granted on a group, on each of its devices.

    Raises: NotFound, also for a grant of another group.
    """
    group = group_for(work, group_id)
    row = work.session.get(GroupGrant, (group.organisation_id, grant_id))
    if row is None or row.group_id != group.id:
        raise NotFound
    end_group_grant(work, row)
    codes: dict[str, str | float | None] = {"grant_id": str(row.id)}
    record_act(work, "group.grant_revoked", "device_group", group.id, organisation_id=group.organisation_id, **codes)


def keep_in_step(work: Work, group: DeviceGroup) -> None:
    """Give each device of a group one grant for each that stands on the group, and end those of devices that left."""
    members = {row.ownership_id: row for row in work.session.scalars(select(DeviceGroupMember).where(*_members(group)))}
    standing = work.session.scalars(select(GroupGrant).where(*_grants(group), GroupGrant.revoked_at.is_(None)))
    for grant in standing.all():
        given = {row.ownership_id: row for row in work.session.scalars(_given(grant))}
        for ownership_id in given.keys() - members.keys():
            take_back(work, given[ownership_id])
        for ownership_id in members.keys() - given.keys():
            _give(work, grant, members[ownership_id])


def _free_name(work: Work, organisation_id: UUID, name: str) -> str:
    """Return a name as it is kept, when no group of the organisation has it."""
    faults = Faults()
    clean = faults.line("/name", name, most=200)
    faults.close()
    known = select(DeviceGroup.id).where(DeviceGroup.organisation_id == organisation_id, DeviceGroup.name == clean)
    if work.session.scalar(known) is not None:
        raise GroupNameTaken(Sentence("There is a group of this name already."))
    return clean


def _give(work: Work, grant: GroupGrant, member: DeviceGroupMember) -> None:
    """Let the receiver at one device: from when the grant and the ownership began, or from when it joined, if later."""
    key = (member.organisation_id, member.device_id, member.ownership_id)
    ownership = work.session.get_one(Ownership, key)
    joined_later = member.added_at > grant.created_at
    from_at = max(grant.from_at, ownership.from_at, member.added_at if joined_later else grant.from_at)
    if grant.to_at is not None and grant.to_at <= from_at:
        return
    row = AccessGrant(
        device_id=member.device_id, rights=grant.rights, from_at=from_at, to_at=grant.to_at, to_kind=grant.to_kind
    )
    put_grant(work, ownership, Receiver(grant.to_word, grant.to_organisation_id, grant.to_person_id), row)
    work.session.add(GroupShare(organisation_id=row.organisation_id, grant_id=row.id, group_grant_id=grant.id))
    work.session.flush()


def end_group_grant(work: Work, grant: GroupGrant) -> None:
    """End a group's grant on each of its devices, for a verb that has asked the right to."""
    grant.revoked_at = grant.revoked_at or work.now
    for row in work.session.scalars(_given(grant)).all():
        take_back(work, row)


def _given(grant: GroupGrant) -> Select[AccessGrant]:
    shared = select(GroupShare.grant_id).where(*_shares(grant))
    return select(AccessGrant).where(
        AccessGrant.organisation_id == grant.organisation_id,
        AccessGrant.id.in_(shared),
        AccessGrant.revoked_at.is_(None),
    )


def _members(group: DeviceGroup) -> tuple[ColumnElement[bool], ...]:
    return DeviceGroupMember.organisation_id == group.organisation_id, DeviceGroupMember.group_id == group.id


def _grants(group: DeviceGroup) -> tuple[ColumnElement[bool], ...]:
    return GroupGrant.organisation_id == group.organisation_id, GroupGrant.group_id == group.id


def _shares(grant: GroupGrant) -> tuple[ColumnElement[bool], ...]:
    return GroupShare.organisation_id == grant.organisation_id, GroupShare.group_grant_id == grant.id


def _record(work: Work, act: str, group: DeviceGroup, device_id: UUID) -> None:
    codes: dict[str, str | float | None] = {"device_id": str(device_id)}
    record_act(work, act, "device_group", group.id, organisation_id=group.organisation_id, **codes)
