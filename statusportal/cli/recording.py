"""A recording as CSV: `series,timestamp,signal,value`, read row by row, however long it is."""

import csv
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from devices.reading import Value
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.errors import Invalid, Sentence

# A whole number as a table of floats writes it: 1.0, 1.7e+12.
_WHOLE = re.compile(r"-?\d+(\.0*|(\.\d*)?e\+?\d+)", re.ASCII | re.IGNORECASE)

COLUMNS = ("series", "timestamp", "signal", "value")


class BadRow(Exception):
    """Say what is wrong with one row, and in which line it stands."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file tells time, so that it is answered in the same way.

    Shape: `is_count` is a plain number (milliseconds, or a count of cycles), `is_float` one written as in `1.0`; else
    ISO 8601, with `zone` None where the file gives none and UTC is meant.
    """

    is_count: bool = False
    is_float: bool = False
    separator: str = "T"
    zone: timezone | None = UTC
    is_zulu: bool = True

    def told(self, at_ms: int) -> float | str:
        """Tell an instant as the file tells it."""
        if self.is_count:
            return float(at_ms) if self.is_float else at_ms
        at = from_ms(at_ms).astimezone(self.zone or UTC)
        text = at.replace(tzinfo=None if self.zone is None else at.tzinfo).isoformat(
            self.separator, "milliseconds" if at_ms % 1_000 else "seconds"
        )
        return text.replace("+00:00", "Z") if self.is_zulu else text


@dataclass(frozen=True, slots=True)
class Row:
    """One sample of one series."""

    series: str
    at_ms: int
    signal: str
    value: Value
    dialect: Dialect


def rows_of(lines: Iterable[str]) -> Iterator[Row | BadRow]:
    """Read a recording; a row that cannot be read is told in its place, and the rest goes on.

    Raises: Invalid when a column is missing.
    """
    reader = csv.reader(lines)
    order: list[int] | None = None
    dialects: dict[str, Dialect] = {}
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as err:
            yield BadRow(reader.line_num, str(err))
            continue
        if order is None:
            order = _columns(cells)
        elif cells:
            yield _row(cells, order, reader.line_num, dialects)


def is_in_order(rows: Iterable[Row | BadRow], most_at_once: int) -> bool:
    """Say whether the rows of each series stand in the order of time, and no instant has too many of them."""
    newest: dict[str, tuple[int, int]] = {}
    for row in rows:
        if isinstance(row, BadRow):
            continue
        at_ms, count = newest.get(row.series, (row.at_ms, 0))
        count = count + 1 if row.at_ms == at_ms else 1
        if row.at_ms < at_ms or count > most_at_once:
            return False
        newest[row.series] = row.at_ms, count
    return True


def in_time(rows: Iterable[Row]) -> Iterator[Row]:
    """Put the rows of each series in the order of time, a series after the other; it holds all of them at once."""
    whole: dict[str, list[Row]] = {}
    for row in rows:
        whole.setdefault(row.series, []).append(row)
    for series in tuple(whole):
        yield from sorted(whole.pop(series), key=lambda row: (row.at_ms, row.signal))


def _columns(heading: list[str]) -> list[int]:
    names = [name.strip().lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").casefold() for name in heading]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise Invalid.field(
            missing[0], Sentence("is not a column; the first line must name series,timestamp,signal,value")
        )
    return [names.index(name) for name in COLUMNS]


def _row(cells: list[str], order: list[int], line: int, dialects: dict[str, Dialect]) -> Row | BadRow:
    if max(order) >= len(cells):
        return BadRow(line, f"has {len(cells)} values, and {max(order) + 1} are needed")
    series, timestamp, signal, value = (cells[index].strip() for index in order)
    if not signal or not value:
        return BadRow(line, f"{'signal' if not signal else 'value'} is empty")
    dialect = dialects.get(series)
    try:
        at_ms, dialect = _instant(timestamp, dialect)
    except (ValueError, OverflowError):
        return BadRow(line, f"timestamp “{timestamp[:40]}” is no time")
    dialects[series] = dialect
    return Row(sys.intern(series), at_ms, sys.intern(signal), _value(value), dialect)


def _instant(text: str, before: Dialect | None) -> tuple[int, Dialect]:
    """Read a time; only the first of a series decides how its times are told."""
    if text.lstrip("-").isdecimal():
        return int(text), before or Dialect(is_count=True)
    if _WHOLE.fullmatch(text):
        return int(float(text)), before or Dialect(is_count=True, is_float=True)
    at = datetime.fromisoformat(text)
    at_ms = to_ms(at if at.tzinfo is not None else at.replace(tzinfo=UTC))
    if before is not None:
        return at_ms, before
    offset = at.utcoffset()
    zone = None if offset is None else timezone(offset or timedelta(0))
    separator = " " if " " in text else "T"
    return at_ms, replace(Dialect(), separator=separator, zone=zone, is_zulu=text[-1:] in "zZ")


def _value(text: str) -> Value:
    if text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text
