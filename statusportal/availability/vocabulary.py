"""Words of availability: stretches of health, and how time was spent.

Source: IEC 60050-192 (2015), 192-08-05 mean availability, 192-05-13 mean operating time between failures, 192-07-23
mean time to restoration; NAMUR NE 107 (2012) for what each health says about use.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from statusportal.foundation.vocabulary import Health


class Use(StrEnum):
    """What a stretch of time counts as.

    `broken` and `checked` are both down: under a function check nothing is measured, but nothing broke either.
    """

    UP = "up"
    BROKEN = "broken"
    CHECKED = "checked"
    UNKNOWN = "unknown"
    PLANNED = "planned"


USES: Mapping[Health, Use] = MappingProxyType(
    {
        Health.NORMAL: Use.UP,
        Health.MAINTENANCE_REQUIRED: Use.UP,
        Health.OFF_SPEC: Use.BROKEN,
        Health.FAILURE: Use.BROKEN,
        Health.CHECK_FUNCTION: Use.CHECKED,
        Health.UNKNOWN: Use.UNKNOWN,
    }
)


class Stretch(NamedTuple):
    """A piece of history, half-open; `is_begun` tells that its health began with it, and was not only cut there.

    Units: milliseconds since 1970 UTC.
    """

    from_ms: int
    to_ms: int
    health: Health
    is_begun: bool = True


class Passage(NamedTuple):
    """A piece of history as it counts. `is_breakdown` where one begins with it: all of its repair is `repair_ms`.

    Units: milliseconds since 1970 UTC, half-open.
    """

    from_ms: int
    to_ms: int
    health: Health
    use: Use
    is_breakdown: bool = False
    repair_ms: int = 0


class Slot(NamedTuple):
    """A calendar day, or the part of it that is asked for. Units: milliseconds since 1970 UTC, half-open."""

    on: date
    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How a span of time was spent, and how many breakdowns began in it. Tallies of parts add up to that of the whole.

    `repair_ms` is how long the breakdowns that began in it were repaired, beyond its end too. Planned work and silence
    are in neither share.
    """

    up_ms: int = 0
    down_ms: int = 0
    repair_ms: int = 0
    unknown_ms: int = 0
    planned_ms: int = 0
    breakdowns: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.up_ms + other.up_ms,
            self.down_ms + other.down_ms,
            self.repair_ms + other.repair_ms,
            self.unknown_ms + other.unknown_ms,
            self.planned_ms + other.planned_ms,
            self.breakdowns + other.breakdowns,
        )

    @property
    def known_ms(self) -> int:
        """Return the time that counts: known, and outside planned work."""
        return self.up_ms + self.down_ms

    @property
    def whole_ms(self) -> int:
        """Return the length of the span."""
        return self.known_ms + self.unknown_ms + self.planned_ms

    @property
    def share(self) -> float | None:
        """Return the availability from 0 to 1, or None where nothing counts."""
        return self.up_ms / self.known_ms if self.known_ms else None

    @property
    def between_ms(self) -> int | None:
        """Return the mean time between failures: the time up, shared among the breakdowns; None without one."""
        return self.up_ms // self.breakdowns if self.breakdowns else None

    @property
    def repairing_ms(self) -> int | None:
        """Return the mean time to repair: from a breakdown until the machine was fit for use; None without one."""
        return self.repair_ms // self.breakdowns if self.breakdowns else None


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day: `worst_ms` of it in the worst health outside planned work, and how all of it was spent."""

    on: date
    worst: Health
    worst_ms: int
    tally: Tally
