"""Reading where rules stand: one device at a time, in as many queries whether it has one rule or a thousand.

Source: docs/adr/0042-rules-tell-where-they-stand.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from statusportal.access.permissions import Permission
from statusportal.catalogue.profiling import limit_as_rule, profile_of
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.derivation.timers import Frame
from statusportal.derivation.vocabulary import ConditionState
from statusportal.fleet.models import Device
from statusportal.fleet.queries import periods_of
from statusportal.foundation.clock import to_ms
from statusportal.foundation.vocabulary import Connectivity
from statusportal.judges.vocabulary import NEVER_MS
from statusportal.profiles.vocabulary import AnyRule, codes_of, parts_of
from statusportal.rules.evaluating import Device as Judged
from statusportal.rules.naming import condition_code
from statusportal.rules.vocabulary import Phase, Standing
from statusportal.standings.vocabulary import RuleNow
from statusportal.status.models import Condition, DeviceStatus
from statusportal.status.policy import actor_sees_present, present_ownerships
from statusportal.status.storing import condition_state
from statusportal.telemetry.queries import last_values_of
from statusportal.telemetry.vocabulary import LastValue
from statusportal.tuning.queries import rules_of_device
from statusportal.work import Work

# What demands somebody first.
_ORDER = (Phase.ACTIVE, Phase.RECOVERING, Phase.PENDING, Phase.ERROR, Phase.NO_DATA, Phase.NORMAL)


def rules_now(work: Work, device: Device) -> list[RuleNow]:
    """List each rule that judges a device with where it stands: what is active first, then in the model's order.

    Shape: empty for a reader who may not look at the device now, and for a link, which shows a status and no rules.
    """
    periods = periods_of(work, device.id)
    if work.actor.link is not None or not actor_sees_present(work.actor, periods, work.now):
        return []
    query = select(DeviceStatus).options(undefer(DeviceStatus.memory)).where(DeviceStatus.device_id == device.id)
    row = work.session.scalar(query)
    if row is not None and not work.actor.is_operator and row.ownership_id not in present_ownerships(periods, work.now):
        row = None  # what the former owner's samples said; the new owner's have said nothing yet
    rules = rules_of_device(work, device)
    is_heard = row is not None
    seen = _Seen(
        row,
        to_ms(work.now),
        _newest(rules, last_values_of(work, device.id)) if is_heard else {},
        _conditions(work, device.id) if is_heard else {},
    )
    found = list(_with_parts([*_of_rules(rules, seen), *_of_limits(rules, seen)]))
    if not work.actor.is_scoped_to(Permission.TELEMETRY_VIEW):
        found = [replace(one, measure=None) for one in found]
    return sorted(found, key=_place)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is kept of a device; a row of None is one of which nothing was ever heard."""

    row: DeviceStatus | None
    now_ms: int
    values: Mapping[str, LastValue]
    conditions: Mapping[str, ConditionState]

    @property
    def until_ms(self) -> int:
        """Return up to when time was let pass for the rules: no further than to when silence began."""
        is_offline = self.row is not None and self.row.connectivity == Connectivity.OFFLINE.value
        return to_ms(self.row.connectivity_since) + 1 if self.row is not None and is_offline else self.now_ms


def _conditions(work: Work, device_id: UUID) -> Mapping[str, ConditionState]:
    rows = work.session.scalars(select(Condition).where(Condition.device_id == device_id))
    return {row.code: condition_state(row) for row in rows}


def _newest(rules: ModelRules, values: Iterable[LastValue]) -> Mapping[str, LastValue]:
    """Return the newest sample of each signal by what the model calls it, whichever of its names it came under."""
    names = Frame(rules).names
    return {names.get(one.signal, one.signal): one for one in sorted(values, key=lambda one: one.at_ms)}


def _of_rules(rules: ModelRules, seen: _Seen) -> Iterator[RuleNow]:
    """Take up what the rules remember, let pass what has passed since, and look."""
    if not rules.rules:
        return
    memory = None if seen.row is None else seen.row.memory
    device = Judged(profile_of("", rules))
    if memory is not None:
        device.load(memory["device"])
        # The clock counts on from the arrival of a sample, so a machine's own time may lag behind it.
        due_ms, by_clock_ms = device.due_ms, memory["due_ms"]
        lag_ms = 0 if due_ms is None or by_clock_ms is None else max(0, by_clock_ms - due_ms)
        device.elapse(seen.until_ms - lag_ms)
    own = {code: rule for rule in rules.rules for code in codes_of(rule)}
    undecided = device.undecided()
    for one in device.standings():
        if one.code in undecided and not one.phase.is_active:
            yield _of_rule(own[one.code], one._replace(phase=Phase.NO_DATA, since_ms=-NEVER_MS), seen)
        elif one.code in own:
            yield _of_rule(own[one.code], one, seen)


def _of_rule(rule: AnyRule, one: Standing, seen: _Seen) -> RuleNow:
    last = seen.values.get(one.signal or "")
    return RuleNow(
        rule=rule,
        code=condition_code(rule, one),
        signal=one.signal,
        phase=one.phase,
        health=one.health,
        since_ms=None if one.since_ms == -NEVER_MS else one.since_ms,
        due_ms=one.due_ms,
        active_since_ms=one.active_since_ms,
        times=one.times,
        learned=one.learned,
        value=None if last is None else last.value,
        value_at_ms=None if last is None else last.at_ms,
        measure=one.measure,
    )


def _of_limits(rules: ModelRules, seen: _Seen) -> Iterator[RuleNow]:
    frame = Frame(rules)
    for limit in rules.limits:
        last, known = seen.values.get(limit.signal_name), seen.conditions.get(limit.code)
        phase, since_ms = _phase_of_limit(frame, known, last, seen.until_ms)
        yield RuleNow(
            rule=limit_as_rule(limit),
            code=limit.code,
            signal=limit.signal_name,
            phase=phase,
            health=limit.health,
            since_ms=since_ms,
            due_ms=known.due_ms if known is not None and phase is Phase.PENDING else None,
            active_since_ms=None if known is None else known.active_since_ms,
            times=0 if known is None else known.count,
            value=None if last is None else last.value,
            value_at_ms=None if last is None else last.at_ms,
        )


def _phase_of_limit(
    frame: Frame, known: ConditionState | None, last: LastValue | None, until_ms: int
) -> tuple[Phase, int | None]:
    """Say where a limit stands, and since when: an active one stays so, whatever is not heard."""
    if known is not None and known.is_active:
        return Phase.ACTIVE, known.since_ms
    heard_ms = None if known is None else known.last_ms
    is_fresh = last is not None and (heard_ms or 0) < last.at_ms >= until_ms - frame.offline_ms
    if last is not None and is_fresh and not frame.is_plausible(last.signal, last.value):
        return Phase.ERROR, last.at_ms
    if known is None or heard_ms is None:
        return Phase.NO_DATA, None
    if until_ms - heard_ms > frame.offline_ms:
        return Phase.NO_DATA, heard_ms + frame.offline_ms
    return Phase(known.phase.value), known.since_ms


def _with_parts(found: Iterable[RuleNow]) -> Iterator[RuleNow]:
    """Say of each combination where its parts stand; one that stands at many signals stands as its worst."""
    rows = list(found)
    phases: dict[str, Phase] = {}
    for one in sorted(rows, key=_place, reverse=True):
        phases[one.code.partition("@")[0]] = one.phase
    for one in rows:
        parts = tuple((code, phases.get(code, Phase.NO_DATA)) for code in parts_of(one.rule))
        yield replace(one, parts=parts) if parts else one


def _place(one: RuleNow) -> tuple[int, int]:
    return _ORDER.index(one.phase), -one.health.rank if one.phase.is_active else 0
