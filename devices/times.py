"""Moments as the outward face takes them: RFC 3339 with a zone, or integer milliseconds since 1970 UTC."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from devices.errors import TimeUnusable
from devices.sentence import Sentence

EARLIEST_MS: Final = 631_152_000_000  # 1990-01-01T00:00:00Z
LATEST_AHEAD_MS: Final = 24 * 3_600 * 1_000
_SECONDS_ERA_MAXIMUM: Final = 10**10  # an integer below this is a time in seconds, and 1970 in milliseconds

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_LEAP_SECOND: Final = 60
_RFC_3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):(\d\d)(?:\.(\d+))?(Z|z|[+-]\d\d:\d\d)?",
    re.ASCII,
)


class TimeWindow(NamedTuple):
    """The range of moments a caller is willing to take, both ends included.

    Units: milliseconds since 1970 UTC.
    """

    earliest_ms: int
    latest_ms: int

    @classmethod
    def around(cls, now_ms: int) -> "TimeWindow":
        """Give the outward face's range: from 1990-01-01 to a day ahead of now."""
        return cls(EARLIEST_MS, now_ms + LATEST_AHEAD_MS)

    def require(self, at_ms: int) -> None:
        """Refuse a moment outside the range, with a sentence that says on which side it lies.

        Raises: TimeUnusable.
        """
        if at_ms < self.earliest_ms:
            early = Sentence("%(time)s is before %(earliest)s.", time=at_ms, earliest=format_time(self.earliest_ms))
            is_in_seconds = 0 < at_ms < _SECONDS_ERA_MAXIMUM
            raise TimeUnusable(
                Sentence("%(fault)s Did you mean milliseconds?", fault=early) if is_in_seconds else early
            )
        if at_ms > self.latest_ms:
            latest = format_time(self.latest_ms)
            raise TimeUnusable(Sentence("%(time)s is after %(latest)s, too far ahead.", time=at_ms, latest=latest))


def parse_time(value: object) -> int:
    """Read a moment and round what is finer than a millisecond down.

    Units: gives milliseconds since 1970 UTC.
    Raises: TimeUnusable: another type, no zone, or no such day or hour.
    Source: RFC 3339 section 5.6; a leap second is the first moment of the next minute, as POSIX counts it.
    """
    if isinstance(value, str):
        return _parse_rfc_3339(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 2**53:
            raise TimeUnusable(Sentence("The number is too large for a time in milliseconds."))
        return value
    raise TimeUnusable(Sentence("A time is RFC 3339 text with a zone, or integer milliseconds."))


def _parse_rfc_3339(text: str) -> int:
    shown = repr(text[:40])
    match = _RFC_3339.fullmatch(text)
    if match is None:
        raise TimeUnusable(Sentence("%(given)s is no RFC 3339 time.", given=shown))
    day, minute, second, fraction, zone = match.groups()
    if zone is None:
        raise TimeUnusable(Sentence("%(given)s has no zone; end it with Z or an offset.", given=shown))
    is_leap = int(second) == _LEAP_SECOND
    try:
        moment = datetime.fromisoformat(f"{day}T{minute}:{'59' if is_leap else second}{zone.upper()}")
    except ValueError as err:
        raise TimeUnusable(Sentence("%(given)s does not exist on any calendar and clock.", given=shown)) from err
    whole_ms = (moment - _EPOCH) // _MILLISECOND
    if is_leap:
        return whole_ms + 1_000
    return whole_ms + int((fraction or "0")[:3].ljust(3, "0"))


def format_time(at_ms: int) -> str:
    """Write a moment as the outward face does: RFC 3339 in UTC with milliseconds."""
    try:
        moment = _EPOCH + at_ms * _MILLISECOND
    except OverflowError as err:
        raise TimeUnusable(Sentence("%(time)s lies outside the calendar.", time=f"{at_ms} ms")) from err
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def epoch_ms(moment: datetime) -> int:
    """Count an aware moment in milliseconds, rounding down.

    Raises: TimeUnusable: the moment is naive.
    """
    if moment.tzinfo is None:
        raise TimeUnusable(Sentence("%(time)s has no zone.", time=moment))
    return (moment - _EPOCH) // _MILLISECOND
