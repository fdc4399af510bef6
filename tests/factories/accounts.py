"""Organisations, people and their actors, made by the portal's own verbs."""

import itertools

from statusportal.access.actor import SYSTEM, Actor
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.models import Organisation, Person
from statusportal.accounts.service import add_member, create_organisation, create_person
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.fleet.reach import with_grants
from statusportal.identity.actors import actor_of_person
from statusportal.passwords.rules import new_password
from statusportal.work import Works

_numbers = itertools.count(1)

PASSWORD = "a long walk by the sea"


def make_organisation(works: Works, slug: str = "", kind: OrganisationKind = OrganisationKind.CUSTOMER) -> Organisation:
    """Make an organisation; its name is its slug with a capital."""
    with works.writing(SYSTEM) as work:
        slug = slug or f"organisation-{next(_numbers)}"
        return create_organisation(work, slug, slug.capitalize(), kind)


def make_person(
    works: Works,
    organisation: Organisation | None = None,
    role: MemberRole = MemberRole.CUSTOMER,
    *,
    email: str = "",
    name: str = "",
    password: str | None = None,
    staff_role: StaffRole | None = None,
) -> Person:
    """Make a person; in an organisation if one is given. Without a password nobody signs in as them."""
    number = next(_numbers)
    address, called = email or f"person-{number}@example.com", name or f"Person {number}"
    hashed = new_password(password, (called, address)) if password else None
    with works.writing(SYSTEM) as work:
        person = create_person(work, address, called, hashed, staff_role)
        if organisation is not None:
            add_member(work, organisation.id, person.id, role)
        return person


def make_staff(works: Works, staff_role: StaffRole = StaffRole.ENGINEER) -> Person:
    """Make a person at the operator."""
    return make_person(works, staff_role=staff_role)


def actor_for(works: Works, person: Person) -> Actor:
    """Return the actor that a person is now, grants included."""
    with works.reading(SYSTEM) as work:
        actor = actor_of_person(work, person.id)
        assert actor is not None
        return with_grants(work, actor)


def make_actor(works: Works, organisation: Organisation, role: MemberRole = MemberRole.CUSTOMER) -> Actor:
    """Make a person in an organisation and return their actor."""
    return actor_for(works, make_person(works, organisation, role))


def make_staff_actor(works: Works, staff_role: StaffRole = StaffRole.ENGINEER) -> Actor:
    """Make a person at the operator and return their actor."""
    return actor_for(works, make_staff(works, staff_role))
