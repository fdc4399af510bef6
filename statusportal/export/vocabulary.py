"""Words of taking data along: formats, tables, cells."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

from babel.numbers import get_decimal_symbol

from statusportal.foundation.errors import Sentence
from statusportal.work import Work

Cell: TypeAlias = bool | int | float | str | datetime | UUID | Mapping[str, Any] | Sequence[Any] | None
Row: TypeAlias = tuple[Cell, ...]
Position: TypeAlias = tuple[Any, ...]
Opening: TypeAlias = Callable[[], AbstractContextManager[Work]]


class Format(StrEnum):
    """What a device's data may be written as."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    PARQUET = "parquet"
    PDF = "pdf"


class DeviceTable(StrEnum):
    """What there is to take of a device."""

    SAMPLES = "samples"
    STATUS = "status"
    CONDITIONS = "conditions"
    ENTRIES = "entries"
    CHANGES = "changes"
    COMMENTS = "comments"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a table, and where the next piece begins; None after the last."""

    rows: Sequence[Row]
    following: Position | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows are read as they are asked for. Shape: each row has a cell for each column."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Row]

    def records(self) -> Iterator[dict[str, Cell]]:
        """Give each row as an object."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


@dataclass(frozen=True, slots=True)
class DeviceScope:
    """Which part of a device's data is asked for.

    Shape: half-open; with `organisation_id`, what arose under that organisation alone; the portal's own words are in
    the language of `locale`. Units: milliseconds since 1970 UTC.
    """

    device_id: UUID
    from_ms: int
    to_ms: int
    organisation_id: UUID | None = None
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Voice:
    """How a report speaks to its reader: sentences and figures in their language, codes by the family they are of."""

    locale: str
    say: Callable[[Sentence], str]
    word: Callable[[str, str], str]

    def number(self, value: float) -> str:
        """Write a figure of six digits with the decimal sign of the language."""
        return f"{value:.6g}".replace(".", get_decimal_symbol(self.locale))
