"""Who reads the log: administrators all of it, customers what was done with what is theirs."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import EVERYONE, actor_holds, declare, declare_lasting
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.audit.models import AuditRecord
from statusportal.audit.vocabulary import FOR_OWNERS

declare(
    {
        Permission.AUDIT_VIEW: [StaffRole.ADMIN],
        Permission.AUDIT_OWN: [MemberRole.CUSTOMER_ADMIN, StaffRole.ADMIN],
        Permission.AUDIT_DEVICE: EVERYONE,
    }
)
declare_lasting(Permission.AUDIT_DEVICE)


def visible_records(actor: Actor) -> ColumnElement[bool]:
    """Limit to everything for administrators, and to nothing for everybody else."""
    return true() if actor_holds(actor, Permission.AUDIT_VIEW, None) else false()


def concerning(organisation_ids: Collection[UUID]) -> ColumnElement[bool]:
    """Limit to acts on these organisations' things, of the kinds that owners are told about.

    A row keeps the organisation that had the thing then, so a former owner's acts stay with them. Acts on entries are
    left out: an internal one must not be told by who read it, and each look at an entry is one at its device too.
    """
    told = or_(*(AuditRecord.act.startswith(family, autoescape=True) for family in FOR_OWNERS))
    return and_(AuditRecord.organisation_id.in_(organisation_ids), told)


def on_device(device_id: UUID) -> ColumnElement[bool]:
    """Limit to acts on a device and on what is the device's."""
    itself = and_(AuditRecord.subject_id == str(device_id), AuditRecord.subject_kind == "device")
    return or_(AuditRecord.device_id == device_id, itself)
