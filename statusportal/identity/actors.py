"""From a secret to an actor. Edges ask as SYSTEM, before they know who is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from statusportal.access.actor import Actor
from statusportal.access.vocabulary import ActorKind, MemberRole, StaffRole
from statusportal.accounts.models import Membership, Person
from statusportal.foundation.ids import secret_digest
from statusportal.identity.models import PersonalToken, SignIn
from statusportal.work import Work

SEEN_STEP = timedelta(minutes=1)
USED_STEP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Hold the actor of a session, and whether it is time to note that it was seen."""

    actor: Actor
    is_touch_due: bool


@dataclass(frozen=True, slots=True)
class OpenToken:
    """Hold the actor of a personal token, and whether it is time to note that it was used."""

    actor: Actor
    token_id: UUID
    is_touch_due: bool


def session_of(work: Work, secret: str) -> OpenSession | None:
    """Return the session behind a cookie, or None when it ended, expired, or its person may not sign in."""
    found = work.session.execute(
        select(SignIn.id, SignIn.seen_at, Person)
        .join(Person, Person.id == SignIn.person_id)
        .where(
            SignIn.secret_digest == secret_digest(secret),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > work.now,
            Person.is_disabled.is_(False),
        )
    ).one_or_none()
    if found is None:
        return None
    session_id, seen_at, person = found
    return OpenSession(_actor_of(work, person, session_id=session_id), _is_due(seen_at, work.now))


def actor_of_session(work: Work, secret: str) -> Actor | None:
    """Return the actor behind a cookie, or None when it opens nothing."""
    found = session_of(work, secret)
    return found.actor if found else None


def actor_of_token(work: Work, secret: str) -> Actor | None:
    """Return the actor behind a personal token, or None when it opens nothing."""
    found = token_of(work, secret)
    return found.actor if found else None


def token_of(work: Work, secret: str) -> OpenToken | None:
    """Return the personal token behind a secret, or None when it was revoked, expired, or its person is disabled."""
    found = work.session.execute(
        select(PersonalToken, Person)
        .join(Person, Person.id == PersonalToken.person_id)
        .where(
            PersonalToken.secret_digest == secret_digest(secret),
            PersonalToken.revoked_at.is_(None),
            or_(PersonalToken.expires_at.is_(None), PersonalToken.expires_at > work.now),
            Person.is_disabled.is_(False),
        )
    ).one_or_none()
    if found is None:
        return None
    token, person = found
    actor = _actor_of(work, person, credential_id=token.id, scopes=frozenset(token.scopes) or None)
    return OpenToken(actor, token.id, token.used_at is None or work.now - token.used_at >= USED_STEP)


def actor_of_person(work: Work, person_id: UUID) -> Actor | None:
    """Return the actor a person would be now, for jobs that act in their name; None for unknown and disabled."""
    person = work.session.get(Person, person_id)
    return None if person is None or person.is_disabled else _actor_of(work, person)


def _actor_of(
    work: Work,
    person: Person,
    *,
    session_id: UUID | None = None,
    credential_id: UUID | None = None,
    scopes: frozenset[str] | None = None,
) -> Actor:
    return Actor(
        kind=ActorKind.PERSON,
        person_id=person.id,
        staff_role=StaffRole(person.staff_role) if person.staff_role else None,
        memberships=_memberships(work, person.id),
        session_id=session_id,
        credential_id=credential_id,
        scopes=scopes,
    )


def _memberships(work: Work, person_id: UUID) -> Mapping[UUID, MemberRole]:
    rows = work.session.execute(
        select(Membership.organisation_id, Membership.role).where(Membership.person_id == person_id)
    )
    return {organisation_id: MemberRole(role) for organisation_id, role in rows}


def _is_due(seen_at: datetime, now: datetime) -> bool:
    return now - seen_at >= SEEN_STEP
