"""Who puts conditions aside, and who sees what rests."""

from datetime import datetime

from sqlalchemy import ColumnElement, false, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import declare, declare_grantable
from statusportal.access.vocabulary import ActorKind, MemberRole, Right, StaffRole
from statusportal.conditions.models import RestingCondition
from statusportal.fleet.policy import rows_visible_to

declare(
    {
        Permission.CONDITION_SHELVE: [
            MemberRole.CUSTOMER,
            MemberRole.CUSTOMER_ADMIN,
            StaffRole.ENGINEER,
            StaffRole.SUPPORT,
            StaffRole.EXPERT,
            StaffRole.ADMIN,
        ],
    }
)
# Silence reaches everybody who reads the machine, so to acknowledge is not enough.
declare_grantable({Permission.CONDITION_SHELVE: Right.MANAGE})


def visible_rests(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Limit to what rests on devices that the actor may look at now. Whoever holds a link deals with no condition."""
    if actor.kind is ActorKind.SYSTEM:
        return true()
    if actor.link is not None:
        return false()
    rest = RestingCondition
    return rows_visible_to(actor, rest.organisation_id, rest.device_id, rest.at, now)
