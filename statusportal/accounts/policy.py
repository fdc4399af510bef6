"""Who sees which organisations and people, and who may change them."""

from sqlalchemy import ColumnElement, false, or_, select, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import declare
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.models import Invitation, Membership, Organisation, Person

declare(
    {
        Permission.ORGANISATION_CREATE: [StaffRole.SUPPORT, StaffRole.ADMIN],
        Permission.ORGANISATION_ADMINISTER: [MemberRole.CUSTOMER_ADMIN, StaffRole.SUPPORT, StaffRole.ADMIN],
        Permission.MEMBER_INVITE: [MemberRole.CUSTOMER_ADMIN, StaffRole.SUPPORT, StaffRole.ADMIN],
        Permission.STAFF_ADMINISTER: [StaffRole.ADMIN],
        Permission.CUSTOMER_FIND: [StaffRole.ENGINEER, StaffRole.SUPPORT, StaffRole.EXPERT, StaffRole.ADMIN],
    }
)


def visible_organisations(actor: Actor) -> ColumnElement[bool]:
    """Limit to the actor's own organisations and those that granted them something."""
    if actor.is_operator:
        return true()
    return Organisation.id.in_(actor.reachable)


def visible_memberships(actor: Actor) -> ColumnElement[bool]:
    """Limit to who belongs to the actor's own organisations."""
    if actor.is_operator:
        return true()
    return Membership.organisation_id.in_(actor.organisations)


def visible_people(actor: Actor) -> ColumnElement[bool]:
    """Limit to the actor, and to people of the actor's own organisations."""
    if actor.is_operator:
        return true()
    if actor.person_id is None:
        return false()
    together = select(Membership.person_id).where(visible_memberships(actor))
    return or_(Person.id == actor.person_id, Person.id.in_(together))


def found_by_address(actor: Actor, address: str) -> ColumnElement[bool]:
    """Limit to the person with a mail address that is proved to be theirs, or who is a colleague of the actor.

    Anybody else with that address may be somebody who only says so.
    """
    colleagues = select(Membership.person_id).where(Membership.organisation_id.in_(actor.organisations))
    return (Person.email == address) & (Person.email_proved_at.is_not(None) | Person.id.in_(colleagues))


def visible_invitations(actor: Actor) -> ColumnElement[bool]:
    """Limit to invitations into the actor's own organisations."""
    if actor.is_operator:
        return true()
    return Invitation.organisation_id.in_(actor.organisations)
