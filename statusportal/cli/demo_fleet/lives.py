"""The machines of the demo as they lived: readings of the past, coarse long ago, fine where something happened."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from devices.adapters.simulated.kinds import KINDS
from devices.adapters.simulated.machine import Machine
from devices.reading import Reading
from statusportal.cli.demo_fleet.content import MachineTable
from statusportal.cli.demo_fleet.times import moment, span
from statusportal.foundation.clock import to_ms

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

# How often a quiet machine speaks in its past, from so long before now on: never so seldom that a chart of the last
# 8 hours, day or week would take it for silent.
_PACES = (
    (8 * DAY, 4 * HOUR),
    (25 * HOUR, 30 * MINUTE),
    (9 * HOUR, 15 * MINUTE),
    (10 * MINUTE, 2 * MINUTE),
    (0, 10 * SECOND),
)
_SETTLED = 3 * HOUR  # after a repair temperatures are on their way back
_ONSET = 10 * MINUTE
_WARM_UP = 20 * MINUTE


class Trouble(NamedTuple):
    """A stretch in which a machine fails. Units: milliseconds since 1970 UTC; `to_ms` None means still."""

    mode: str
    from_ms: int
    to_ms: int | None


def troubles_of(table: MachineTable, now: datetime) -> tuple[Trouble, ...]:
    """Place a machine's troubles in time, oldest first."""
    placed = []
    for one in table.trouble:
        begun = moment(one.since, now)
        placed.append(Trouble(one.mode, to_ms(begun), to_ms(begun + span(one.lasts)) if one.lasts else None))
    return tuple(sorted(placed, key=lambda one: one.from_ms))


def turns_of(troubles: Iterable[Trouble]) -> list[int]:
    """Give the instants, in milliseconds, at which a failure begins or is repaired."""
    return [at_ms for one in troubles for at_ms in (one.from_ms, one.to_ms) if at_ms is not None]


class Life:
    """Live one machine from `begun` to `now`; ask for its readings piece by piece.

    Shape: `roll_calls` are instants, in milliseconds, at which every machine that is not silent speaks.
    """

    def __init__(
        self,
        table: MachineTable,
        kinds: Mapping[str, str],
        begun: datetime,
        now: datetime,
        roll_calls: Iterable[int] = (),
    ) -> None:
        self.table = table
        self._kind = KINDS[kinds[table.model]]
        self._begun_ms, self._now_ms = to_ms(begun), to_ms(now)
        self._troubles = troubles_of(table, now)
        self._stops = sorted({*turns_of(self._troubles), *roll_calls, self._now_ms})
        self._machine = self._fresh(self._begun_ms)

    def readings_until(self, until: datetime) -> Sequence[Reading]:
        """Give what the machine said since it was last asked, oldest first."""
        readings: list[Reading] = []
        while (next_ms := self._next_ms()) <= to_ms(until):
            readings += self._go_to(next_ms)
        return readings

    def _fresh(self, at_ms: int) -> Machine:
        return self._kind(self.table.serial, seed=self.table.seed, start_ms=at_ms, begun_ms=self._begun_ms)

    def _next_ms(self) -> int:
        at_ms = self._machine.at_ms
        next_ms = at_ms + self._pace_ms(at_ms)
        return min([next_ms, *(stop for stop in self._stops if at_ms < stop)])

    def _pace_ms(self, at_ms: int) -> int:
        ago_ms = self._now_ms - at_ms
        pace_ms = next((pace for since, pace in _PACES if ago_ms > since), _PACES[-1][1])
        for one in self._troubles:
            to_ms_ = self._now_ms if one.to_ms is None else one.to_ms
            if one.from_ms <= at_ms < one.from_ms + _ONSET:
                pace_ms = min(pace_ms, MINUTE)
            elif one.from_ms <= at_ms < to_ms_ + _SETTLED:
                pace_ms = min(pace_ms, max(MINUTE, min((to_ms_ - one.from_ms) // 30, 15 * MINUTE)))
        return pace_ms

    def _go_to(self, next_ms: int) -> Sequence[Reading]:
        """Step there; a long quiet stretch is skipped, since a healthy machine ends where it began."""
        if next_ms - self._machine.at_ms > HOUR and self._machine.failure_mode is None:
            self._machine = self._fresh(next_ms - _WARM_UP)
        values = self._machine.step((next_ms - self._machine.at_ms) / SECOND)
        readings = self._machine.readings(values)
        for one in self._troubles:
            if one.from_ms == next_ms:
                self._machine.trigger(one.mode)
            elif one.to_ms == next_ms:
                self._machine.clear()
        return readings
