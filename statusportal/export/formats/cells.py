"""Pure: one cell as text, as JSON, and as text that no spreadsheet takes for a formula."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from statusportal.export.vocabulary import Cell
from statusportal.foundation.clock import instant_text

# What a spreadsheet begins a formula with, in ASCII and in full width.
_FORMULA = frozenset(
    "=+-@\N{MINUS SIGN}\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}"
    "\N{FULLWIDTH COMMERCIAL AT}"
)
# What it passes over, or cuts at, before it looks for one.
_PASSED_OVER = " \N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\"';,|"
_LINES = frozenset("\t\r\n\v\f\0")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


def plain(cell: Cell) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return a cell as JSON knows it."""
    if isinstance(cell, datetime):
        return instant_text(cell)
    return str(cell) if isinstance(cell, UUID) else cell


def json_line(value: object) -> bytes:
    """Write one value as JSON; instants as RFC 3339, ids as text."""
    return msgspec.json.encode(value, enc_hook=str)


def text_of(cell: Cell) -> str | int | float:
    """Return a cell for a format that knows numbers and text: numbers stay numbers, objects become JSON."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return cell
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        return instant_text(cell)
    return str(cell) if isinstance(cell, UUID) else json_line(cell).decode()


def harmless(cell: Cell) -> str | int | float:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before a text that could be one.

    Shape: numbers are returned as they are, and so is a text that is a number from its first sign to its last.
    Source: OWASP, CSV Injection; a text behind a separator or a quote counts too, since readers in other countries
    cut at other signs.
    """
    found = text_of(cell)
    if not isinstance(found, str) or not found or _NUMBER.fullmatch(found):
        return found
    begins = found.lstrip(_PASSED_OVER)[:1]
    return f"'{found}" if found[0] in _LINES or begins in _FORMULA | _LINES else found
