"""Pure: what falls due by itself: a pending condition, a device that becomes stale or offline.

Source: the product's words, Connectivity: stale after 2 expected intervals, offline after 5.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

import msgspec

from devices.reading import Value
from statusportal.catalogue.vocabulary import LimitRule, ModelRules
from statusportal.derivation.ruling import Rulebook
from statusportal.derivation.vocabulary import ConditionState, DeviceState, Phase
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.judges.vocabulary import MOST
from statusportal.profiles.vocabulary import EVERY_SIGNAL, CombinationRule, NativeRule, Profile, codes_of, parts_of
from statusportal.rules.naming import rule_id

STALE_AFTER_INTERVALS = 2
OFFLINE_AFTER_INTERVALS = 5
SECOND_MS = 1_000


@dataclass(frozen=True)
class Frame:
    """What stands around a device: its model's rules, and the time zone its sentences are first written in.

    One serves all devices of a model, so that what derivation needs of the rules is made ready once.

    Shape: `profile` is the rules as a profile, None where the model has only limits.
    """

    rules: ModelRules
    zone: str = "UTC"
    profile: Profile | None = None

    @cached_property
    def stale_ms(self) -> int:
        """Return how long after life a device is stale, in milliseconds."""
        return STALE_AFTER_INTERVALS * self.rules.expected_interval_s * SECOND_MS

    @cached_property
    def offline_ms(self) -> int:
        """Return how long after life a device is offline, in milliseconds; no older sample is life."""
        return OFFLINE_AFTER_INTERVALS * self.rules.expected_interval_s * SECOND_MS

    @cached_property
    def limits(self) -> Mapping[str, Sequence[LimitRule]]:
        """Return the limits by the signal they judge, under each of its names."""
        limits: dict[str, list[LimitRule]] = {}
        for limit in self.rules.limits:
            limits.setdefault(limit.signal_name, []).append(limit)
        return {name: limits[one] for name, one in self.names.items() if one in limits} | limits

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return what the model calls a signal, by every name it may come under."""
        return {name: one.name for one in self.rules.signals for name in one.names}

    @cached_property
    def _bounds(self) -> Mapping[str, tuple[float, float]]:
        """Return what each signal may measure at all."""
        traits = [(name, one.traits.lowest, one.traits.highest) for one in self.rules.signals for name in one.names]
        return {name: (-MOST if low is None else low, MOST if high is None else high) for name, low, high in traits}

    def is_plausible(self, signal: str, value: Value) -> bool:
        """Tell whether a limit may judge a value: outside of what its signal can measure, the sensor is broken."""
        lowest, highest = self._bounds.get(signal, (-MOST, MOST))
        return not isinstance(value, str) and lowest <= value <= highest

    @cached_property
    def mark(self) -> str:
        """Return a mark of the rules, which is another as soon as they judge otherwise; their words are no matter."""
        return hashlib.sha256(msgspec.json.encode(self.rules.judged())).hexdigest()

    @cached_property
    def known_ids(self) -> frozenset[UUID]:
        """Return the ids of everything that may raise a condition: limits, and codes of rules."""
        ruled = {rule_id(code) for rule in self.rules.rules for code in codes_of(rule)}
        return frozenset(limit.id for limit in self.rules.limits) | ruled

    def clear_after_ms(self, code: str) -> int:
        """Return how long a condition must be clear for the machine to confirm that it is over, in milliseconds."""
        own_s = self._clear_after_s.get(code.partition("@")[0])
        return round((self.rules.clear_after_s if own_s is None else own_s) * SECOND_MS)

    @cached_property
    def _clear_after_s(self) -> Mapping[str, float | None]:
        return {code: rule.clear_after_s for rule in self.rules.rules for code in codes_of(rule)}

    @cached_property
    def _combined(self) -> frozenset[str]:
        """Return the signals that combinations hang on, by all of their names; `*` where that may be any."""
        parts = {part for rule in self.rules.rules for part in parts_of(rule)}
        found = {limit.signal_name for limit in self.rules.limits if limit.code in parts}
        for rule in self.rules.rules:
            if not isinstance(rule, CombinationRule) and not parts.isdisjoint(codes_of(rule)):
                found.add(EVERY_SIGNAL if isinstance(rule, NativeRule) and rule.by_code else rule.signal)
        return frozenset(found).union(*(one.names for one in self.rules.signals if one.name in found))

    def is_combined(self, signal: str) -> bool:
        """Tell whether a combination hangs on a signal, so that it has one order with the others it hangs on."""
        return signal in self._combined or EVERY_SIGNAL in self._combined

    @cached_property
    def rulebook(self) -> Rulebook | None:
        """Return the rules made ready, None where the model has only limits."""
        return None if self.profile is None else Rulebook(self.profile, self.rules)


def due_ms(frame: Frame, state: DeviceState) -> int | None:
    """Return when something falls due next if nothing is heard, or None when nothing will.

    Units: milliseconds since 1970 UTC.
    """
    return min((due.at_ms for due in dues(frame, state)), default=None)


class Due(NamedTuple):
    """Something that falls due by itself; `rank` orders what falls due together."""

    at_ms: int
    rank: int
    code: str = ""
    connectivity: Connectivity | None = None
    is_of_rules: bool = False


def dues(frame: Frame, state: DeviceState) -> list[Due]:
    """List all that falls due by itself if nothing is heard."""
    found = []
    if state.connectivity is not Connectivity.OFFLINE and not state.is_aside:
        pending = [one for one in state.conditions.values() if one.phase is Phase.PENDING]
        found += [Due(one.due_ms, 0, code=one.code) for one in pending if one.due_ms is not None]
        if state.rules_due_ms is not None and frame.profile is not None:
            found.append(Due(state.rules_due_ms, 0, is_of_rules=True))
    if state.service_due_ms is not None and frame.profile is not None and not state.is_aside:
        found.append(Due(state.service_due_ms, 0, is_of_rules=True))
    if state.heard_ms is not None:
        if state.connectivity is Connectivity.ONLINE:
            found.append(Due(state.heard_ms + frame.stale_ms, 1, connectivity=Connectivity.STALE))
        if state.connectivity in (Connectivity.ONLINE, Connectivity.STALE):
            found.append(Due(state.heard_ms + frame.offline_ms, 2, connectivity=Connectivity.OFFLINE))
    elif (
        state.arrived_ms is not None
        and not state.is_aside
        and state.known_health is not Health.UNKNOWN
        and not is_left_behind(state)
    ):
        found.append(Due(max(state.arrived_ms, state.last_event_ms or 0) + frame.offline_ms, 2))
    return found


def is_calm_until(frame: Frame, state: DeviceState, until_ms: int) -> bool:
    """Tell whether a device is heard and nothing falls due up to an instant: most are, at most batches.

    Units: milliseconds since 1970 UTC.
    """
    return (
        state.connectivity is Connectivity.ONLINE
        and state.heard_ms is not None
        and state.heard_ms + frame.stale_ms > until_ms
        and all(due is None or due > until_ms for due in (state.rules_due_ms, state.service_due_ms))
        and all(one.due_ms is None or one.due_ms > until_ms for one in state.conditions.values())
    )


def is_left_behind(state: DeviceState) -> bool:
    """Tell whether a device that was never alive is known by old samples alone, and they have been left behind."""
    is_known = state.known_health is not Health.UNKNOWN
    return (
        is_known and state.connectivity is Connectivity.NEVER_SEEN and state.health is declared_health(state.conditions)
    )


def declared_health(conditions: Mapping[str, ConditionState]) -> Health:
    """Return the worst that people say of a device, unknown when they say nothing."""
    declared = [one.health for one in conditions.values() if one.is_active and one.is_declared]
    return max(declared, key=lambda one: one.rank, default=Health.UNKNOWN)
