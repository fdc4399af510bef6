"""Whose people, devices and papers an administrator looks after."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import InstrumentedAttribute

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds

OrganisationColumn = InstrumentedAttribute[UUID]


def holds_everywhere(actor: Actor, permission: Permission) -> bool:
    """Tell whether the right comes from a staff role, which counts in every organisation."""
    return actor_holds(replace(actor, memberships={}), permission, None)


def organisations_where(actor: Actor, permission: Permission) -> frozenset[UUID]:
    """Return the actor's own organisations in which a membership carries the right."""
    return frozenset(one for one in actor.organisations if actor_holds(actor, permission, one))


def looked_after(actor: Actor, permission: Permission, column: OrganisationColumn) -> ColumnElement[bool]:
    """Limit rows to organisations in which the actor holds the right: a look alone does not put them on these lists."""
    if holds_everywhere(actor, permission):
        return true()
    return column.in_(organisations_where(actor, permission))
