"""Availability for a screen: percent, seconds, and the days that stand out."""

from collections.abc import Sequence

from statusportal.availability.tally import total
from statusportal.availability.vocabulary import Day, Tally
from statusportal.foundation.vocabulary import Health as State
from statusportal.http.filters import reader_locale, reader_zone
from statusportal.http.formatting import long_date
from statusportal.http.views.availability import Spent
from statusportal.http.views.devices import Availability, NotNormalDay
from statusportal.http.views.shell import Health

_PERCENT = 100.0
_QUIET = (State.NORMAL, State.UNKNOWN)


def bars(days: Sequence[Day]) -> Availability:
    """Return the bars of a machine's days, with the days that were not normal."""
    first = next((place for place, day in enumerate(days) if day.tally.known_ms), len(days))
    heard = total(day.tally for day in days[first:])
    return Availability(
        days=tuple(_worst(day) for day in days),
        first_on=days[0].on,
        normal_percent=percent(heard.up_ms, heard.known_ms),
        reported_percent=percent(heard.known_ms, heard.known_ms + heard.unknown_ms),
        exceptions=tuple(_exception(day) for day in reversed(days) if day.worst not in _QUIET),
    )


def spent(tally: Tally) -> Spent:
    """Return how a span was spent, for a row or a list of figures."""
    return Spent(
        percent=percent(tally.up_ms, tally.known_ms),
        up_s=tally.up_ms // 1000,
        down_s=tally.down_ms // 1000,
        planned_s=tally.planned_ms // 1000,
        unknown_s=tally.unknown_ms // 1000,
        breakdowns=tally.breakdowns,
        between_s=None if tally.between_ms is None else tally.between_ms // 1000,
        repair_s=None if tally.repairing_ms is None else tally.repairing_ms // 1000,
    )


def percent(part: int, whole: int) -> float | None:
    """Return a share with one decimal; it is never rounded up to everything."""
    if not whole:
        return None
    rounded = round(_PERCENT * part / whole, 1)
    return 99.9 if rounded == _PERCENT and part < whole else rounded


def _worst(day: Day) -> Health:
    return day.worst.value


def _exception(day: Day) -> NotNormalDay:
    return NotNormalDay(
        label=long_date(day.on, zone=reader_zone(), locale=reader_locale()),
        health=_worst(day),
        lasted_s=day.worst_ms // 1000,
    )
