"""Who may have whom erased: everybody themselves, and administrators a person or an organisation that asked for it."""

from sqlalchemy import ColumnElement, false, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, declare
from statusportal.access.vocabulary import ActorKind, StaffRole
from statusportal.erasure.models import ErasureWish

declare({Permission.PERSON_ERASE: [StaffRole.ADMIN], Permission.ORGANISATION_ERASE: [StaffRole.ADMIN]})


def visible_wishes(actor: Actor) -> ColumnElement[bool]:
    """Limit to the actor's own wish; administrators see every one."""
    if actor_holds(actor, Permission.PERSON_ERASE, None):
        return true()
    if actor.kind is not ActorKind.PERSON:
        return false()
    return ErasureWish.person_id == actor.person_id
