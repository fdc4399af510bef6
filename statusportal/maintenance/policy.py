"""Who sees planned work, and who plans it. Its silence reaches everybody who reads the machine, so MANAGE is needed."""

from datetime import datetime

from sqlalchemy import ColumnElement, false, or_

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import EVERYONE, declare, declare_grantable, declare_lasting
from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.fleet.policy import rows_visible_to
from statusportal.maintenance.models import PlannedDevice, PlannedWork
from statusportal.maintenance.vocabulary import AGREED

declare(
    {
        Permission.MAINTENANCE_VIEW: EVERYONE,
        Permission.MAINTENANCE_PLAN: [
            MemberRole.CUSTOMER,
            MemberRole.CUSTOMER_ADMIN,
            StaffRole.ENGINEER,
            StaffRole.SUPPORT,
            StaffRole.EXPERT,
            StaffRole.ADMIN,
        ],
    }
)
declare_grantable({Permission.MAINTENANCE_VIEW: Right.VIEW, Permission.MAINTENANCE_PLAN: Right.MANAGE})
declare_lasting(Permission.MAINTENANCE_VIEW)


def visible_works(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Limit planned work, joined with its machines, to those machines and times that the actor may read.

    A link to an entry opens none of it; one to a device needs it, since availability leaves its time out.
    """
    if actor.link is not None and actor.link.entry_id is not None:
        return false()
    place = PlannedDevice
    return rows_visible_to(actor, place.organisation_id, place.device_id, PlannedWork.from_at, now)


def agreed() -> ColumnElement[bool]:
    """Limit to planned work that counts: windows, and visits whose time both sides know."""
    return or_(*((PlannedWork.kind == kind) & PlannedWork.state.in_(states) for kind, states in AGREED.items()))
