"""Reads for the administration of people, invitations and organisations: each list in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select, tuple_

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, require
from statusportal.accounts.models import Invitation, Membership, Organisation, Person
from statusportal.accounts.policy import visible_people
from statusportal.accounts.queries import memberships_of, organisation_for, person_for
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.administration.policy import holds_everywhere, looked_after
from statusportal.fleet.models import Ownership
from statusportal.fleet.policy import owned_at
from statusportal.foundation.errors import Forbidden
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.identity.models import SignIn
from statusportal.proofs.queries import has_second_proof, means_of
from statusportal.proofs.vocabulary import Means
from statusportal.work import Work

_MOST_INVITATIONS = 50
_MOST_CHOICES = 500


class PeopleKind(StrEnum):
    """Which people a list shows."""

    ALL = ""
    STAFF = "staff"
    CUSTOMERS = "customers"
    DISABLED = "disabled"
    WITHOUT_SECOND_PROOF = "without_second_proof"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is in one organisation."""

    organisation_id: UUID
    organisation: str
    role: str


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """A person, where they belong as far as the asker looks after it, their last visit, and their second proof."""

    person: Person
    standings: tuple[Standing, ...]
    seen_at: datetime | None
    means: Means


@dataclass(frozen=True, slots=True)
class InvitationSeen:
    """An invitation that was neither accepted nor withdrawn, with the names around it."""

    invitation: Invitation
    organisation: str
    invited_by: str


@dataclass(frozen=True, slots=True)
class OrganisationCounted:
    """An organisation with how many people it has and how many devices it owns now."""

    organisation: Organisation
    people: int
    devices: int


def people_looked_after(
    work: Work, wanted: Slice, q: str = "", kind: PeopleKind = PeopleKind.ALL, organisation_id: UUID | None = None
) -> Page[PersonSeen]:
    """List people by name whom the actor may administer: staff all, others those of the organisations they administer.

    Raises: Forbidden.
    """
    require(work.actor, Permission.MEMBER_INVITE)
    query = select(Person).where(_administered(work))
    if q:
        query = query.where(or_(Person.name.icontains(q, autoescape=True), Person.email.icontains(q, autoescape=True)))
    if organisation_id is not None:
        query = query.where(Person.id.in_(_members_where(work, organisation_id)))
    query = _of_kind(query, kind)
    if position := wanted.position(str, UUID):
        query = query.where(tuple_(Person.name, Person.id) > tuple_(*position))
    rows = work.session.scalars(query.order_by(Person.name, Person.id).limit(wanted.limit + 1)).all()
    page = page_of(rows, wanted, lambda row: (row.name, row.id))
    return Page(_seen(work, page.items), page.next_cursor)


def person_looked_after(work: Work, person_id: UUID) -> PersonSeen:
    """Return a person with the memberships that the actor may change.

    Raises: NotFound, Forbidden for somebody who is seen but belongs to no organisation that the actor administers.
    """
    person = person_for(work, person_id)
    if not holds_everywhere(work.actor, Permission.MEMBER_INVITE):
        visible = [organisation.id for organisation, _ in memberships_of(work, person.id)]
        if not any(actor_holds(work.actor, Permission.MEMBER_INVITE, one) for one in visible):
            raise Forbidden(Permission.MEMBER_INVITE.value, "an administrator of their organisation")
    return _seen(work, [person])[0]


def sign_ins_of(work: Work, person_id: UUID) -> Sequence[SignIn]:
    """List where a person is signed in, the last seen first, for who may end it.

    Raises: NotFound, Forbidden.
    """
    person = person_for(work, person_id)
    require(work.actor, Permission.STAFF_ADMINISTER)
    query = select(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None), SignIn.expires_at > work.now)
    return work.session.scalars(query.order_by(SignIn.seen_at.desc(), SignIn.id.desc()).limit(50)).all()


def waiting_invitations(work: Work) -> list[InvitationSeen]:
    """List invitations that wait or have run out, newest first. Those of staff are for who may invite staff.

    Raises: Forbidden.
    """
    require(work.actor, Permission.MEMBER_INVITE)
    query = (
        select(Invitation, Organisation.name, Person.name)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .outerjoin(Person, Person.id == Invitation.invited_by)
        .where(
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            looked_after(work.actor, Permission.MEMBER_INVITE, Invitation.organisation_id),
        )
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
        .limit(_MOST_INVITATIONS)
    )
    if not holds_everywhere(work.actor, Permission.STAFF_ADMINISTER):
        query = query.where(Invitation.staff_role.is_(None))
    return [InvitationSeen(row, organisation, by or "") for row, organisation, by in work.session.execute(query)]


def organisations_looked_after(work: Work, wanted: Slice, q: str = "") -> Page[OrganisationCounted]:
    """List organisations by name that the actor may administer, with their counts. One query.

    Raises: Forbidden.
    """
    require(work.actor, Permission.ORGANISATION_ADMINISTER)
    members = select(func.count()).where(Membership.organisation_id == Organisation.id).scalar_subquery()
    staff = select(func.count()).where(Person.staff_role.is_not(None)).scalar_subquery()
    people = case((Organisation.kind == OrganisationKind.OPERATOR.value, staff), else_=members)
    devices = (
        select(func.count())
        .select_from(Ownership)
        .where(Ownership.organisation_id == Organisation.id, owned_at(work.now))
        .scalar_subquery()
    )
    query = select(Organisation, people, devices).where(
        looked_after(work.actor, Permission.ORGANISATION_ADMINISTER, Organisation.id)
    )
    if q:
        query = query.where(or_(Organisation.name.icontains(q, autoescape=True), Organisation.slug == q.lower()))
    if position := wanted.position(str, UUID):
        query = query.where(tuple_(Organisation.name, Organisation.id) > tuple_(*position))
    found = work.session.execute(query.order_by(Organisation.name, Organisation.id).limit(wanted.limit + 1))
    rows = [OrganisationCounted(row, people, devices) for row, people, devices in found]
    return page_of(rows, wanted, lambda row: (row.organisation.name, row.organisation.id))


def organisation_looked_after(work: Work, organisation_id: UUID) -> Organisation:
    """Return an organisation that the actor may administer.

    Raises: NotFound, Forbidden.
    """
    row = organisation_for(work, organisation_id)
    require(work.actor, Permission.ORGANISATION_ADMINISTER, row.id)
    return row


def organisations_to_choose(work: Work, permission: Permission) -> Sequence[Organisation]:
    """List by name the organisations in which the actor holds a right, for a form's choice; empty without any."""
    query = select(Organisation).where(looked_after(work.actor, permission, Organisation.id))
    return work.session.scalars(query.order_by(Organisation.name, Organisation.id).limit(_MOST_CHOICES)).all()


def members_looked_after(work: Work, organisation_id: UUID) -> list[PersonSeen]:
    """List who belongs to an organisation, by name.

    Raises: NotFound, Forbidden.
    """
    row = organisation_looked_after(work, organisation_id)
    query = select(Person).where(Person.id.in_(_members_where(work, row.id))).order_by(Person.name, Person.id)
    return _seen(work, work.session.scalars(query.limit(_MOST_CHOICES)).all())


def _administered(work: Work) -> ColumnElement[bool]:
    together = select(Membership.person_id).where(
        looked_after(work.actor, Permission.MEMBER_INVITE, Membership.organisation_id)
    )
    if holds_everywhere(work.actor, Permission.MEMBER_INVITE):
        return visible_people(work.actor)
    return Person.id.in_(together)


def _members_where(work: Work, organisation_id: UUID) -> Select[UUID]:
    return select(Membership.person_id).where(
        Membership.organisation_id == organisation_id,
        looked_after(work.actor, Permission.MEMBER_INVITE, Membership.organisation_id),
    )


def _of_kind(query: Select[Person], kind: PeopleKind) -> Select[Person]:
    if kind is PeopleKind.STAFF:
        return query.where(Person.staff_role.is_not(None))
    if kind is PeopleKind.CUSTOMERS:
        return query.where(Person.staff_role.is_(None))
    if kind is PeopleKind.DISABLED:
        return query.where(Person.is_disabled)
    if kind is PeopleKind.WITHOUT_SECOND_PROOF:
        return query.where(~has_second_proof(), ~Person.is_disabled)
    return query


def _seen(work: Work, people: Sequence[Person]) -> list[PersonSeen]:
    """Add standings, last visits and second proofs to people, in three queries however many they are."""
    wanted = [person.id for person in people]
    standings = _standings(work, wanted)
    visits = select(SignIn.person_id, func.max(SignIn.seen_at, type_=SignIn.seen_at.type)).where(
        SignIn.person_id.in_(wanted)
    )
    seen = {row[0]: row[1] for row in work.session.execute(visits.group_by(SignIn.person_id))}
    means = means_of(work, wanted)
    return [
        PersonSeen(person, tuple(standings.get(person.id, ())), seen.get(person.id), means[person.id])
        for person in people
    ]


def _standings(work: Work, person_ids: Sequence[UUID]) -> Mapping[UUID, list[Standing]]:
    query = (
        select(Membership.person_id, Organisation.id, Organisation.name, Membership.role)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.person_id.in_(person_ids),
            looked_after(work.actor, Permission.MEMBER_INVITE, Membership.organisation_id),
        )
        .order_by(Organisation.name, Organisation.id)
    )
    found: dict[UUID, list[Standing]] = {}
    for person_id, organisation_id, name, role in work.session.execute(query):
        found.setdefault(person_id, []).append(Standing(organisation_id, name, role))
    return found
