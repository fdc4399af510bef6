"""From an actor to their reach. Edges ask as SYSTEM, on the way in."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, literal, or_, select

from statusportal.access.actor import Actor
from statusportal.access.vocabulary import ActorKind, Right
from statusportal.fleet.models import AccessGrant, OrganisationSharing, Ownership
from statusportal.fleet.policy import granted_ownership, grants_giving, open_ownerships
from statusportal.fleet.vocabulary import DEEPEST_TREE
from statusportal.work import Work


def _under() -> Select[UUID]:
    sharing = OrganisationSharing
    tops: BindParameter[Sequence[UUID]] = bindparam("tops", expanding=True)
    first = select(sharing.organisation_id, literal(1).label("depth")).where(sharing.parent_id.in_(tops))
    below = first.cte("below", recursive=True)
    deeper = select(sharing.organisation_id, below.c.depth + 1).where(
        sharing.parent_id == below.c.organisation_id, below.c.depth < DEEPEST_TREE
    )
    return select(below.union(deeper).c.organisation_id)


def _granted() -> Select[UUID, UUID]:
    to_organisation: BindParameter[Sequence[UUID]] = bindparam("organisations", expanding=True)
    to_actor = or_(AccessGrant.to_organisation_id.in_(to_organisation), AccessGrant.to_person_id == bindparam("person"))
    return (
        select(AccessGrant.organisation_id, AccessGrant.ownership_id)
        .join(Ownership, granted_ownership())
        .where(to_actor, grants_giving(Right.VIEW, bindparam("now")))
        .distinct()
    )


# Built once: every request asks them, and building them takes longer than asking.
_UNDER = _under()
_GRANTED = _granted()


def with_grants(work: Work, actor: Actor) -> Actor:
    """Return the actor who also reaches organisations that granted them something, or that stand under theirs.

    It is asked as SYSTEM: the database hides a grant from its receiver, and a site from its holding, until the actor
    carries the answer.
    """
    if actor.kind is not ActorKind.PERSON or actor.is_operator:
        return actor
    receivers = {"organisations": sorted(actor.organisations), "person": actor.person_id, "now": work.now}
    found = work.session.execute(_GRANTED, receivers).all()
    sites = organisations_under(work, actor.organisations) - actor.organisations
    reaching = replace(actor, granting=frozenset(row.organisation_id for row in found), sites=sites)
    opened = frozenset(row.ownership_id for row in found)
    return replace(reaching, ownerships=opened | _ownerships_below(work, reaching))


def organisations_under(work: Work, organisation_ids: frozenset[UUID]) -> frozenset[UUID]:
    """Return every organisation below the given ones in their trees, in one query; never those beside or above."""
    if not organisation_ids:
        return frozenset()
    return frozenset(work.session.scalars(_UNDER, {"tops": sorted(organisation_ids)}))


def _ownerships_below(work: Work, actor: Actor) -> frozenset[UUID]:
    if not actor.sites:
        return frozenset()
    query = select(Ownership.id).where(Ownership.organisation_id.in_(actor.sites), open_ownerships(actor))
    return frozenset(work.session.scalars(query))
