"""Who sees an organisation's groups."""

from sqlalchemy import ColumnElement, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.groups.models import DeviceGroup


def visible_groups(actor: Actor) -> ColumnElement[bool]:
    """Limit to groups of organisations in which the actor decides who gets in."""
    if actor.is_operator:
        return true()
    sides = [one for one in actor.organisations if actor_holds(actor, Permission.DEVICE_SHARE, one)]
    return DeviceGroup.organisation_id.in_(sides)
