"""Pure: how the demo's files tell time, always against the moment of seeding.

A span is `26h 50m`; a moment is a span ago, `-4h 8m`, or a day ago with a clock in the operator's zone, `-17d 12:04`.
"""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Europe/Copenhagen")
_PART: Final = re.compile(r"(\d+)([dhms])")
_UNITS: Final = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_CLOCK: Final = re.compile(r"-(\d+)d (\d{2}):(\d{2})")
_PLACE: Final = re.compile(r"\{(clock|day):([0-9dhms ]+)\}")


def span(text: str) -> timedelta:
    """Read a span such as `26h 50m`.

    Raises: ValueError.
    """
    parts = text.split()
    found = [_PART.fullmatch(part) for part in parts]
    if not parts or None in found:
        raise ValueError(f"{text!r} is no span such as '26h 50m'")
    return sum((timedelta(**{_UNITS[one[2]]: int(one[1])}) for one in found if one), timedelta())


def moment(text: str, now: datetime) -> datetime:
    """Read a moment before `now`.

    Raises: ValueError.
    """
    clock = _CLOCK.fullmatch(text)
    if clock is None:
        if not text.startswith("-"):
            raise ValueError(f"{text!r} is no moment such as '-4h 8m' or '-17d 12:04'")
        return now - span(text[1:])
    day = now.astimezone(ZONE).date() - timedelta(days=int(clock[1]))
    return datetime.combine(day, time(int(clock[2]), int(clock[3])), ZONE).astimezone(now.tzinfo)


def with_times(text: str, since: datetime) -> str:
    """Fill `{clock:6h 15m}` and `{day:8d}`: the clock or the weekday so long after `since`."""
    said: dict[str, Callable[[datetime], str]] = {"clock": _quarter, "day": lambda at: f"{at:%A}"}
    return _PLACE.sub(lambda found: said[found[1]]((since + span(found[2])).astimezone(ZONE)), text)


def _quarter(at: datetime) -> str:
    """Say a clock as people promise it: to the quarter of an hour."""
    rounded = at + timedelta(minutes=7)
    return f"{rounded.replace(minute=rounded.minute // 15 * 15):%H:%M}"
