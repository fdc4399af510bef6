"""Who sees a device and what arose on it, and who may change it. Everything is bounded by time.

An owner sees the device while it is theirs, and afterwards what arose while it was. A grant opens nothing once it has
ended or was revoked; while it is valid it opens what arose in its own time and in the ownership it was given under.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import EVERYONE, declare
from statusportal.access.vocabulary import ActorKind, MemberRole, Right, Role, StaffRole
from statusportal.fleet.models import AccessGrant, Device, Ownership

_STEWARDS: list[Role] = [MemberRole.CUSTOMER_ADMIN, StaffRole.SUPPORT, StaffRole.ADMIN]

declare(
    {
        Permission.DEVICE_VIEW: EVERYONE,
        Permission.DEVICE_RENAME: [*_STEWARDS, StaffRole.ENGINEER],
        Permission.DEVICE_SHARE: _STEWARDS,
        Permission.DEVICE_ADMINISTER: [StaffRole.SUPPORT, StaffRole.ADMIN],
        Permission.CREDENTIAL_ADMINISTER: _STEWARDS,
    }
)

Column = ColumnElement[UUID] | InstrumentedAttribute[UUID]
When = ColumnElement[datetime] | InstrumentedAttribute[datetime]


def visible_devices(actor: Actor, at: datetime) -> ColumnElement[bool]:
    """Limit to devices of which the actor has any time, past or present; staff and the portal's jobs have all."""
    if actor.is_operator:
        return true()
    if actor.kind is ActorKind.MACHINE:
        return _devices_of_machine(actor, at)
    owned = select(Ownership.device_id).where(
        Ownership.organisation_id.in_(actor.organisations), Ownership.from_at <= at
    )
    granted = select(AccessGrant.device_id).join(Ownership, granted_ownership()).where(valid_grants(actor, at))
    return or_(Device.id.in_(owned), Device.id.in_(granted))


def present_devices(actor: Actor, at: datetime) -> ColumnElement[bool]:
    """Limit to devices that the actor may look at as they are now: a former owner may not."""
    if actor.is_operator:
        return true()
    if actor.kind is ActorKind.MACHINE:
        return _devices_of_machine(actor, at)
    owned = select(Ownership.device_id).where(
        Ownership.organisation_id.in_(actor.organisations), _spans(Ownership.from_at, Ownership.to_at, at)
    )
    granted = (
        select(AccessGrant.device_id)
        .join(Ownership, granted_ownership())
        .where(valid_grants(actor, at), _spans(Ownership.from_at, Ownership.to_at, at))
    )
    return or_(Device.id.in_(owned), Device.id.in_(granted))


def rows_visible_to(
    actor: Actor, organisation_column: Column, device_column: Column, at_column: When, now: datetime
) -> ColumnElement[bool]:
    """Limit rows that arose under an organisation, on a device, at a time, to those the actor may read.

    Shape: one's own organisation's rows, or rows in the time of a valid grant with VIEW and of the ownership it was
    given under. Staff read all; machines none.
    """
    if actor.is_operator:
        return true()
    if actor.kind is not ActorKind.PERSON:
        return false()
    covered = exists(
        select(AccessGrant.id)
        .join(Ownership, granted_ownership())
        .where(
            valid_grants(actor, now),
            AccessGrant.organisation_id == organisation_column,
            AccessGrant.device_id == device_column,
            _spans(AccessGrant.from_at, AccessGrant.to_at, at_column),
            _spans(Ownership.from_at, Ownership.to_at, at_column),
        )
    )
    return or_(organisation_column.in_(actor.organisations), covered)


def valid_grants(actor: Actor, now: datetime, right: Right = Right.VIEW) -> ColumnElement[bool]:
    """Limit to grants that give the actor, or an organisation of theirs, the right now."""
    return and_(
        or_(AccessGrant.to_organisation_id.in_(actor.organisations), AccessGrant.to_person_id == actor.person_id),
        AccessGrant.revoked_at.is_(None),
        _spans(AccessGrant.from_at, AccessGrant.to_at, now),
        AccessGrant.rights.bitwise_and(right.value) == right.value,
    )


def visible_grants(actor: Actor) -> ColumnElement[bool]:
    """Limit to grants that the actor's organisations gave; receivers see devices, not the giver's papers."""
    if actor.is_operator:
        return true()
    return AccessGrant.organisation_id.in_(actor.organisations)


def owned_at(at: datetime | When) -> ColumnElement[bool]:
    """Limit ownerships to those that hold at an instant."""
    return _spans(Ownership.from_at, Ownership.to_at, at)


def granted_ownership() -> ColumnElement[bool]:
    """Join a grant to the ownership it was given under."""
    return and_(
        Ownership.organisation_id == AccessGrant.organisation_id,
        Ownership.device_id == AccessGrant.device_id,
        Ownership.id == AccessGrant.ownership_id,
    )


def _devices_of_machine(actor: Actor, at: datetime) -> ColumnElement[bool]:
    if actor.device_id is not None:
        return Device.id == actor.device_id
    behind_gateway = select(Ownership.device_id).where(Ownership.organisation_id == actor.gateway_of, owned_at(at))
    return Device.id.in_(behind_gateway)


def _spans(
    from_at: InstrumentedAttribute[datetime], to_at: InstrumentedAttribute[datetime | None], at: datetime | When
) -> ColumnElement[bool]:
    return and_(from_at <= at, or_(to_at.is_(None), to_at > at))
