"""Reads of custody: whom a word names, what was granted, what is handed over, and groups."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select

from statusportal.accounts.models import Membership, Organisation, Person
from statusportal.accounts.policy import visible_organisations, visible_people
from statusportal.custody.models import DeviceGroup, DeviceGroupMember, GroupGrant, Transfer
from statusportal.custody.policy import visible_groups, visible_transfers
from statusportal.custody.vocabulary import Receiver
from statusportal.fleet.models import AccessGrant, Device, Ownership
from statusportal.fleet.policy import granted_ownership, valid_grants, visible_grants
from statusportal.fleet.queries import device_for
from statusportal.foundation.errors import NotFound
from statusportal.work import Work

_LONGEST_WORD = 254


def organisation_named(work: Work, word: str) -> Receiver:
    """Return the organisation of that short name or id, or nobody: the asker is not told which.

    The directory is open to this one question alone, since somebody unknown must be able to receive.
    """
    clean = word.strip()[:_LONGEST_WORD]
    query = select(Organisation.id).where(or_(Organisation.slug == clean.lower(), _has_id(Organisation, clean)))
    return Receiver(clean, organisation_id=work.session.scalar(query))


def receiver_named(work: Work, word: str) -> Receiver:
    """Return the organisation or the person that a short name, an address or an id names, or nobody."""
    found = organisation_named(work, word)
    if found.organisation_id is not None:
        return found
    query = select(Person.id).where(or_(Person.email == found.word.lower(), _has_id(Person, found.word)))
    return Receiver(found.word, person_id=work.session.scalar(query))


def receiver_names(work: Work, rows: Sequence[AccessGrant | GroupGrant | Transfer]) -> Mapping[UUID, str]:
    """Return what each receiver may be called before the actor, by the row's id, in two queries.

    Names of those whom the actor sees anyway; else the word that was written, so that a name proves nobody is here.
    """
    organisations = {row.to_organisation_id for row in rows}
    people = {getattr(row, "to_person_id", None) for row in rows}
    seen = select(Organisation.id, Organisation.name).where(visible_organisations(work.actor))
    known = dict(work.session.execute(seen.where(Organisation.id.in_(organisations - {None}))).all())
    met = select(Person.id, Person.name).where(visible_people(work.actor), Person.id.in_(people - {None}))
    known |= dict(work.session.execute(met).all())
    return {row.id: known.get(_receiver_id(row), row.to_word or "") for row in rows}


def grants_of(work: Work, device_id: UUID) -> Sequence[AccessGrant]:
    """List what the actor or their organisations granted on a device, the newest first; ended ones too.

    Raises: NotFound.
    """
    device = device_for(work, device_id)
    query = select(AccessGrant).where(AccessGrant.device_id == device.id, visible_grants(work.actor))
    return work.session.scalars(query.order_by(AccessGrant.created_at.desc(), AccessGrant.id.desc())).all()


def grants_received(work: Work) -> Sequence[tuple[AccessGrant, Device, str]]:
    """List what is open to the actor by grants now, each with its device and its giver's name, by giver."""
    query = (
        select(AccessGrant, Device, Organisation.name)
        .join(Ownership, granted_ownership())
        .join(Device, Device.id == AccessGrant.device_id)
        .join(Organisation, Organisation.id == AccessGrant.organisation_id)
        .where(valid_grants(work.actor, work.now) if work.actor.person_id else false())
        .order_by(Organisation.name, Device.serial, AccessGrant.id)
    )
    return [(grant, device, name) for grant, device, name in work.session.execute(query)]


def transfer_for(work: Work, transfer_id: UUID) -> Transfer:
    """Return a transfer of either side's.

    Raises: NotFound.
    """
    query = select(Transfer).where(Transfer.id == transfer_id, visible_transfers(work.actor))
    row = work.session.scalar(query)
    if row is None:
        raise NotFound
    return row


def transfers_of(work: Work, device_id: UUID) -> Sequence[Transfer]:
    """List a device's transfers that the actor's side offered or was offered, the newest first.

    Raises: NotFound for a device of which the actor has no time.
    """
    device = device_for(work, device_id)
    query = select(Transfer).where(Transfer.device_id == device.id, visible_transfers(work.actor))
    return work.session.scalars(query.order_by(Transfer.offered_at.desc(), Transfer.id.desc())).all()


def my_transfers(work: Work) -> Sequence[tuple[Transfer, Device, str]]:
    """List what the actor's sides hand over and are offered, with the device and the seller's name, newest first."""
    query = (
        select(Transfer, Device, Organisation.name)
        .join(Device, Device.id == Transfer.device_id)
        .join(Organisation, Organisation.id == Transfer.organisation_id)
        .where(visible_transfers(work.actor))
        .order_by(Transfer.offered_at.desc(), Transfer.id.desc())
        .limit(200)
    )
    return [(transfer, device, name) for transfer, device, name in work.session.execute(query)]


def group_for(work: Work, group_id: UUID) -> DeviceGroup:
    """Return a group of an organisation in which the actor decides who gets in.

    Raises: NotFound.
    """
    row = work.session.scalar(select(DeviceGroup).where(DeviceGroup.id == group_id, visible_groups(work.actor)))
    if row is None:
        raise NotFound
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


def devices_in_group(work: Work, group: DeviceGroup) -> Sequence[Device]:
    """List the devices of a group that its organisation still has, by name."""
    query = (
        select(Device)
        .join(DeviceGroupMember, DeviceGroupMember.device_id == Device.id)
        .where(
            DeviceGroupMember.organisation_id == group.organisation_id,
            DeviceGroupMember.group_id == group.id,
            *_still_owned(work),
        )
        .order_by(Device.name, Device.id)
    )
    return work.session.scalars(query).all()


def grants_of_group(work: Work, group: DeviceGroup) -> Sequence[GroupGrant]:
    """List what was granted on a group as a whole, the newest first; ended ones too."""
    query = select(GroupGrant).where(
        GroupGrant.organisation_id == group.organisation_id, GroupGrant.group_id == group.id
    )
    return work.session.scalars(query.order_by(GroupGrant.created_at.desc(), GroupGrant.id.desc())).all()


def members_who_see(work: Work, organisation_id: UUID) -> Sequence[tuple[UUID, str, str]]:
    """List an organisation's people as (id, name, role), by name, for who counts which of them see a device."""
    query = (
        select(Person.id, Person.name, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id, Person.is_disabled.is_(False))
        .order_by(Person.name, Person.id)
    )
    return [(person_id, name, role) for person_id, name, role in work.session.execute(query)]


def _receiver_id(row: AccessGrant | GroupGrant | Transfer) -> UUID:
    found: UUID | None = row.to_organisation_id or getattr(row, "to_person_id", None)
    return found or row.id


def _still_owned(work: Work) -> tuple[ColumnElement[bool], ...]:
    """Keep members of groups whose device still belongs to the organisation, under the ownership it came in by."""
    held = select(Ownership.id).where(
        Ownership.organisation_id == DeviceGroupMember.organisation_id,
        Ownership.device_id == DeviceGroupMember.device_id,
        Ownership.id == DeviceGroupMember.ownership_id,
        or_(Ownership.to_at.is_(None), Ownership.to_at > work.now),
    )
    return (held.exists(),)


def _has_id(model: type[Organisation | Person], word: str) -> ColumnElement[bool]:
    try:
        return model.id == UUID(word)
    except ValueError:
        return false()
