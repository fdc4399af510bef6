"""Who may see and run connections: the people who run the place."""

from sqlalchemy import ColumnElement, false, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, declare
from statusportal.access.vocabulary import StaffRole

declare({Permission.CONNECTION_ADMINISTER: [StaffRole.ADMIN]})


def visible_connections(actor: Actor) -> ColumnElement[bool]:
    """Show connections to those who run them, all of them; to anybody else there are none."""
    return true() if actor_holds(actor, Permission.CONNECTION_ADMINISTER, None) else false()
