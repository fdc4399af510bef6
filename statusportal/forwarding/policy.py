"""Who chooses receivers: an organisation's own administrators."""

from sqlalchemy import ColumnElement, false, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, declare
from statusportal.access.vocabulary import ActorKind, MemberRole
from statusportal.forwarding.models import Forwarding

declare({Permission.FORWARDING_ADMINISTER: [MemberRole.CUSTOMER_ADMIN]})


def visible_forwardings(actor: Actor) -> ColumnElement[bool]:
    """Limit to those of the organisations whose administrator the actor is; the portal's jobs see all."""
    if actor.kind is ActorKind.SYSTEM:
        return true()
    held = [one for one in actor.organisations if actor_holds(actor, Permission.FORWARDING_ADMINISTER, one)]
    return Forwarding.organisation_id.in_(held) if held else false()
