"""Pure: a zone's calendar. A day begins at its midnight and is as long as it was: 23 or 25 hours when clocks change.

Where the clocks jump over midnight, the day begins with the jump; a day that a country skipped has no time and is left
out.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from statusportal.availability.vocabulary import Slot
from statusportal.foundation.clock import from_ms as instant
from statusportal.foundation.clock import to_ms


def days_back(now: datetime, count: int, zone: str) -> list[Slot]:
    """List the last `count` calendar days of a zone, the oldest first. Shape: the last is today and ends now."""
    place = ZoneInfo(zone)
    first = now.astimezone(place).date() - timedelta(days=count - 1)
    return days_between(_midnight_ms(first, place), to_ms(now), zone)


def days_between(from_ms: int, to_ms_: int, zone: str) -> list[Slot]:
    """List the calendar days of a zone that a half-open stretch touches, each with its part of the stretch.

    Units: milliseconds since 1970 UTC.
    """
    place = ZoneInfo(zone)
    found = []
    day = instant(from_ms).astimezone(place).date()
    start = _midnight_ms(day, place)
    while start < to_ms_:
        day += timedelta(days=1)
        end = _midnight_ms(day, place)
        if start < end:
            found.append(Slot(day - timedelta(days=1), max(start, from_ms), min(end, to_ms_)))
        start = end
    return found


def months_back(now: datetime, count: int, zone: str) -> int:
    """Return when the first of the last `count` calendar months of a zone began; the last is the present one.

    Units: milliseconds since 1970 UTC.
    """
    return month_span(_month_before(now.astimezone(ZoneInfo(zone)).date(), count - 1), zone)[0]


def month_span(on: date, zone: str) -> tuple[int, int]:
    """Return when the month of a day began in a zone, and when the next did. Units: milliseconds since 1970 UTC."""
    place = ZoneInfo(zone)
    first = on.replace(day=1)
    return _midnight_ms(first, place), _midnight_ms(_month_before(first, -1), place)


def _month_before(on: date, count: int) -> date:
    years, month = divmod(on.year * 12 + on.month - 1 - count, 12)
    return date(years, month + 1, 1)


def _midnight_ms(day: date, place: ZoneInfo) -> int:
    return to_ms(datetime.combine(day, time(), tzinfo=place))
