"""Reading availability: each reader's inside their own periods, in the calendar of the organisation concerned.

A device's calendar is that of the organisation whose time of it the reader sees last. Each read takes a constant number
of queries for each 2,000 devices, whatever the number of days.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.queries import organisation_for, organisations_named
from statusportal.availability.calendar import days_back, days_between
from statusportal.availability.tally import daily, filled, monthly, passages, tally_of, total
from statusportal.availability.vocabulary import Day, Passage, Stretch, Tally
from statusportal.catalogue.queries import model_for
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.policy import visible_devices
from statusportal.fleet.queries import device_for, periods_of_many, words_seen
from statusportal.fleet.vocabulary import Period
from statusportal.foundation.clock import from_ms as instant
from statusportal.foundation.clock import to_ms as instant_ms
from statusportal.foundation.vocabulary import Health
from statusportal.maintenance.queries import planned_spans
from statusportal.status.models import StatusInterval
from statusportal.telemetry.policy import spans_of, within
from statusportal.telemetry.vocabulary import Span
from statusportal.work import Work

BAR_DAYS = 90
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class DeviceAvailability:
    """A device's days in its zone, the oldest first."""

    zone: str
    days: Sequence[Day]

    @property
    def months(self) -> list[Day]:
        """Return its months, the oldest first; the first and the last may be parts of one."""
        return monthly(self.days)

    @property
    def total(self) -> Tally:
        """Return all of it."""
        return total(day.tally for day in self.days)


@dataclass(frozen=True, slots=True)
class FleetLine:
    """A device of a fleet: what the reader may call it, and how its time was spent."""

    device: Device
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class FleetAvailability:
    """Many devices over one span, the least available first; those of which nothing is known stand last."""

    zone: str
    lines: Sequence[FleetLine]

    @property
    def total(self) -> Tally:
        """Return all of them together."""
        return total(line.tally for line in self.lines)


def days_of(work: Work, device_ids: Iterable[UUID], count: int = BAR_DAYS) -> dict[UUID, list[Day]]:
    """Return the last days of many devices: the worst of each, and how it was spent.

    Shape: `count` days each, the oldest first, in the device's calendar; unknown where the reader may not look.
    """
    wanted = list(device_ids)
    periods = periods_of_many(work, wanted)
    zones = _zones(work, periods)
    slots = {zone: days_back(work.now, count, zone) for zone in set(zones.values())}
    if not slots:
        return {}
    now_ms = instant_ms(work.now)
    walked = _walked(work, periods, min(days[0].from_ms for days in slots.values()), now_ms)
    return {device_id: daily(walked[device_id], slots[zones[device_id]]) for device_id in wanted}


def availability_of(work: Work, device_id: UUID, from_ms: int, to_ms: int) -> DeviceAvailability:
    """Return the days that a half-open stretch touches; the future is left out.

    Units: milliseconds since 1970 UTC. Raises: NotFound.
    """
    device_for(work, device_id)
    periods = periods_of_many(work, [device_id])
    zone = _zones(work, periods)[device_id]
    to_ms = min(to_ms, instant_ms(work.now))
    walked = _walked(work, periods, from_ms, to_ms)[device_id]
    return DeviceAvailability(zone, daily(walked, days_between(from_ms, to_ms, zone)))


def zone_of(work: Work, device_id: UUID) -> str:
    """Return the time zone in whose calendar a reader's days of a device are counted.

    Raises: NotFound.
    """
    device_for(work, device_id)
    return _zones(work, periods_of_many(work, [device_id]))[device_id]


def availability_of_organisation(work: Work, organisation_id: UUID, from_ms: int, to_ms: int) -> FleetAvailability:
    """Return how the devices of an organisation spent a half-open stretch, each while it belonged there.

    Units: milliseconds since 1970 UTC. Raises: NotFound, Forbidden.
    """
    row = organisation_for(work, organisation_id)
    require(work.actor, Permission.DEVICE_VIEW, row.id)
    owned = (
        select(Ownership.device_id)
        .where(Ownership.organisation_id == row.id, Ownership.from_at < instant(to_ms))
        .where(or_(Ownership.to_at.is_(None), Ownership.to_at > instant(from_ms)))
    )
    lines = _lines(work, Device.id.in_(owned), (from_ms, to_ms), row.id)
    return FleetAvailability(row.time_zone, lines)


def availability_of_model(work: Work, model_id: UUID, from_ms: int, to_ms: int) -> FleetAvailability:
    """Return how the devices of a model that the reader may see spent a half-open stretch, in the portal's calendar.

    Units: milliseconds since 1970 UTC. Raises: Forbidden, NotFound.
    """
    require(work.actor, Permission.DEVICE_VIEW)
    model = model_for(work, model_id)
    lines = _lines(work, Device.model_id == model.id, (from_ms, to_ms), None)
    return FleetAvailability(work.settings.default_time_zone, lines)


def _lines(work: Work, which: ColumnElement[bool], span: Span, organisation_id: UUID | None) -> list[FleetLine]:
    """Count the devices that the reader may see, the least available first; those without time in the span are out."""
    query = select(Device).where(which, visible_devices(work.actor, work.now)).order_by(Device.id)
    devices = work.session.scalars(query).all()
    lines = []
    for first in range(0, len(devices), AT_ONCE):
        piece = devices[first : first + AT_ONCE]
        names = words_seen(work, piece)
        tallies = _tallies(work, [device.id for device in piece], span, organisation_id)
        lines += [FleetLine(one, names[one.id].name, tallies[one.id]) for one in piece if tallies[one.id].whole_ms]
    return sorted(lines, key=lambda line: (line.tally.share is None, line.tally.share, line.name, line.device.id))


def _tallies(work: Work, ids: Sequence[UUID], span: Span, organisation_id: UUID | None) -> dict[UUID, Tally]:
    periods = {
        device_id: [one for one in found if organisation_id in (None, one.organisation_id)]
        for device_id, found in periods_of_many(work, ids).items()
    }
    walked = _walked(work, periods, span[0], min(span[1], instant_ms(work.now)))
    return {device_id: tally_of(found) for device_id, found in walked.items()}


def _zones(work: Work, periods: Mapping[UUID, Sequence[Period]]) -> dict[UUID, str]:
    """Say for each device whose calendar counts: that of the organisation whose time the reader sees last."""
    last = {
        device_id: max(found, key=lambda one: (one.to_at is None, one.to_at or one.from_at)).organisation_id
        for device_id, found in periods.items()
        if found
    }
    rows = organisations_named(work, list(last.values()))
    usual = work.settings.default_time_zone
    return {one: rows[last[one]].time_zone if last.get(one) in rows else usual for one in periods}


def _walked(
    work: Work, periods: Mapping[UUID, Sequence[Period]], from_ms: int, to_ms: int
) -> dict[UUID, list[Passage]]:
    """Read the history of many devices as it counts, cut to a stretch and to the reader's periods; two queries."""
    spans = {device_id: within(_spans(work, found), from_ms, to_ms) for device_id, found in periods.items()}
    history: dict[UUID, list[Stretch]] = {device_id: [] for device_id in periods}
    interval = StatusInterval
    query = (
        select(interval.device_id, interval.from_ms, interval.to_ms, interval.health)
        .where(interval.device_id.in_([one for one, seen in spans.items() if seen]), interval.from_ms < to_ms)
        .where(or_(interval.to_ms.is_(None), interval.to_ms > from_ms))
        .order_by(interval.device_id, interval.from_ms)
    )
    for device_id, start, end, health in work.session.execute(query):
        history[device_id].append(Stretch(start, to_ms if end is None else end, Health(health)))
    planned = planned_spans(work, periods, from_ms, to_ms)
    return {
        device_id: list(passages(filled(history[device_id], seen), planned[device_id]))
        for device_id, seen in spans.items()
    }


def _spans(work: Work, periods: Sequence[Period]) -> list[Span]:
    """Return the times that may be read; a link to an entry opens what stands in it, and no other moment."""
    link = work.actor.link
    return [] if link is not None and link.entry_id is not None else spans_of(periods)
