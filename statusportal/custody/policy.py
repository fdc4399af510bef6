"""Who hands devices over, and who sees an offer."""

from sqlalchemy import ColumnElement, or_, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, declare
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.custody.models import Transfer
from statusportal.custody.vocabulary import TransferState

declare(
    {
        Permission.DEVICE_TRANSFER: [MemberRole.CUSTOMER_ADMIN, StaffRole.SUPPORT, StaffRole.ADMIN],
    }
)


def visible_transfers(actor: Actor) -> ColumnElement[bool]:
    """Limit to what the actor's side hands over, and to what waits for it or came to it: withdrawn offers are gone."""
    if actor.is_operator:
        return true()
    sides = [one for one in actor.organisations if actor_holds(actor, Permission.DEVICE_TRANSFER, one)]
    standing = Transfer.state.in_((TransferState.OFFERED, TransferState.ACCEPTED, TransferState.DECLINED))
    return or_(Transfer.organisation_id.in_(sides), Transfer.to_organisation_id.in_(sides) & standing)
