"""What support finds: a customer by any of the words that somebody on the telephone says."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import or_, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.models import Membership, Organisation, Person
from statusportal.accounts.policy import visible_organisations, visible_people
from statusportal.accounts.queries import members_of, organisation_for
from statusportal.accounts.vocabulary import Member
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.policy import owned_at, present_devices
from statusportal.foundation.vocabulary import Health
from statusportal.overview.devices import DeviceFilters, count_by_health
from statusportal.work import Work

_MOST = 20


class MatchKind(StrEnum):
    """By what a customer was found."""

    ORGANISATION = "organisation"
    PERSON = "person"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class CustomerMatch:
    """A customer, and what about them fits: their own name, a person's, or a device's with its id for the link."""

    organisation_id: UUID
    organisation_name: str
    kind: MatchKind
    text: str
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class CustomerOverview:
    """A customer at a glance."""

    organisation: Organisation
    members: list[Member]
    devices_by_health: dict[Health, int]


def customers_matching(work: Work, q: str) -> list[CustomerMatch]:
    """Find customers by name, by a person's name or address, or by a device's serial or name; at most 20 of each.

    Shape: organisations first, then people, then devices, each by what fits. An empty question finds nothing.
    Raises: Forbidden.
    """
    require(work.actor, Permission.CUSTOMER_FIND)
    asked = "".join(sign for sign in q if sign.isprintable()).strip()
    if not asked:
        return []
    return [*_by_name(work, asked), *_by_person(work, asked), *_by_device(work, asked)]


def customer_overview(work: Work, organisation_id: UUID) -> CustomerOverview:
    """Return a customer's people and how their devices fare. Two queries more than the organisation itself.

    Raises: NotFound, Forbidden.
    """
    organisation = organisation_for(work, organisation_id)
    require(work.actor, Permission.CUSTOMER_FIND)
    filters = DeviceFilters(organisation_id=organisation.id)
    return CustomerOverview(organisation, members_of(work, organisation.id), count_by_health(work, filters))


def _by_name(work: Work, asked: str) -> Iterator[CustomerMatch]:
    query = (
        select(Organisation)
        .where(
            or_(Organisation.name.icontains(asked, autoescape=True), Organisation.slug == asked.lower()),
            visible_organisations(work.actor),
        )
        .order_by(Organisation.name, Organisation.id)
        .limit(_MOST)
    )
    for row in work.session.scalars(query):
        yield CustomerMatch(row.id, row.name, MatchKind.ORGANISATION, row.name, row.id)


def _by_person(work: Work, asked: str) -> Iterator[CustomerMatch]:
    query = (
        select(Organisation.id, Organisation.name, Person.id, Person.name)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            or_(Person.name.icontains(asked, autoescape=True), Person.email.icontains(asked, autoescape=True)),
            visible_people(work.actor),
        )
        .order_by(Person.name, Person.id, Organisation.name)
        .limit(_MOST)
    )
    for organisation_id, organisation_name, person_id, name in work.session.execute(query):
        yield CustomerMatch(organisation_id, organisation_name, MatchKind.PERSON, name, person_id)


def _by_device(work: Work, asked: str) -> Iterator[CustomerMatch]:
    query = (
        select(Organisation.id, Organisation.name, Device.id, Device.serial)
        .join(Ownership, Ownership.organisation_id == Organisation.id)
        .join(Device, Device.id == Ownership.device_id)
        .where(
            or_(Device.serial.icontains(asked, autoescape=True), Device.name.icontains(asked, autoescape=True)),
            owned_at(work.now),
            present_devices(work.actor, work.now),
        )
        .order_by(Device.serial, Device.id)
        .limit(_MOST)
    )
    for organisation_id, organisation_name, device_id, serial in work.session.execute(query):
        yield CustomerMatch(organisation_id, organisation_name, MatchKind.DEVICE, serial, device_id)
