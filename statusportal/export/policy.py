"""Who may take data along, and which times of a device."""

from collections.abc import Iterable
from uuid import UUID

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import EVERYONE, actor_holds, declare, declare_grantable, declare_lasting
from statusportal.access.vocabulary import Right
from statusportal.fleet.vocabulary import Period

declare({Permission.DEVICE_EXPORT: EVERYONE})
declare_grantable({Permission.DEVICE_EXPORT: Right.EXPORT})
declare_lasting(Permission.DEVICE_EXPORT)


def exportable(actor: Actor, periods: Iterable[Period]) -> list[Period]:
    """Keep the times that the actor may take along: their own organisations', and those granted with EXPORT."""
    return [one for one in periods if Right.EXPORT in one.rights and _may_take(actor, one.organisation_id)]


def _may_take(actor: Actor, organisation_id: UUID) -> bool:
    if actor.belongs_to(organisation_id):
        return actor_holds(actor, Permission.DEVICE_EXPORT, organisation_id)
    return actor.scopes is None or Permission.DEVICE_EXPORT.value in actor.scopes
