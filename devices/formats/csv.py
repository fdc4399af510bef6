"""Tables as text: one column a signal (wide), or one row a sample (long), with or without a heading.

Times may be RFC 3339, milliseconds, local time with a declared zone, or a mere count that is laid on the calendar.
An empty cell is no sample at all; a cell that is no number is rejected unless its column is declared as text.

Source: RFC 4180 for quoting; the C-MAPSS and NAB recordings for blank-separated columns and naive times.
"""

import csv
import io
import math
from collections.abc import Iterator, Mapping
from typing import Final

from devices.errors import PayloadMalformed, TimeUnusable
from devices.formats.csv_clock import clock_for
from devices.formats.csv_options import CsvLayout, CsvOptions
from devices.formats.protocol import Decoded
from devices.formats.samples import Collector, name_fault, value_fault
from devices.reading import SIGNAL_MAXIMUM_LENGTH, Reading
from devices.sentence import Sentence

_BLANKS: Final = " "
_LONGEST_NUMBER: Final = 40
_TRUTH: Final[Mapping[str, bool]] = {"true": True, "false": False}


class Csv:
    """Read tables by the given options."""

    def __init__(self, options: CsvOptions) -> None:
        self._options = options
        self._clock = clock_for(options)

    def decode(self, body: bytes, *, topic: str | None, arrived_ms: int) -> Decoded:
        """Decode one whole table.

        Shape: `index` is the line of the text, counted from 1.
        Raises: PayloadMalformed: no UTF-8, no table, or a declared column is missing.
        """
        del topic
        collector = Collector(arrived_ms)
        rows = _rows(body, self._options)
        names = self._options.columns or next(((cells) for _, cells in rows), ())
        if not names:
            return collector.decoded()
        columns = {name.strip(): place for place, name in enumerate(names)}
        self._require_columns(columns)
        for line, cells in rows:
            self._read_row(collector, line, columns, cells)
        return collector.decoded()

    def _require_columns(self, columns: Mapping[str, int]) -> None:
        for name in self._options.named_columns():
            if name not in columns:
                there, wanted = ", ".join(columns)[:200], repr(name[:100])
                raise PayloadMalformed(
                    Sentence("There is no column %(wanted)s; there are: %(there)s.", wanted=wanted, there=there)
                )

    def _read_row(self, collector: Collector, line: int, columns: Mapping[str, int], cells: tuple[str, ...]) -> None:
        if len(cells) != len(columns):
            fault = Sentence("%(wanted)s columns were expected, not %(given)s", wanted=len(columns), given=len(cells))
            collector.reject(line, None, Sentence("line %(line)s: %(fault)s", line=line, fault=fault))
            return
        row = {name: cells[place] for name, place in columns.items()}
        try:
            at_ms = self._clock(row[self._options.time_column])
        except TimeUnusable as err:
            collector.reject(line, None, _at(line, self._options.time_column, err.detail))
            return
        serial = row[self._options.device_column] if self._options.device_column else self._options.serial
        if serial is not None and (nameless := name_fault(serial)):
            collector.reject(line, None, _at(line, self._options.device_column or "serial", nameless))
            return
        for column, signal, text in self._cells(row):
            if not text:
                continue
            value = text if column in self._options.text_columns else _value(text)
            if value is None:
                odd = Sentence("%(given)s is not a number", given=repr(text[:40]))
                collector.reject(line, signal[:100], _at(line, column, odd))
            elif unfit := name_fault(signal) or value_fault(value):
                collector.reject(line, signal[:SIGNAL_MAXIMUM_LENGTH], _at(line, column, unfit))
            else:
                collector.accept(line, Reading(serial, signal, at_ms, value))

    def _cells(self, row: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
        options = self._options
        if options.layout is CsvLayout.LONG:
            yield options.value_column, row[options.signal_column], row[options.value_column]
            return
        for column, text in row.items():
            if column in (options.time_column, options.device_column):
                continue
            if not options.signals:
                yield column, column, text
            elif column in options.signals:
                yield column, options.signals[column], text


def _at(line: int, column: str, fault: Sentence) -> Sentence:
    return Sentence("line %(line)s, %(column)s: %(fault)s", line=line, column=column, fault=fault)


def _rows(body: bytes, options: CsvOptions) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise PayloadMalformed(
            Sentence("The table is not UTF-8: byte %(place)s does not fit.", place=err.start)
        ) from err
    if options.delimiter == _BLANKS:
        for line, row in enumerate(text.splitlines(), start=1):
            if row.strip():
                yield line, tuple(row.split())
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=options.delimiter)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, tuple(cell.strip() for cell in cells)
    except csv.Error as err:
        raise PayloadMalformed(
            Sentence("The table cannot be read from line %(line)s on.", line=reader.line_num)
        ) from err


def _value(text: str) -> float | int | bool | None:
    """Read a cell as a number or a truth; None when it is neither. Infinities and NaN are neither."""
    if text.lower() in _TRUTH:
        return _TRUTH[text.lower()]
    if len(text) > _LONGEST_NUMBER or not text.isascii() or "_" in text:
        return None
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
