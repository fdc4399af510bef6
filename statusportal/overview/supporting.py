"""Reads for support: which customer is it, how do their machines fare, what is open, and who is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, case, func, literal, or_, select, tuple_

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.models import Membership, Organisation, Person
from statusportal.accounts.policy import visible_organisations
from statusportal.accounts.queries import organisation_for
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.audit.service import record_act
from statusportal.catalogue.models import DeviceModel
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import visible_entries
from statusportal.entries.vocabulary import Lifecycle
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.policy import name_at, owned_at, site_at
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.foundation.vocabulary import Health
from statusportal.identity.models import SignIn
from statusportal.status.models import DeviceStatus
from statusportal.work import Work

_MOST = 200
# Whoever waits for nothing comes last among equals.
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer at a glance; `waiting_since` is when the oldest open entry began."""

    id: UUID
    name: str
    people: int
    devices: int
    open_entries: int
    worst: Health
    waiting_since: datetime | None


@dataclass(frozen=True, slots=True)
class DeviceFaring:
    """A device a customer has now, what it may be called, how it fares, and how many entries are open on it."""

    device: Device
    name: str
    site: str
    status: DeviceStatus | None
    open_entries: int


@dataclass(frozen=True, slots=True)
class MemberSeen:
    """A person of a customer, their role there, and when they were here last."""

    person: Person
    role: str
    seen_at: datetime | None


def customers_page(work: Work, wanted: Slice, q: str = "") -> Page[Customer]:
    """List customers, critical and old first. One query.

    Shape: `q` is part of the name, of a person's name or address, or of the serial number or name of a device.
    Raises: Forbidden.
    """
    require(work.actor, Permission.CUSTOMER_FIND)
    query = select(
        Organisation.id,
        Organisation.name,
        _count_people().label("people"),
        _count_devices(work).label("devices"),
        _of_open_entries(work, func.count()).label("open_entries"),
        _worst_rank(work).label("worst_rank"),
        _of_open_entries(work, func.min(StatusEntry.opened_at, type_=StatusEntry.opened_at.type)).label("since"),
    ).where(Organisation.kind == OrganisationKind.CUSTOMER.value, visible_organisations(work.actor))
    if q:
        query = query.where(_is_found(work, q))
    found = query.subquery()
    since = func.coalesce(found.c.since, literal(_NEVER, found.c.since.type), type_=found.c.since.type)
    order = tuple_(-found.c.worst_rank, since, found.c.name, found.c.id)
    ordered = select(found).order_by(*order.clauses).limit(wanted.limit + 1)
    if position := wanted.position(int, datetime, str, UUID):
        ordered = ordered.where(order > tuple_(position[0], literal(position[1], found.c.since.type), *position[2:]))
    rows = [_customer(row) for row in work.session.execute(ordered)]
    return page_of(rows, wanted, lambda row: (-row.worst.rank, row.waiting_since or _NEVER, row.name, row.id))


def open_customer(work: Work, organisation_id: UUID) -> Organisation:
    """Return a customer whose page staff opens, and record that they did.

    Raises: NotFound, Forbidden.
    """
    row = organisation_for(work, organisation_id)
    require(work.actor, Permission.CUSTOMER_FIND)
    if row.kind != OrganisationKind.CUSTOMER.value:
        raise NotFound
    record_act(work, "customer.opened", "organisation", row.id, organisation_id=row.id)
    return row


def devices_of_customer(work: Work, organisation_id: UUID) -> list[DeviceFaring]:
    """List the devices a customer has now, the worst first, then by name.

    Raises: Forbidden.
    """
    require(work.actor, Permission.CUSTOMER_FIND)
    open_entries = (
        select(func.count())
        .select_from(StatusEntry)
        .where(StatusEntry.organisation_id == organisation_id, StatusEntry.device_id == Device.id, _is_open(work))
        .scalar_subquery()
    )
    query = (
        select(Device, name_at(work.now), site_at(work.now), DeviceStatus, open_entries)
        .join(DeviceModel, DeviceModel.id == Device.model_id)
        .join(Ownership, (Ownership.device_id == Device.id) & owned_at(work.now))
        .outerjoin(DeviceStatus, DeviceStatus.device_id == Device.id)
        .where(Ownership.organisation_id == organisation_id)
        .order_by(_rank().desc(), name_at(work.now), Device.id)
        .limit(_MOST)
    )
    return [DeviceFaring(*row) for row in work.session.execute(query)]


def open_entries_of(work: Work, organisation_id: UUID) -> Sequence[tuple[StatusEntry, str]]:
    """List a customer's entries that are not resolved, each with its device's name: the worst first, then the oldest.

    Raises: Forbidden.
    """
    require(work.actor, Permission.CUSTOMER_FIND)
    ranked = case({one.value: one.rank for one in Health}, value=StatusEntry.health, else_=0)
    query = (
        select(StatusEntry, name_at(work.now))
        .join(Device, Device.id == StatusEntry.device_id)
        .join(DeviceModel, DeviceModel.id == Device.model_id)
        .where(StatusEntry.organisation_id == organisation_id, _is_open(work))
        .order_by(ranked.desc(), StatusEntry.opened_at, StatusEntry.id)
        .limit(_MOST)
    )
    return [(entry, name) for entry, name in work.session.execute(query)]


def people_of_customer(work: Work, organisation_id: UUID) -> list[MemberSeen]:
    """List a customer's people by name, with their last visit.

    Raises: Forbidden.
    """
    require(work.actor, Permission.CUSTOMER_FIND)
    seen = select(func.max(SignIn.seen_at, type_=SignIn.seen_at.type)).where(SignIn.person_id == Person.id)
    query = (
        select(Person, Membership.role, seen.scalar_subquery())
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Person.name, Person.id)
        .limit(_MOST)
    )
    return [MemberSeen(*row) for row in work.session.execute(query)]


def _rank() -> ColumnElement[int]:
    return case({one.value: one.rank for one in Health}, value=DeviceStatus.health, else_=0)


def _is_open(work: Work) -> ColumnElement[bool]:
    return visible_entries(work.actor, work.now) & (StatusEntry.lifecycle != Lifecycle.RESOLVED.value)


def _count_people() -> ScalarSelect[int]:
    return select(func.count()).where(Membership.organisation_id == Organisation.id).scalar_subquery()


def _count_devices(work: Work) -> ScalarSelect[int]:
    owned = select(func.count()).select_from(Ownership)
    return owned.where(Ownership.organisation_id == Organisation.id, owned_at(work.now)).scalar_subquery()


def _worst_rank(work: Work) -> ScalarSelect[int]:
    return (
        select(func.coalesce(func.max(_rank()), 0))
        .select_from(Ownership)
        .join(DeviceStatus, DeviceStatus.device_id == Ownership.device_id)
        .where(Ownership.organisation_id == Organisation.id, owned_at(work.now))
        .scalar_subquery()
    )


def _of_open_entries(work: Work, aggregate: ColumnElement[Any]) -> ScalarSelect[Any]:
    entries = select(aggregate).select_from(StatusEntry)
    return entries.where(StatusEntry.organisation_id == Organisation.id, _is_open(work)).scalar_subquery()


def _is_found(work: Work, q: str) -> ColumnElement[bool]:
    person = (
        select(Membership.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(or_(Person.name.icontains(q, autoescape=True), Person.email.icontains(q, autoescape=True)))
    )
    device = (
        select(Ownership.organisation_id)
        .join(Device, Device.id == Ownership.device_id)
        .join(DeviceModel, DeviceModel.id == Device.model_id)
        .where(
            owned_at(work.now),
            or_(Device.serial.icontains(q, autoescape=True), name_at(work.now).icontains(q, autoescape=True)),
        )
    )
    return or_(
        Organisation.name.icontains(q, autoescape=True),
        Organisation.slug == q.lower(),
        Organisation.id.in_(person),
        Organisation.id.in_(device),
    )


def _customer(row: Row[Any]) -> Customer:
    by_rank = {one.rank: one for one in Health}
    return Customer(row.id, row.name, row.people, row.devices, row.open_entries, by_rank[row.worst_rank], row.since)
