"""From a session to the actor with whose eyes it reads. Edges ask as SYSTEM, on the way in."""

from dataclasses import replace

from sqlalchemy import select

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import ActorKind, MemberRole
from statusportal.accounts.models import Membership, Person
from statusportal.fleet.reach import with_grants
from statusportal.foundation.errors import NotSignedIn
from statusportal.identity.actors import actor_of_person
from statusportal.seen_as.models import SeenAs
from statusportal.work import Work


def eyes_of(work: Work, actor: Actor) -> Actor:
    """Return the customer as whom the actor's session sees now, or the actor.

    Asked anew each time: a role that was lost, a person who left or was shut out, and the end of the time show the
    actor to themselves again.
    """
    if not actor.is_staff or actor.session_id is None or not actor_holds(actor, Permission.CUSTOMER_SEE_AS, None):
        return actor
    found = work.session.execute(
        select(SeenAs, Membership.role)
        .join(Person, Person.id == SeenAs.person_id)
        .join(
            Membership,
            (Membership.person_id == SeenAs.person_id) & (Membership.organisation_id == SeenAs.organisation_id),
        )
        .where(
            SeenAs.session_id == actor.session_id,
            SeenAs.ended_at.is_(None),
            SeenAs.ends_at > work.now,
            Person.is_disabled.is_(False),
            Person.staff_role.is_(None),
        )
        .order_by(SeenAs.began_at.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return actor
    row, role = found
    seen = Actor(
        kind=ActorKind.PERSON,
        person_id=row.person_id,
        memberships={row.organisation_id: MemberRole(role)},
        session_id=actor.session_id,
        seen_by=actor.person_id,
    )
    return with_grants(work, seen)


def sitter_of(work: Work, eyes: Actor) -> Actor:
    """Return the member of staff who sees as an actor, for what is written down about them.

    Raises: NotSignedIn when they were shut out meanwhile.
    """
    sitter = actor_of_person(work, eyes.seen_by) if eyes.seen_by else None
    if sitter is None:
        raise NotSignedIn("Sign in first.")
    return replace(sitter, session_id=eyes.session_id)
