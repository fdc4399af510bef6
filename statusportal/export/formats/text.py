"""Pure: tables as CSV, as JSON Lines, and as one JSON document, written as their rows come."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from statusportal.export.formats.cells import harmless, json_line, plain
from statusportal.export.vocabulary import Row, Table

_AT_ONCE = 1_000


def csv_lines(table: Table) -> Iterator[bytes]:
    """Write a table as CSV in UTF-8, its columns first.

    Source: RFC 4180. Every text stands in quotes, so that a reader that cuts at semicolons cuts nothing.
    """
    yield _csv([table.columns])
    for rows in _chunks(table.rows):
        yield _csv(rows)


def json_lines(table: Table) -> Iterator[bytes]:
    """Write a table as JSON Lines: one object a row."""
    for rows in _chunks(table.rows):
        yield b"".join(json_line(_record(table, row)) + b"\n" for row in rows)


def json_document(head: Mapping[str, Any], tables: Iterable[Table]) -> Iterator[bytes]:
    """Write one JSON object: the members of the head, and each table as a list of objects under its name."""
    yield json_line({name: plain(value) for name, value in head.items()}).removesuffix(b"}")
    for table in tables:
        yield b',"' + table.name.encode() + b'":['
        comma = b""
        for rows in _chunks(table.rows):
            yield comma + b",".join(json_line(_record(table, row)) for row in rows)
            comma = b","
        yield b"]"
    yield b"}\n"


def _record(table: Table, row: Row) -> dict[str, Any]:
    return {column: plain(cell) for column, cell in zip(table.columns, row, strict=True)}


def _csv(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_NONNUMERIC).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while chunk := list(islice(left, _AT_ONCE)):
        yield chunk
