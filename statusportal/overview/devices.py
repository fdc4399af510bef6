"""My devices and a device: fleet, status and talk joined for a screen, in a number of queries that never grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Row, Select, case, func, literal, or_, select, tuple_

from statusportal.access.actor import Actor
from statusportal.accounts.models import Organisation
from statusportal.accounts.queries import note_customers
from statusportal.catalogue.models import DeviceModel
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.derivation.timers import SECOND_MS, STALE_AFTER_INTERVALS
from statusportal.derivation.vocabulary import ConditionState
from statusportal.discussion.queries import unread_of_devices
from statusportal.entries.queries import open_counts
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.policy import name_at, owned_at, present_devices, site_at
from statusportal.fleet.queries import device_for, periods_of
from statusportal.fleet.vocabulary import Period
from statusportal.foundation.clock import from_ms
from statusportal.foundation.errors import Faults, Sentence
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.reasons.sentences import reason
from statusportal.reasons.vocabulary import Reason
from statusportal.status.models import DeviceStatus
from statusportal.status.queries import conditions_of
from statusportal.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFilters:
    """Narrow my devices; what is empty does not narrow. `model` is a slug, `q` looks in names, serials and sites.

    `site` is a whole site, or what stands before its comma: Videbæk finds “Videbæk, cold room”.
    """

    health: Sequence[str] = ()
    connectivity: Sequence[str] = ()
    model: str = ""
    site: str = ""
    q: str = ""
    organisation_id: UUID | None = None

    @property
    def singles_out(self) -> bool:
        """Tell whether the list is about somebody's machines, and not about the fleet."""
        return bool(self.site or self.q) or self.organisation_id is not None


NO_FILTERS = DeviceFilters()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLine:
    """One device as it is now; `reasons.sentences` says its reason in a language."""

    id: UUID
    serial: str
    name: str
    site: str
    firmware: str
    model_id: UUID
    model_slug: str
    model_name: str
    organisation_id: UUID | None
    organisation_name: str
    health: Health
    last_health: Health
    connectivity: Connectivity
    health_since: datetime | None
    connectivity_since: datetime | None
    reason: Reason
    last_sample_at: datetime | None
    version: int
    open_entries: int
    unread: int

    @property
    def since(self) -> datetime | None:
        """Return since when the pair of health and connectivity stands; None for one that was never heard."""
        if self.health_since is None or self.connectivity_since is None:
            return None
        return max(self.health_since, self.connectivity_since)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOverview:
    """A device's page. `now` and `conditions` are empty for who had the device once: its present is not theirs.

    The name and site of `now` are the present owner's words; a former owner knows the device by model and serial.
    """

    id: UUID
    serial: str
    model_slug: str
    model_name: str
    now: DeviceLine | None
    conditions: Sequence[ConditionState]
    periods: Sequence[Period]


def my_devices(work: Work, wanted: Slice, filters: DeviceFilters = NO_FILTERS) -> Page[DeviceLine]:
    """List the devices that the actor may look at now, the worst first, then by name.

    Shape: three queries, whatever the number of devices.
    Raises: Invalid for a health or a connectivity that there is not.
    """
    urgency = -_rank()
    name = name_at(work.now)
    query = _lines(work).add_columns(urgency.label("urgency")).where(*_conditions(filters, work.now))
    if position := wanted.position(int, str, UUID):
        query = query.where(tuple_(urgency, name, Device.id) > tuple_(*position))
    ordered = query.order_by(urgency, name, Device.id).limit(wanted.limit + 1)
    found = page_of(work.session.execute(ordered).all(), wanted, lambda row: (row.urgency, row.name, row.Device.id))
    page = Page(_counted(work, found.items), found.next_cursor)
    if filters.singles_out:
        note_customers(work, [line.organisation_id for line in page.items])
    return page


def count_by_health(work: Work, filters: DeviceFilters = NO_FILTERS) -> dict[Health, int]:
    """Count the devices that the actor may look at now by health; a health without any is zero."""
    health = _health()
    query = (
        select(health, func.count())
        .select_from(Device)
        .join(DeviceModel, DeviceModel.id == Device.model_id)
        .outerjoin(Ownership, (Ownership.device_id == Device.id) & owned_at(work.now))
        .outerjoin(DeviceStatus, _present_status(work.actor))
        .where(present_devices(work.actor, work.now), *_conditions(filters, work.now))
        .group_by(health)
    )
    counted = {row[0]: row[1] for row in work.session.execute(query)}
    return {one: counted.get(one.value, 0) for one in Health}


def device_overview(work: Work, device_id: UUID) -> DeviceOverview:
    """Return what stands at the head of a device's page.

    Raises: NotFound when no time of the device was ever the actor's.
    """
    device = device_for(work, device_id)
    rows = work.session.execute(_lines(work).where(Device.id == device.id)).all()
    lines = _counted(work, rows)
    return DeviceOverview(
        id=device.id,
        serial=device.serial,
        model_slug=device.model.slug,
        model_name=device.model.name,
        now=lines[0] if lines else None,
        conditions=[one for one in conditions_of(work, device.id) if one.is_active] if lines else (),
        periods=periods_of(work, device.id),
    )


def _lines(work: Work) -> Select[Device, DeviceStatus, UUID, str, str, str]:
    return (
        select(
            Device,
            DeviceStatus,
            Ownership.organisation_id,
            Organisation.name.label("organisation_name"),
            name_at(work.now).label("name"),
            site_at(work.now).label("site"),
        )
        .join(DeviceModel, DeviceModel.id == Device.model_id)
        .outerjoin(Ownership, (Ownership.device_id == Device.id) & owned_at(work.now))
        .outerjoin(DeviceStatus, _present_status(work.actor))
        .outerjoin(Organisation, Organisation.id == Ownership.organisation_id)
        .where(present_devices(work.actor, work.now))
    )


def _present_status(actor: Actor) -> ColumnElement[bool]:
    """Join the state that arose under the present ownership: a buyer does not inherit the seller's."""
    same_device = DeviceStatus.device_id == Device.id
    return same_device if actor.is_operator else same_device & (DeviceStatus.ownership_id == Ownership.id)


def _conditions(filters: DeviceFilters, now: datetime) -> list[ColumnElement[bool]]:
    faults = Faults()
    _check_words(faults, "/health", filters.health, Health)
    _check_words(faults, "/connectivity", filters.connectivity, Connectivity)
    faults.close()
    conditions: list[ColumnElement[bool]] = []
    if filters.health:
        conditions.append(_health().in_(filters.health))
    if filters.connectivity:
        conditions.append(_connectivity().in_(filters.connectivity))
    if filters.model:
        conditions.append(DeviceModel.slug == _printable(filters.model))
    if filters.site:
        wanted, site = _printable(filters.site), site_at(now)
        conditions.append(or_(site == wanted, site.startswith(f"{wanted},", autoescape=True)))
    if filters.organisation_id is not None:
        conditions.append(Ownership.organisation_id == filters.organisation_id)
    for word in _printable(filters.q).split():
        places = (name_at(now), Device.serial, site_at(now), DeviceModel.name)
        conditions.append(or_(*(place.icontains(word, autoescape=True) for place in places)))
    return conditions


def _check_words(faults: Faults, pointer: str, given: Sequence[str], known: type[Health | Connectivity]) -> None:
    for word in given:
        if word not in set(known):
            faults.note(pointer, Sentence("must be one of %(known)s", known=", ".join(known)))


def _printable(text: str) -> str:
    """Drop what no name holds; PostgreSQL would not even take a NUL as a question."""
    return "".join(sign for sign in text if sign.isprintable())


def _health() -> ColumnElement[str]:
    return func.coalesce(DeviceStatus.health, literal(Health.UNKNOWN.value))


def _connectivity() -> ColumnElement[str]:
    return func.coalesce(DeviceStatus.connectivity, literal(Connectivity.NEVER_SEEN.value))


def _rank() -> ColumnElement[int]:
    return case({one.value: one.rank for one in Health}, value=_health(), else_=0).cast(Integer)


def _counted(work: Work, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[DeviceLine]:
    device_ids = [row.Device.id for row in rows]
    opened, unread = open_counts(work, device_ids), unread_of_devices(work, device_ids)
    return [_line(row, opened.get(row.Device.id, 0), unread.get(row.Device.id, 0), work.now) for row in rows]


def _line(row: Row[*tuple[Any, ...]], open_entries: int, unread: int, now: datetime) -> DeviceLine:
    device: Device = row.Device
    status: DeviceStatus | None = row.DeviceStatus
    heard_ms = status.last_sample_at_ms if status else None
    return DeviceLine(
        id=device.id,
        serial=device.serial,
        name=row.name,
        site=row.site,
        firmware=device.firmware if device.has_words_at(now) else "",
        model_id=device.model_id,
        model_slug=device.model.slug,
        model_name=device.model.name,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation_name or "",
        health=Health(status.health) if status else Health.UNKNOWN,
        last_health=Health(status.last_health) if status else Health.UNKNOWN,
        connectivity=Connectivity(status.connectivity) if status else Connectivity.NEVER_SEEN,
        health_since=status.health_since if status else None,
        connectivity_since=status.connectivity_since if status else None,
        reason=status.reason if status else reason("never_seen"),
        last_sample_at=from_ms(heard_ms) if heard_ms is not None else None,
        version=status.version if status else 0,
        open_entries=open_entries,
        unread=unread,
    )


def is_signal_stale(rules: ModelRules, name: str, at_ms: int, now_ms: int) -> bool:
    """Tell whether a signal has missed its own intervals, whatever its machine's others do."""
    own_s = next((one.traits.expected_interval_s for one in rules.signals if one.name == name), None)
    return now_ms - at_ms > STALE_AFTER_INTERVALS * (own_s or rules.expected_interval_s) * SECOND_MS
