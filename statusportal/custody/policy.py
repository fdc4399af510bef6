"""Who sees an offer of transfer and an organisation's groups."""

from sqlalchemy import ColumnElement, or_, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.custody.models import DeviceGroup, Transfer
from statusportal.custody.vocabulary import TransferState


def visible_transfers(actor: Actor) -> ColumnElement[bool]:
    """Limit to what the actor's side hands over, and to what waits for it or came to it: withdrawn offers are gone."""
    if actor.is_operator:
        return true()
    sides = [one for one in actor.organisations if actor_holds(actor, Permission.DEVICE_TRANSFER, one)]
    standing = Transfer.state.in_((TransferState.OFFERED, TransferState.ACCEPTED, TransferState.DECLINED))
    return or_(Transfer.organisation_id.in_(sides), Transfer.to_organisation_id.in_(sides) & standing)


def visible_groups(actor: Actor) -> ColumnElement[bool]:
    """Limit to groups of organisations in which the actor decides who gets in."""
    if actor.is_operator:
        return true()
    sides = [one for one in actor.organisations if actor_holds(actor, Permission.DEVICE_SHARE, one)]
    return DeviceGroup.organisation_id.in_(sides)
