"""Who sees a device and what arose on it, and who may change it. Everything is bounded by time.

An owner sees the device while it is theirs, and afterwards what arose while it was. Which of the owner's people that
is, and whether the organisations above theirs are among them, the owner's sharing mode says, and a confidential device
is kept from all but its administrators. A grant opens nothing once it has ended or was revoked; while it is valid it
opens what arose in its own time and in the ownership it was given under.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, and_, case, exists, false, literal, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from statusportal.access.actor import Actor, LinkReach
from statusportal.access.permissions import Permission
from statusportal.access.policy import EVERYONE, declare, declare_grantable, declare_lasting
from statusportal.access.vocabulary import ROLE_BITS, ActorKind, MemberRole, Right, Role, SharingMode, StaffRole
from statusportal.accounts.models import Organisation
from statusportal.catalogue.models import DeviceModel
from statusportal.fleet.models import AccessGrant, Device, OrganisationSharing, Ownership

_STEWARDS: list[Role] = [MemberRole.CUSTOMER_ADMIN, StaffRole.SUPPORT, StaffRole.ADMIN]

declare(
    {
        Permission.DEVICE_VIEW: EVERYONE,
        Permission.DEVICE_RENAME: [*_STEWARDS, StaffRole.ENGINEER],
        Permission.DEVICE_SHARE: _STEWARDS,
        Permission.DEVICE_ADMINISTER: [StaffRole.SUPPORT, StaffRole.ADMIN],
    }
)
declare_grantable({Permission.DEVICE_VIEW: Right.VIEW, Permission.DEVICE_RENAME: Right.MANAGE})
declare_lasting(Permission.DEVICE_VIEW)

Column = ColumnElement[UUID] | InstrumentedAttribute[UUID]
When = ColumnElement[datetime] | InstrumentedAttribute[datetime]


def visible_devices(actor: Actor, at: datetime) -> ColumnElement[bool]:
    """Limit to devices of which the actor has any time, past or present; staff and the portal's jobs have all."""
    if actor.is_operator:
        return true()
    if actor.kind is ActorKind.MACHINE:
        return _devices_of_machine(actor, at)
    if actor.link is not None:
        return _device_of_link(actor.link, at)
    owned = select(Ownership.device_id).where(open_ownerships(actor), Ownership.from_at <= at)
    granted = select(AccessGrant.device_id).join(Ownership, granted_ownership()).where(valid_grants(actor, at))
    return or_(Device.id.in_(owned), Device.id.in_(granted))


def present_devices(actor: Actor, at: datetime) -> ColumnElement[bool]:
    """Limit to devices that the actor may look at as they are now: a former owner may not."""
    if actor.is_operator:
        return true()
    if actor.kind is ActorKind.MACHINE:
        return _devices_of_machine(actor, at)
    if actor.link is not None:
        return _device_of_link(actor.link, at)
    owned = select(Ownership.device_id).where(open_ownerships(actor), owned_at(at))
    granted = (
        select(AccessGrant.device_id)
        .join(Ownership, granted_ownership())
        .where(valid_grants(actor, at), _spans(Ownership.from_at, Ownership.to_at, at))
    )
    return or_(Device.id.in_(owned), Device.id.in_(granted))


def rows_visible_to(
    actor: Actor,
    organisation_column: Column,
    device_column: Column,
    at_column: When,
    now: datetime,
    right: Right = Right.VIEW,
) -> ColumnElement[bool]:
    """Limit rows that arose under an organisation, on a device, at a time, to those the actor may read, or more.

    Shape: rows of organisations that are open to the actor, without those of a time that is kept confidential, or rows
    in the time of a valid grant with the right and of the ownership it was given under, or of the one device and time
    that a link opens. Staff have all; machines none.
    """
    if actor.is_operator:
        return true()
    if actor.link is not None:
        link = actor.link
        in_time = and_(at_column >= link.from_at, true() if link.to_at is None else at_column < link.to_at)
        return and_(organisation_column == link.organisation_id, device_column == link.device_id, in_time)
    if actor.kind is not ActorKind.PERSON:
        return false()
    covered = exists(
        select(AccessGrant.id)
        .join(Ownership, granted_ownership())
        .where(
            valid_grants(actor, now, right),
            AccessGrant.organisation_id == organisation_column,
            AccessGrant.device_id == device_column,
            _spans(AccessGrant.from_at, AccessGrant.to_at, at_column),
            _spans(Ownership.from_at, Ownership.to_at, at_column),
        )
    )
    apart = aliased(Ownership)
    kept_apart = exists(
        select(apart.id).where(
            apart.organisation_id == organisation_column,
            apart.device_id == device_column,
            apart.confidential_at.is_not(None),
            _spans(apart.from_at, apart.to_at, at_column),
        )
    )
    is_open = and_(organisation_column.in_(_open_organisations(actor, right)), not_(kept_apart))
    return or_(organisation_column.in_(actor.administered), is_open, covered)


def open_ownerships(actor: Actor) -> ColumnElement[bool]:
    """Limit to times in which a device belonged to an organisation that is open to the actor, inside or from above."""
    shared = and_(
        Ownership.organisation_id.in_(_open_organisations(actor, Right.VIEW)), Ownership.confidential_at.is_(None)
    )
    return or_(Ownership.organisation_id.in_(actor.administered), shared)


def valid_grants(actor: Actor, now: datetime, right: Right = Right.VIEW) -> ColumnElement[bool]:
    """Limit to grants that give the actor or their organisations the right now. The ownership must be joined."""
    # Compared with None, the column would be asked for NULL, which every grant to an organisation holds there.
    to_person = false() if actor.person_id is None else AccessGrant.to_person_id == actor.person_id
    to_actor = or_(AccessGrant.to_organisation_id.in_(actor.organisations), to_person)
    return and_(to_actor, grants_giving(right, now))


def grants_giving(right: Right, now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Limit to grants that give a right now, to whomever; the ownership must be joined."""
    return and_(grants_in_force(now), AccessGrant.rights.bitwise_and(right.value) == right.value)


def grants_in_force(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Limit to grants that open something now, to whomever; the ownership must be joined.

    A grant ends with the ownership it was given under. One of history opens when it says, and lives on.
    """
    of_present = and_(AccessGrant.opens_at.is_(None), or_(Ownership.to_at.is_(None), Ownership.to_at > now))
    return and_(
        AccessGrant.revoked_at.is_(None),
        _spans(AccessGrant.from_at, AccessGrant.to_at, now),
        or_(of_present, AccessGrant.opens_at <= now),
    )


def visible_grants(actor: Actor) -> ColumnElement[bool]:
    """Limit to grants that the actor or their organisations gave; receivers see devices, not the giver's papers."""
    if actor.is_operator:
        return true()
    by_them = false() if actor.person_id is None else AccessGrant.created_by == actor.person_id
    return or_(AccessGrant.organisation_id.in_(actor.organisations), by_them)


def name_at(at: datetime) -> ColumnElement[str]:
    """Say what a device is called at an instant: its owner's name, or model and serial. The model must be joined."""
    return case((_has_words(at), Device.name), else_=DeviceModel.name + " " + Device.serial)


def site_at(at: datetime) -> ColumnElement[str]:
    """Say where a device stands at an instant, as far as its owner said."""
    return case((_has_words(at), Device.site), else_=literal(""))


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


def _open_organisations(actor: Actor, right: Right) -> Select[UUID]:
    """Select the organisations whose devices, if not confidential, are open to the actor by the sharing mode.

    It is asked of the table, not carried by the actor, so that a stricter mode holds from the next question on. From
    above, organisations are read and no more.
    """
    by_role = [
        and_(
            Organisation.id.in_(sorted(one for one, held in actor.memberships.items() if held is role)),
            OrganisationSharing.roles.bitwise_and(bit) == bit,
        )
        for role, bit in ROLE_BITS.items()
    ]
    mode = OrganisationSharing.mode
    inside = and_(
        Organisation.id.in_(actor.organisations),
        or_(mode.is_(None), mode.in_((SharingMode.MEMBERS, SharingMode.ALL))),
    )
    above = and_(Organisation.id.in_(actor.sites), mode == SharingMode.ALL) if right is Right.VIEW else false()
    return (
        select(Organisation.id)
        .outerjoin(OrganisationSharing, OrganisationSharing.organisation_id == Organisation.id)
        .where(or_(inside, above, and_(mode == SharingMode.BY_ROLE, or_(*by_role))))
    )


def _has_words(at: datetime) -> ColumnElement[bool]:
    return or_(Device.words_until.is_(None), Device.words_until > at)


def _devices_of_machine(actor: Actor, at: datetime) -> ColumnElement[bool]:
    if actor.device_id is not None:
        return Device.id == actor.device_id
    behind_gateway = select(Ownership.device_id).where(Ownership.organisation_id == actor.gateway_of, owned_at(at))
    return Device.id.in_(behind_gateway)


def _device_of_link(link: LinkReach, at: datetime) -> ColumnElement[bool]:
    held = exists(select(Ownership.id).where(Ownership.id == link.ownership_id, owned_at(at)))
    return and_(Device.id == link.device_id, held)


def _spans(
    from_at: InstrumentedAttribute[datetime], to_at: InstrumentedAttribute[datetime | None], at: datetime | When
) -> ColumnElement[bool]:
    return and_(from_at <= at, or_(to_at.is_(None), to_at > at))
