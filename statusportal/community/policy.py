"""Who belongs to a model's community: whoever owns a machine of the model now, and the operator's people."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, select, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import EVERYONE, declare
from statusportal.access.vocabulary import ActorKind
from statusportal.community.models import Publication
from statusportal.fleet.models import Device, Ownership

declare({Permission.COMMUNITY_READ: EVERYONE, Permission.COMMUNITY_REPLY: EVERYONE})


def visible_publications(actor: Actor) -> ColumnElement[bool]:
    """Keep what was shared with the owners of a model that the actor's own organisations have a machine of now."""
    if actor.is_operator:
        return true()
    if actor.kind is not ActorKind.PERSON or actor.link is not None:
        return false()
    if not actor.is_scoped_to(Permission.COMMUNITY_READ):
        return false()
    return Publication.model_id.in_(models_of(actor))


def models_of(actor: Actor) -> Select[UUID]:
    """Select the models of the machines that the actor's own organisations have now."""
    return (
        select(Device.model_id)
        .join(Ownership, Ownership.device_id == Device.id)
        .where(Ownership.organisation_id.in_(sorted(actor.organisations)), Ownership.to_at.is_(None))
    )
