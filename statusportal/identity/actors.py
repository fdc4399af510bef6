"""From a secret to an actor. Edges ask as SYSTEM, before they know who is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from statusportal.access.actor import Actor
from statusportal.access.vocabulary import ActorKind, MemberRole, StaffRole
from statusportal.accounts.models import Membership, Organisation, Person
from statusportal.accounts.queries import find_operator
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.foundation.ids import secret_digest
from statusportal.identity.models import PersonalToken, SignIn
from statusportal.identity.vocabulary import SignInWay
from statusportal.work import Work

SEEN_STEP = timedelta(minutes=1)
USED_STEP = timedelta(hours=1)

# Built once: every request asks one of the first two and the third, and building them takes longer than asking.
_SESSION = (
    select(SignIn, Person, Organisation)
    .join(Person, Person.id == SignIn.person_id)
    .outerjoin(Organisation, Organisation.kind == OrganisationKind.OPERATOR.value)
    .where(
        SignIn.secret_digest == bindparam("digest"),
        SignIn.ended_at.is_(None),
        SignIn.expires_at > bindparam("now"),
        Person.is_disabled.is_(False),
    )
)
_TOKEN = (
    select(PersonalToken, Person)
    .join(Person, Person.id == PersonalToken.person_id)
    .where(
        PersonalToken.secret_digest == bindparam("digest"),
        PersonalToken.revoked_at.is_(None),
        or_(PersonalToken.expires_at.is_(None), PersonalToken.expires_at > bindparam("now")),
        Person.is_disabled.is_(False),
    )
)
_MEMBERSHIPS = (
    select(Membership.organisation_id, Membership.role, Organisation.is_provider_required)
    .join(Organisation, Organisation.id == Membership.organisation_id)
    .where(Membership.person_id == bindparam("person"))
)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Hold the actor of a session, and whether it is time to note that it was seen.

    What was read on the way is there for who shows it: the person, who runs the portal, and where they last were.
    """

    actor: Actor
    is_touch_due: bool
    person: Person
    operator: Organisation | None
    organisation_id: UUID | None


@dataclass(frozen=True, slots=True)
class OpenToken:
    """Hold the actor of a personal token, and whether it is time to note that it was used."""

    actor: Actor
    token_id: UUID
    is_touch_due: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """Say how a session was opened, and whose identity provider vouched for it, if one did.

    The operator is there to be asked what it lets its staff in by.
    """

    way: SignInWay
    vouched_by: UUID | None
    operator: Organisation | None

    def lets_in(self, organisation_id: UUID, is_provider_required: bool, is_administrator: bool) -> bool:  # noqa: FBT001 - two facts, no switch
        """Tell whether it lets somebody into an organisation.

        A provider vouches for its own organisation alone: whoever runs it could be anybody there, and nobody elsewhere.
        Where it is the only way in, an administrator with a second proof still comes in without it.
        """
        if self.vouched_by is not None:
            return self.vouched_by == organisation_id
        return not is_provider_required or (is_administrator and self.way.is_strong)

    def lets_in_staff(self, staff_role: StaffRole) -> bool:
        """Tell whether it lets somebody of the operator be who they are there."""
        if self.operator is None:
            return self.vouched_by is None
        is_required = self.operator.is_provider_required
        return self.lets_in(self.operator.id, is_required, staff_role is StaffRole.ADMIN)


def session_of(work: Work, secret: str) -> OpenSession | None:
    """Return the session behind a cookie, or None when it ended, expired, or its person may not sign in."""
    found = work.session.execute(_SESSION, {"digest": secret_digest(secret), "now": work.now}).one_or_none()
    if found is None:
        return None
    session, person, operator = found
    opened = Opened(SignInWay(session.way), session.vouched_by_id, operator)
    actor = _actor_of(work, person, session_id=session.id, opened=opened)
    return OpenSession(actor, _is_due(session.seen_at, work.now), person, operator, session.organisation_id)


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
    found = work.session.execute(_TOKEN, {"digest": secret_digest(secret), "now": work.now}).one_or_none()
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
    opened: Opened | None = None,
) -> Actor:
    staff_role, memberships = _standing(work, person, opened)
    return Actor(
        kind=ActorKind.PERSON,
        person_id=person.id,
        staff_role=staff_role,
        memberships=memberships,
        vouched_by=opened.vouched_by if opened else None,
        session_id=session_id,
        credential_id=credential_id,
        scopes=scopes,
    )


def is_kept_out(work: Work, person: Person, way: SignInWay) -> bool:
    """Tell whether somebody who belongs somewhere is let in nowhere this way, since providers stand before it all."""
    return any(_standing(work, person, None)) and not any(
        _standing(work, person, Opened(way, None, find_operator(work)))
    )


def _standing(work: Work, person: Person, opened: Opened | None) -> tuple[StaffRole | None, Mapping[UUID, MemberRole]]:
    """Return what somebody is at the operator and in organisations, as far as the way they came in opens it."""
    rows = work.session.execute(_MEMBERSHIPS, {"person": person.id})
    memberships = {
        organisation_id: MemberRole(role)
        for organisation_id, role, is_required in rows
        if opened is None or opened.lets_in(organisation_id, is_required, role == MemberRole.CUSTOMER_ADMIN)
    }
    staff_role = StaffRole(person.staff_role) if person.staff_role else None
    if staff_role is not None and opened is not None and not opened.lets_in_staff(staff_role):
        staff_role = None
    return staff_role, memberships


def _is_due(seen_at: datetime, now: datetime) -> bool:
    return now - seen_at >= SEEN_STEP
