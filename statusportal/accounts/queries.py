"""Reads of accounts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, tuple_

from statusportal.access.vocabulary import MemberRole
from statusportal.accounts.models import Invitation, Membership, Organisation, Person
from statusportal.accounts.policy import (
    visible_memberships,
    visible_organisations,
    visible_people,
)
from statusportal.accounts.vocabulary import Member, OrganisationKind
from statusportal.foundation.errors import NotFound, NotSignedIn
from statusportal.foundation.ids import secret_digest
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.work import Work


def organisation_for(work: Work, organisation_id: UUID) -> Organisation:
    """Return an organisation that the actor may see.

    Raises: NotFound.
    """
    found = work.session.scalar(
        select(Organisation).where(Organisation.id == organisation_id, visible_organisations(work.actor))
    )
    if found is None:
        raise NotFound
    return found


def organisation_by_slug(work: Work, slug: str) -> Organisation:
    """Return an organisation by its short name.

    Raises: NotFound.
    """
    found = work.session.scalar(
        select(Organisation).where(Organisation.slug == slug, visible_organisations(work.actor))
    )
    if found is None:
        raise NotFound(f"There is no organisation “{slug}”.")
    return found


def find_operator(work: Work) -> Organisation | None:
    """Return the organisation that runs the portal, once there is one."""
    return work.session.scalar(select(Organisation).where(Organisation.kind == OrganisationKind.OPERATOR.value))


def organisations_page(work: Work, wanted: Slice, q: str = "") -> Page[Organisation]:
    """List organisations by name."""
    query = select(Organisation).where(visible_organisations(work.actor))
    if q:
        query = query.where(or_(Organisation.name.icontains(q, autoescape=True), Organisation.slug == q.lower()))
    if position := wanted.position(str, UUID):
        query = query.where(tuple_(Organisation.name, Organisation.id) > tuple_(*position))
    rows = work.session.scalars(query.order_by(Organisation.name, Organisation.id).limit(wanted.limit + 1)).all()
    return page_of(rows, wanted, lambda row: (row.name, row.id))


def organisations_named(work: Work, organisation_ids: Sequence[UUID]) -> dict[UUID, Organisation]:
    """Return those of the given organisations that the actor may see."""
    query = select(Organisation).where(Organisation.id.in_(set(organisation_ids)), visible_organisations(work.actor))
    return {row.id: row for row in work.session.scalars(query)}


def people_named(work: Work, people_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the names of those of the given people that the actor may see."""
    query = select(Person.id, Person.name).where(Person.id.in_(set(people_ids)), visible_people(work.actor))
    return {row.id: row.name for row in work.session.execute(query)}


def person_for(work: Work, person_id: UUID) -> Person:
    """Return a person that the actor may see.

    Raises: NotFound.
    """
    found = work.session.scalar(select(Person).where(Person.id == person_id, visible_people(work.actor)))
    if found is None:
        raise NotFound
    return found


def person_by_email(work: Work, email: str) -> Person:
    """Return a person by address.

    Raises: NotFound.
    """
    address = email.strip().lower()
    found = work.session.scalar(select(Person).where(Person.email == address, visible_people(work.actor)))
    if found is None:
        raise NotFound(f"Nobody here has the address {address}.")
    return found


def myself(work: Work) -> Person:
    """Return the actor as a person.

    Raises: NotSignedIn when no person stands behind the work.
    """
    found = work.session.get(Person, work.actor.person_id) if work.actor.person_id else None
    if found is None:
        raise NotSignedIn("Sign in first.")
    return found


def members_of(work: Work, organisation_id: UUID) -> list[Member]:
    """List who belongs to an organisation, by name.

    Raises: NotFound when the actor may not see the organisation.
    """
    organisation_for(work, organisation_id)
    query = (
        select(Person, Membership)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id, visible_memberships(work.actor))
        .order_by(Person.name, Person.id)
    )
    return [
        Member(person.id, person.name, person.email, membership.role, person.is_disabled)
        for person, membership in work.session.execute(query)
    ]


def note_customers(work: Work, organisation_ids: Iterable[UUID | None]) -> None:
    """Note that a list or a search told of these customers' things: of staff it stands in each one's log."""
    work.seen |= {("customer", one, one) for one in organisation_ids if one is not None}


def deciders_of(work: Work, organisation_id: UUID) -> list[UUID]:
    """Return the ids of those who decide for an organisation and may sign in, for what each of them is told."""
    query = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role == MemberRole.CUSTOMER_ADMIN.value,
            Person.is_disabled.is_(False),
        )
    )
    return list(work.session.scalars(query.order_by(Membership.person_id)))


def memberships_of(work: Work, person_id: UUID) -> list[tuple[Organisation, str]]:
    """List a person's organisations with the role held in each, by name."""
    query = (
        select(Organisation, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id, visible_memberships(work.actor))
        .order_by(Organisation.name, Organisation.id)
    )
    return [(organisation, role) for organisation, role in work.session.execute(query)]


def open_invitation(work: Work, secret: str) -> Invitation | None:
    """Return the invitation that a link opens, or None when it was used, withdrawn, has expired, or never was.

    Asked as SYSTEM: the secret is the right. The row is locked, so that two who follow a link at once are not two.
    """
    query = select(Invitation).where(Invitation.secret_digest == secret_digest(secret), *still_open(work.now))
    return work.session.scalar(query.with_for_update())


def still_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Limit to invitations that somebody may still answer."""
    return Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > now
