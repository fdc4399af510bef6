"""Pure: intervals of health in, the worst of each day and the share of good time out.

Time of which nothing is known is in neither part of the share: a silent machine is not a failed one.
Source: the product's words, Health; IEC 60050-192 (2015) 192-08-01 for availability as the share of up time.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from statusportal.foundation.clock import from_ms as instant
from statusportal.foundation.clock import to_ms
from statusportal.foundation.vocabulary import Connectivity, Health

_AVAILABLE = (Health.NORMAL, Health.MAINTENANCE_REQUIRED)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of history, half-open. Units: milliseconds since 1970 UTC."""

    from_ms: int
    to_ms: int
    health: Health
    connectivity: Connectivity


@dataclass(frozen=True, slots=True)
class Day:
    """What a calendar day was like: `worst_ms` of it the worst, `good_ms` of `known_ms` fit for use, of `whole_ms`."""

    on: date
    worst: Health
    worst_ms: int
    good_ms: int
    known_ms: int
    whole_ms: int

    @property
    def share(self) -> float | None:
        """Return the availability from 0 to 1, or None on a day of which nothing is known."""
        return self.good_ms / self.known_ms if self.known_ms else None


def days_back(now: datetime, count: int, zone: str) -> list[tuple[date, int, int]]:
    """List the last `count` calendar days of a zone, the oldest first, each with its half-open span in milliseconds.

    Shape: the last is today and ends now. A day is as long as it was: 23 or 25 hours when the clocks change.
    """
    place = ZoneInfo(zone)
    first = now.astimezone(place).date() - timedelta(days=count - 1)
    return days_between(_midnight_ms(first, place), to_ms(now), zone)


def days_between(from_ms: int, to_ms_: int, zone: str) -> list[tuple[date, int, int]]:
    """List the calendar days of a zone that a half-open stretch touches, each with its part of the stretch.

    Units: milliseconds since 1970 UTC.
    """
    place = ZoneInfo(zone)
    found = []
    day = instant(from_ms).astimezone(place).date()
    while (start := _midnight_ms(day, place)) < to_ms_:
        following = day + timedelta(days=1)
        found.append((day, max(start, from_ms), min(_midnight_ms(following, place), to_ms_)))
        day = following
    return found


def daily(stretches: Sequence[Stretch], days: Sequence[tuple[date, int, int]]) -> list[Day]:
    """Sum history up by day. Shape: stretches ascending and apart; days as `days_back` gives them."""
    found = []
    first = 0
    for on, start, end in days:
        while first < len(stretches) and stretches[first].to_ms <= start:
            first += 1
        worst, good_ms = Health.UNKNOWN, 0
        spent_ms: Counter[Health] = Counter()
        for stretch in stretches[first:]:
            if stretch.from_ms >= end:
                break
            length_ms = min(stretch.to_ms, end) - max(stretch.from_ms, start)
            if length_ms <= 0 or stretch.health is Health.UNKNOWN:
                continue
            worst = max(worst, stretch.health, key=lambda one: one.rank)
            spent_ms[stretch.health] += length_ms
            good_ms += length_ms if stretch.health in _AVAILABLE else 0
        found.append(Day(on, worst, spent_ms[worst], good_ms, spent_ms.total(), max(0, end - start)))
    return found


def _midnight_ms(day: date, place: ZoneInfo) -> int:
    return to_ms(datetime.combine(day, time(), tzinfo=place))
