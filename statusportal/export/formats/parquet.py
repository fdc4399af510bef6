"""Samples as Parquet, typed, in groups of rows."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet as pq

from statusportal.export.vocabulary import Row
from statusportal.telemetry.vocabulary import pack

_AT_ONCE = 50_000
_KINDS = ("real", "integer", "boolean", "text")


def write_parquet(rows: Iterable[Row], path: Path) -> None:
    """Write samples to a file, a row group at a time.

    Shape: rows as the table `samples` gives them. `number` holds numbers and booleans, `text` texts and whole numbers
    beyond 2**53; `kind` says which it was.
    """
    schema = pa.schema(
        [
            ("at", pa.timestamp("ms", tz="UTC")),
            ("signal", pa.dictionary(pa.int32(), pa.string())),
            ("kind", pa.dictionary(pa.int8(), pa.string())),
            ("number", pa.float64()),
            ("text", pa.string()),
            ("unit", pa.dictionary(pa.int32(), pa.string())),
            ("quality", pa.dictionary(pa.int8(), pa.string())),
        ]
    )
    left = iter(rows)
    with pq.ParquetWriter(str(path), schema, compression="zstd") as writer:
        while chunk := list(islice(left, _AT_ONCE)):
            columns = zip(*(_packed(row) for row in chunk), strict=True)
            arrays = [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _packed(row: Row) -> tuple[Any, ...]:
    at, signal, value, unit, quality = row
    kind, number, text = pack(value)  # type: ignore[arg-type]  # a sample's value, as the table has it
    return at, signal, _KINDS[kind], number, text, unit, quality
