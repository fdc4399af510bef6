"""How a table's time column becomes milliseconds.

Source: RFC 3339 for iso; PEP 495 for local times that a clock change makes ambiguous (the first of the two is taken).
"""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from devices.errors import TimeUnusable
from devices.formats.csv_options import CsvOptions
from devices.sentence import Sentence
from devices.times import epoch_ms, parse_time

Clock = Callable[[str], int]
_LONGEST_COUNT = 15


def clock_for(options: CsvOptions) -> Clock:
    """Choose the reading of times once for the whole table.

    Raises: TimeUnusable, by the clock it gives, for every text it cannot read.
    """
    zone = ZoneInfo(options.time_zone) if options.time_zone else None
    if options.time_format == "ms":
        return _milliseconds
    if options.time_format == "count":
        start_ms, step_ms = parse_time(options.time_start), options.time_step_s * 1_000
        return lambda text: parse_time(start_ms + int(_count(text) * step_ms))
    if options.time_format == "iso":
        return lambda text: _iso(text, zone)
    return lambda text: _pattern(text, options.time_format, zone)


def _milliseconds(text: str) -> int:
    if not text.removeprefix("-").isdecimal() or len(text) > _LONGEST_COUNT:
        raise TimeUnusable(Sentence("%(given)s is no time in whole milliseconds.", given=repr(text[:40])))
    return parse_time(int(text))


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > _LONGEST_COUNT:
        raise TimeUnusable(Sentence("%(given)s is no count.", given=repr(text[:40])))
    return int(text)


def _iso(text: str, zone: ZoneInfo | None) -> int:
    if zone is None:
        return parse_time(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise TimeUnusable(Sentence("%(given)s is no ISO 8601 time.", given=repr(text[:40]))) from err
    return _zoned(moment, zone)


def _pattern(text: str, pattern: str, zone: ZoneInfo | None) -> int:
    try:
        moment = datetime.strptime(text, pattern)  # noqa: DTZ007 -- the zone is declared beside the pattern
    except ValueError as err:
        raise TimeUnusable(
            Sentence("%(given)s does not fit %(pattern)s.", given=repr(text[:40]), pattern=repr(pattern))
        ) from err
    return _zoned(moment, zone)


def _zoned(moment: datetime, zone: ZoneInfo | None) -> int:
    if moment.tzinfo is None:
        if zone is None:
            raise TimeUnusable(Sentence("%(time)s has no zone; declare time_zone.", time=moment))
        moment = moment.replace(tzinfo=zone)
    try:
        return epoch_ms(moment)
    except OverflowError as err:
        raise TimeUnusable(Sentence("%(time)s lies outside the calendar.", time=moment)) from err
