"""Who sets up identity providers: an organisation's administrators, and for its own staff the operator's."""

from sqlalchemy import ColumnElement, false, or_, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, declare
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.models import Organisation
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.federation.models import IdentityProvider, LinkedIdentity

declare({Permission.PROVIDER_ADMINISTER: [MemberRole.CUSTOMER_ADMIN, StaffRole.ADMIN]})


def may_administer_provider(actor: Actor, organisation: Organisation) -> bool:
    """Tell whether an actor looks after an organisation's provider; the operator's is for its administrators alone."""
    is_open = organisation.kind != OrganisationKind.OPERATOR or actor_holds(actor, Permission.STAFF_ADMINISTER, None)
    return is_open and actor_holds(actor, Permission.PROVIDER_ADMINISTER, organisation.id)


def visible_providers(actor: Actor) -> ColumnElement[bool]:
    """Limit to those of the organisations whose providers the actor looks after; the portal's own door sees all."""
    if actor.is_operator:
        return true()
    held = [one for one in actor.organisations if actor_holds(actor, Permission.PROVIDER_ADMINISTER, one)]
    return IdentityProvider.organisation_id.in_(held) if held else false()


def visible_identities(actor: Actor) -> ColumnElement[bool]:
    """Limit to the actor's own, and those of the organisations whose providers the actor looks after."""
    if actor.is_operator:
        return true()
    held = [one for one in actor.organisations if actor_holds(actor, Permission.PROVIDER_ADMINISTER, one)]
    return or_(LinkedIdentity.person_id == actor.person_id, LinkedIdentity.organisation_id.in_(held))
