"""Who reads the log."""

from sqlalchemy import ColumnElement, false, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, declare
from statusportal.access.vocabulary import StaffRole

declare({Permission.AUDIT_VIEW: [StaffRole.ADMIN]})


def visible_records(actor: Actor) -> ColumnElement[bool]:
    """Limit to everything for administrators, and to nothing for everybody else."""
    return true() if actor_holds(actor, Permission.AUDIT_VIEW, None) else false()
