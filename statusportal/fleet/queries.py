"""Reads of the fleet."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, require
from statusportal.access.vocabulary import ActorKind, MemberRole, Right
from statusportal.fleet.models import AccessGrant, Device, OrganisationSharing, Ownership
from statusportal.fleet.policy import (
    granted_ownership,
    grants_in_force,
    open_ownerships,
    owned_at,
    present_devices,
    valid_grants,
    visible_devices,
)
from statusportal.fleet.vocabulary import EVERY_RIGHT, Period, WordsSeen
from statusportal.foundation.errors import Forbidden, NotFound
from statusportal.work import Work


def device_for(work: Work, device_id: UUID) -> Device:
    """Return a device of which the actor has any time, past or present.

    Raises: NotFound.
    """
    found = work.session.scalar(select(Device).where(Device.id == device_id, visible_devices(work.actor, work.now)))
    if found is None:
        raise NotFound
    work.seen.add(("device", found.id, None))
    return found


def find_present_device(work: Work, device_id: UUID) -> Device | None:
    """Return a device that the actor may look at as it is now; a former owner may not."""
    return work.session.scalar(select(Device).where(Device.id == device_id, present_devices(work.actor, work.now)))


def words_seen(work: Work, devices: Iterable[Device], present: Collection[UUID] | None = None) -> dict[UUID, WordsSeen]:
    """Return what each device is called, as far as the actor may know: one query, whatever their number.

    Name, site and firmware are the present owner's words and ways. Who had the device once, or reads under an entry of
    a time that is over, knows it by model and serial. Shape: `present` are those that the actor was found to look at as
    they are now; without it that is asked.
    """
    found = {device.id: device for device in devices}
    if present is None:
        query = select(Device.id).where(Device.id.in_(list(found)), present_devices(work.actor, work.now))
        present = set(found) if work.actor.is_operator else set(work.session.scalars(query))
    return {
        device.id: WordsSeen(device.name, device.site, device.firmware, device.installed_on)
        if device.id in present and device.has_words_at(work.now)
        else WordsSeen(f"{device.model.name} {device.serial}")
        for device in found.values()
    }


def devices_by_id(work: Work, device_ids: Iterable[UUID]) -> dict[UUID, Device]:
    """Return those of the given devices that the actor may see."""
    query = select(Device).where(Device.id.in_(set(device_ids)), visible_devices(work.actor, work.now))
    return {row.id: row for row in work.session.scalars(query)}


def periods_of(work: Work, device_id: UUID) -> list[Period]:
    """Return the times of a device that the actor may look at, the oldest first; they may overlap.

    Shape: each ownership that is open to the actor, and each valid grant with VIEW cut to the ownership it was given
    under. Staff and the portal's jobs have every ownership, a machine those of the organisation it speaks for.
    """
    return work.once(("periods", device_id), lambda: periods_of_many(work, [device_id])[device_id])


def periods_of_many(work: Work, device_ids: Iterable[UUID]) -> dict[UUID, list[Period]]:
    """Return `periods_of` for each of many devices, in two queries; a device without any has an empty list."""
    actor = work.actor
    wanted = set(device_ids)
    periods: dict[UUID, list[Period]] = {device_id: [] for device_id in wanted}
    if actor.link is not None:
        link = actor.link
        shown = Period(link.organisation_id, link.ownership_id, link.from_at, link.to_at, link.rights)
        return periods | {device_id: [shown] for device_id in wanted & {link.device_id}}
    owned = select(Ownership).where(Ownership.device_id.in_(wanted), Ownership.from_at <= work.now)
    if not actor.is_operator:
        owned = owned.where(_ownership_seen_by(actor))
    for row in work.session.scalars(owned):
        is_own = actor.is_operator or row.organisation_id not in actor.sites - actor.organisations
        rights = EVERY_RIGHT if is_own else Right.VIEW
        period = Period(row.organisation_id, row.id, row.from_at, row.to_at, rights, is_own)
        periods[row.device_id].append(period)
    if actor.granting and not actor.is_operator:
        for device_id, period in _granted_periods(work, wanted):
            periods[device_id].append(period)
    for found in periods.values():
        found.sort(key=lambda period: (period.from_at, period.ownership_id))
    return periods


def ownership_at(work: Work, device_id: UUID, at: datetime) -> Ownership | None:
    """Return who has a device at an instant, for the portal's own jobs; others find only what the walls let through."""
    return ownerships_at(work, [device_id], at).get(device_id)


def ownership_holds(work: Work, device_id: UUID, ownership_id: UUID) -> bool:
    """Tell whether the ownership under which something arose is still the present one: what is said of it is of now."""
    present = ownership_at(work, device_id, work.now)
    return present is not None and present.id == ownership_id


def ownerships_at(work: Work, device_ids: Iterable[UUID], at: datetime) -> dict[UUID, Ownership]:
    """Return who has each of many devices at an instant; a device that nobody has is missing."""
    query = select(Ownership).where(Ownership.device_id.in_(set(device_ids)), owned_at(at))
    return {row.device_id: row for row in work.session.scalars(query)}


def ownerships_of(work: Work, device_id: UUID) -> Sequence[Ownership]:
    """List a device's owners through time, for staff; an organisation sees its own times.

    Raises: NotFound.
    """
    device = device_for(work, device_id)
    query = select(Ownership).where(Ownership.device_id == device.id).order_by(Ownership.from_at)
    if not work.actor.is_operator:
        query = query.where(open_ownerships(work.actor))
    return work.session.scalars(query).all()


def devices_by_serial(work: Work, organisation_id: UUID, serials: Iterable[str]) -> dict[str, Device]:
    """Return the organisation's present devices by serial number, for gateways and connections.

    Two models may share a serial; the device that came first then answers to it.
    """
    query = (
        select(Device)
        .join(Ownership, Ownership.device_id == Device.id)
        .where(Ownership.organisation_id == organisation_id, owned_at(work.now), Device.serial.in_(set(serials)))
        .order_by(Device.created_at.desc(), Device.id.desc())
    )
    return {row.serial: row for row in work.session.scalars(query)}


def sharing_of(work: Work, organisation_id: UUID) -> OrganisationSharing | None:
    """Return how an organisation shares inside and whom it stands under; None where nothing was ever chosen."""
    return work.session.get(OrganisationSharing, organisation_id)


def is_shared(work: Work, ownership_id: UUID) -> bool:
    """Tell whether anybody was let at a device under an ownership who is still let now."""
    query = (
        select(AccessGrant.id)
        .join(Ownership, granted_ownership())
        .where(AccessGrant.ownership_id == ownership_id, grants_in_force(work.now))
    )
    return work.session.scalar(query.limit(1)) is not None


def rights_on(work: Work, device_id: UUID, at: datetime, organisation_id: UUID) -> Right:
    """Return what the actor may do with what arose on a device at an instant under an organisation."""
    rights = Right(0)
    for period in periods_of(work, device_id):
        if period.organisation_id == organisation_id and period.covers(at):
            rights |= period.rights
    return rights


def may(work: Work, permission: Permission, right: Right, device_id: UUID, organisation_id: UUID, at: datetime) -> bool:
    """Tell whether the actor may do a thing with what arose on a device at an instant under an organisation.

    A role in the owner's organisation or at the operator carries it, or a grant with the right. A token made for other
    things carries nothing.
    """
    actor = work.actor
    if actor.is_operator:
        return actor_holds(actor, permission, organisation_id)
    if actor.scopes is not None and permission.value not in actor.scopes:
        return False
    covering = [one for one in periods_of(work, device_id) if one.organisation_id == organisation_id and one.covers(at)]
    by_role = any(one.is_own for one in covering) and actor_holds(actor, permission, organisation_id)
    return by_role or any(right in one.rights for one in covering if not one.is_own)


def require_right(
    work: Work, permission: Permission, right: Right, device_id: UUID, organisation_id: UUID, at: datetime
) -> None:
    """Let the work go on where `may` says so.

    Raises: Forbidden, naming who can let the actor: the owner's administrators, or the roles of staff that hold it.
    """
    if work.actor.is_operator:
        require(work.actor, permission, organisation_id)
    elif not may(work, permission, right, device_id, organisation_id, at):
        raise Forbidden(permission.value, MemberRole.CUSTOMER_ADMIN.value)


def _ownership_seen_by(actor: Actor) -> ColumnElement[bool]:
    if actor.kind is not ActorKind.MACHINE:
        return open_ownerships(actor)
    own = Ownership.organisation_id == actor.gateway_of
    return own if actor.device_id is None else own & (Ownership.device_id == actor.device_id)


def _granted_periods(work: Work, device_ids: set[UUID]) -> Iterator[tuple[UUID, Period]]:
    query = (
        select(AccessGrant, Ownership)
        .join(Ownership, granted_ownership())
        .where(AccessGrant.device_id.in_(device_ids), valid_grants(work.actor, work.now))
    )
    for grant, ownership in work.session.execute(query):
        from_at = max(grant.from_at, ownership.from_at)
        ends = [end for end in (grant.to_at, ownership.to_at) if end is not None]
        to_at = min(ends) if ends else None
        if to_at is None or from_at < to_at:
            rights = Right(grant.rights)
            yield grant.device_id, Period(grant.organisation_id, ownership.id, from_at, to_at, rights)
