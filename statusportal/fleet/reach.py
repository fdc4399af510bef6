"""From an actor to their reach. Edges ask as SYSTEM, on the way in."""

from dataclasses import replace

from sqlalchemy import select

from statusportal.access.actor import Actor
from statusportal.access.vocabulary import ActorKind
from statusportal.fleet.models import AccessGrant
from statusportal.fleet.policy import valid_grants
from statusportal.work import Work


def with_grants(work: Work, actor: Actor) -> Actor:
    """Return the actor who also reaches the organisations that granted them something that is valid now.

    It is asked as SYSTEM: the database hides a grant from its receiver until the actor carries the answer.
    """
    if actor.kind is not ActorKind.PERSON or actor.is_operator:
        return actor
    query = select(AccessGrant.organisation_id, AccessGrant.ownership_id).where(valid_grants(actor, work.now))
    opened = work.session.execute(query.distinct()).all()
    granting, ownerships = frozenset(row[0] for row in opened), frozenset(row[1] for row in opened)
    return replace(actor, granting=granting, ownerships=ownerships)
