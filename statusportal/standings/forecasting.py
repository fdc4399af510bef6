"""Reading which counters run out, soonest first: when service is due by the calendar, or as fast as it is counted now.

Source: docs/adr/0042-rules-tell-where-they-stand.md. `MOST_DEVICES` is what is read in well under a second.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from statusportal.access.permissions import Permission
from statusportal.catalogue.profiling import profile_of
from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.fleet.models import Device
from statusportal.fleet.policy import present_devices
from statusportal.fleet.queries import periods_of_many, words_seen
from statusportal.foundation.vocabulary import Connectivity
from statusportal.judges.counting import Forecast
from statusportal.profiles.vocabulary import CounterRule
from statusportal.rules.evaluating import Device as Judged
from statusportal.status.models import DeviceStatus
from statusportal.status.policy import present_ownerships
from statusportal.work import Work

MOST_DEVICES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterNow:
    """How far one counter of one device is. `expected_ms` is when it is due: None where nobody can say.

    Shape: `is_estimate` where that follows from how fast it counted in the last one or two weeks; a silent machine's
    counter is not guessed. `is_called` says that its service is called for already. Units: milliseconds since 1970 UTC.
    """

    device_id: UUID
    name: str
    serial: str
    rule: CounterRule
    rules: ModelRules
    forecast: Forecast
    is_called: bool
    is_silent: bool
    expected_ms: int | None
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class Counters:
    """Counters that the reader may see, soonest first; `is_cut` where there are more machines than were looked at."""

    items: Sequence[CounterNow]
    is_cut: bool


def counters_running_out(work: Work) -> Counters:
    """List the counters of the reader's machines: what is called for first, then by when it is due.

    Shape: those that were heard; a constant number of queries, and at most `MOST_DEVICES` machines.
    """
    if not work.actor.is_scoped_to(Permission.MAINTENANCE_VIEW):
        return Counters([], is_cut=False)
    models = _counted(work)
    mine = (present_devices(work.actor, work.now), Device.model_id.in_(list(models)))
    rows = work.session.scalars(select(Device).where(*mine).order_by(Device.id).limit(MOST_DEVICES + 1)).all()
    devices = rows[:MOST_DEVICES]
    words = words_seen(work, devices)
    statuses = _statuses(work, [one.id for one in devices])
    found = [
        counter
        for device in devices
        if (status := statuses.get(device.id)) is not None
        for counter in _of_device(device, words[device.id].name, status, models[device.model_id])
    ]
    return Counters(sorted(found, key=_soonest), len(rows) > MOST_DEVICES)


def _soonest(one: CounterNow) -> tuple[bool, bool, int, str, str]:
    return not one.is_called, one.expected_ms is None, one.expected_ms or 0, one.name, one.rule.code


def _counted(work: Work) -> Mapping[UUID, ModelRules]:
    """Return the rules of models that count, as far as the reader has machines of them."""
    used = select(Device.model_id).where(present_devices(work.actor, work.now)).distinct()
    found = {}
    for model_id, rules in rules_of(work, list(work.session.scalars(used))).items():
        counters = tuple(rule for rule in rules.rules if isinstance(rule, CounterRule))
        if counters:
            found[model_id] = replace(rules, rules=counters, limits=())
    return found


def _statuses(work: Work, device_ids: Sequence[UUID]) -> Mapping[UUID, DeviceStatus]:
    """Return what is kept of devices under ownerships whose present the reader may see."""
    periods = periods_of_many(work, device_ids)
    query = select(DeviceStatus).options(undefer(DeviceStatus.memory)).where(DeviceStatus.device_id.in_(device_ids))
    return {
        row.device_id: row
        for row in work.session.scalars(query)
        if work.actor.is_operator or row.ownership_id in present_ownerships(periods[row.device_id], work.now)
    }


def _of_device(device: Device, name: str, status: DeviceStatus, rules: ModelRules) -> Iterator[CounterNow]:
    if status.memory is None:
        return
    judged = Judged(profile_of("", rules))
    judged.load({"signals": [], "posts": status.memory["device"]["posts"]})
    own = {rule.code: rule for rule in rules.rules if isinstance(rule, CounterRule)}
    is_silent = status.connectivity not in (Connectivity.ONLINE.value, Connectivity.STALE.value)
    for code, is_called, forecast in judged.counters():
        # What nobody hears is not guessed.
        expected_ms, is_estimate = (forecast.due_ms, False) if is_silent else expected(own[code], forecast)
        yield CounterNow(
            device_id=device.id,
            name=name,
            serial=device.serial,
            rule=own[code],
            rules=rules,
            forecast=forecast,
            is_called=is_called,
            is_silent=is_silent,
            expected_ms=expected_ms,
            is_estimate=is_estimate,
        )


def expected(rule: CounterRule, forecast: Forecast) -> tuple[int | None, bool]:
    """Return when a counter that is heard is due, and whether that is an estimate.

    Units: milliseconds since 1970 UTC.
    """
    if rule.every is None or not forecast.per_ms:
        return forecast.due_ms, False
    left = max(0.0, rule.every - forecast.counted)
    counted_ms = forecast.heard_ms + round(left / forecast.per_ms)
    is_first = forecast.due_ms is None or counted_ms < forecast.due_ms
    return (counted_ms, True) if is_first else (forecast.due_ms, False)
