"""Who may ask for a takeout, and who sees one: the person who asked, and nobody else."""

from sqlalchemy import ColumnElement, false, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import declare
from statusportal.access.vocabulary import ActorKind, MemberRole
from statusportal.takeout.models import Takeout

declare({Permission.ORGANISATION_EXPORT: [MemberRole.CUSTOMER_ADMIN]})


def visible_takeouts(actor: Actor) -> ColumnElement[bool]:
    """Limit to what the actor asked for; staff see that others asked in the log, never what they took."""
    if actor.kind is ActorKind.SYSTEM:
        return true()
    if actor.kind is not ActorKind.PERSON:
        return false()
    return Takeout.person_id == actor.person_id
