"""Pure: what falls due by itself: a pending condition, a device that becomes stale or offline.

Source: the product's words, Connectivity: stale after 2 expected intervals, offline after 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from statusportal.catalogue.vocabulary import ModelRules
from statusportal.derivation.vocabulary import ConditionState, DeviceState, Phase
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.profiles.vocabulary import Profile

STALE_AFTER_INTERVALS = 2
OFFLINE_AFTER_INTERVALS = 5
SECOND_MS = 1_000


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a device: its model's rules, and the time zone its sentences are first written in.

    Shape: `profile` is the rules as a profile, None where the model has only limits.
    """

    rules: ModelRules
    zone: str = "UTC"
    profile: Profile | None = None

    @property
    def stale_ms(self) -> int:
        """Return how long after life a device is stale, in milliseconds."""
        return STALE_AFTER_INTERVALS * self.rules.expected_interval_s * SECOND_MS

    @property
    def offline_ms(self) -> int:
        """Return how long after life a device is offline, in milliseconds; no older sample is life."""
        return OFFLINE_AFTER_INTERVALS * self.rules.expected_interval_s * SECOND_MS


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
    if state.connectivity is not Connectivity.OFFLINE:
        pending = [one for one in state.conditions.values() if one.phase is Phase.PENDING]
        found += [Due(one.due_ms, 0, code=one.code) for one in pending if one.due_ms is not None]
        if frame.profile is not None and state.rules_due_ms is not None:
            found.append(Due(state.rules_due_ms, 0, is_of_rules=True))
    if state.heard_ms is not None:
        if state.connectivity is Connectivity.ONLINE:
            found.append(Due(state.heard_ms + frame.stale_ms, 1, connectivity=Connectivity.STALE))
        if state.connectivity in (Connectivity.ONLINE, Connectivity.STALE):
            found.append(Due(state.heard_ms + frame.offline_ms, 2, connectivity=Connectivity.OFFLINE))
    elif state.arrived_ms is not None and state.known_health is not Health.UNKNOWN and not is_left_behind(state):
        found.append(Due(max(state.arrived_ms, state.last_event_ms or 0) + frame.offline_ms, 2))
    return found


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
