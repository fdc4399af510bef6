"""Words of derivation: what is known of a device, and what changed.

Source: the product's words, words Condition, Health and Connectivity.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from devices.reading import Value
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.reasons.sentences import reason
from statusportal.reasons.vocabulary import Reason

# More than clocks that are kept right are apart, less than anybody waits for.
MOST_AHEAD_MS = 60_000


class Phase(StrEnum):
    """Where a condition stands: a pending one is beyond its limit, and not yet for long enough."""

    NORMAL = "normal"
    PENDING = "pending"
    ACTIVE = "active"


class ConditionState(msgspec.Struct, frozen=True):
    """A condition as last known. One without `limit_id` was declared by a person.

    Units: milliseconds since 1970 UTC. `since_ms` begins the present phase, `last_ms` is the newest sample looked at,
    and `due_ms` is when a pending one becomes active by the clock if nothing more is heard.
    """

    code: str
    phase: Phase
    health: Health
    since_ms: int
    first_ms: int
    last_ms: int
    signal_name: str | None = None
    limit_id: UUID | None = None
    value: float | None = None
    active_since_ms: int | None = None
    due_ms: int | None = None
    count: int = 0
    reason: Reason = msgspec.field(default_factory=dict)

    @property
    def is_active(self) -> bool:
        """Tell whether it counts for the device's health."""
        return self.phase is Phase.ACTIVE

    @property
    def is_declared(self) -> bool:
        """Tell whether a person said so, whatever the samples say."""
        return self.limit_id is None


class Observation(msgspec.Struct, frozen=True, gc=False):
    """One sample as derivation sees it; a stale one tells that its source is gone. Units: ms since 1970 UTC."""

    signal: str
    at_ms: int
    value: Value
    is_good: bool = True
    is_retained: bool = False
    is_stale: bool = False

    def is_ahead(self, now_ms: int) -> bool:
        """Tell whether its time has yet to come; what a clock is ahead by as a rule does not count."""
        return self.at_ms > now_ms + MOST_AHEAD_MS


class DeviceState(msgspec.Struct, frozen=True):
    """All that derivation remembers of a device between two batches.

    Shape: `health` is what is shown, `known_health` what was last known; they differ while the device is silent.
    Units: milliseconds since 1970 UTC; `changed_ms` is when the present pair of health and connectivity began,
    `heard_ms` the last sign of life, `arrived_ms` the last arrival of anything, old or retained samples too;
    `memory` is what the model's rules remember, `rules_due_ms` when one of them falls due by itself, and
    `service_due_ms` when one does by the calendar, which goes on if the machine is silent; since
    `aside_since_ms` nothing of this is derived but connectivity; since `poor_since_ms` no value was good, and since
    `unusable_since_ms` that hides what is known.
    """

    health: Health
    known_health: Health
    connectivity: Connectivity
    health_since_ms: int
    connectivity_since_ms: int
    changed_ms: int
    reason: Reason
    last_event_ms: int | None = None
    heard_ms: int | None = None
    arrived_ms: int | None = None
    conditions: Mapping[str, ConditionState] = msgspec.field(default_factory=dict)
    memory: Mapping[str, Any] | None = None
    rules_due_ms: int | None = None
    service_due_ms: int | None = None
    aside_since_ms: int | None = None
    poor_since_ms: int | None = None
    unusable_since_ms: int | None = None

    @property
    def is_aside(self) -> bool:
        """Tell whether it is set aside: an error keeps it from being derived, and only signs of life are heard."""
        return self.aside_since_ms is not None

    @property
    def is_blind(self) -> bool:
        """Tell whether what is known is not to be shown, though the machine is heard."""
        return self.aside_since_ms is not None or self.unusable_since_ms is not None


def unheard(at_ms: int) -> DeviceState:
    """Return what is known of a device of which nothing was ever heard."""
    return DeviceState(
        health=Health.UNKNOWN,
        known_health=Health.UNKNOWN,
        connectivity=Connectivity.NEVER_SEEN,
        health_since_ms=at_ms,
        connectivity_since_ms=at_ms,
        changed_ms=at_ms,
        reason=reason("never_seen"),
    )


@dataclass(frozen=True, slots=True)
class Shift:
    """Health or connectivity became another at `at_ms`."""

    at_ms: int
    health_before: Health
    health_after: Health
    connectivity_before: Connectivity
    connectivity_after: Connectivity
    reason: Reason


@dataclass(frozen=True, slots=True)
class Raised:
    """A condition became active at `at_ms`."""

    at_ms: int
    condition: ConditionState


@dataclass(frozen=True, slots=True)
class Cleared:
    """A condition that was active as `condition` tells is so no more since `at_ms`; `value` cleared it."""

    at_ms: int
    condition: ConditionState
    value: float | None
    reason: Reason


Fact: TypeAlias = Shift | Raised | Cleared


@dataclass(frozen=True, slots=True)
class Outcome:
    """What derivation made of a batch or of time going by; facts stand in the order they came about."""

    state: DeviceState
    facts: tuple[Fact, ...]
