"""Who gives a device limits of its own, and who sees them."""

from datetime import datetime

from sqlalchemy import ColumnElement, false, literal, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import declare, declare_grantable
from statusportal.access.vocabulary import ActorKind, MemberRole, Right, StaffRole
from statusportal.db.columns import UtcDateTime
from statusportal.fleet.policy import rows_visible_to
from statusportal.tuning.models import DeviceLimit

declare(
    {
        Permission.DEVICE_TUNE: [
            MemberRole.CUSTOMER_ADMIN,
            StaffRole.ENGINEER,
            StaffRole.SUPPORT,
            StaffRole.EXPERT,
            StaffRole.ADMIN,
        ],
    }
)
# What counts as trouble changes for everybody who reads the machine.
declare_grantable({Permission.DEVICE_TUNE: Right.MANAGE})


def visible_own_limits(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Limit to own limits of devices that the actor may look at now, whenever they were set: by them it is judged now.

    A link shows the status, and no settings.
    """
    if actor.kind is ActorKind.SYSTEM:
        return true()
    if actor.link is not None:
        return false()
    row = DeviceLimit
    return rows_visible_to(actor, row.organisation_id, row.device_id, literal(now, UtcDateTime()), now)
