"""What the two databases must be told differently: finding many keys at once, and adding many rows at once."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeAlias
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from statusportal.telemetry.vocabulary import Packed

Key: TypeAlias = tuple[UUID, int, int]
SampleRow: TypeAlias = tuple[UUID, int, int, int, float | None, str | None, int]

_COLUMNS = "device_id, signal_number, at_ms, kind, real, text, quality"
_TYPES = ("uuid", "int4", "int8", "int2", "float8", "text", "int2")


class Statements(Protocol):
    """The two statements whose speed needs a database's own words."""

    def existing(self, connection: Connection, keys: Sequence[Key]) -> dict[Key, Packed]:
        """Find which keys are stored, with their values, in one statement however many they are."""
        ...

    def insert(self, connection: Connection, rows: Sequence[SampleRow]) -> None:
        """Add rows whose keys are known to be free."""
        ...


class SqliteStatements:
    """Keys travel as one JSON text, values as bound parameters: a JSON real may lose its last bit."""

    def existing(self, connection: Connection, keys: Sequence[Key]) -> dict[Key, Packed]:
        """Join the keys to the primary key, each by its own look-up."""
        wanted = msgspec.json.encode([(device_id.hex, number, at_ms) for device_id, number, at_ms in keys]).decode()
        found = connection.exec_driver_sql(
            "SELECT s.device_id, s.signal_number, s.at_ms, s.kind, s.real, s.text"
            " FROM json_each(?) AS k CROSS JOIN sample AS s"
            " WHERE s.device_id = json_extract(k.value, '$[0]') AND s.signal_number = json_extract(k.value, '$[1]')"
            " AND s.at_ms = json_extract(k.value, '$[2]')",
            (wanted,),
        )
        return {(UUID(row[0]), row[1], row[2]): (row[3], row[4], row[5]) for row in found}

    def insert(self, connection: Connection, rows: Sequence[SampleRow]) -> None:
        """Insert with one prepared statement."""
        values = [(row[0].hex, *row[1:]) for row in rows]
        connection.exec_driver_sql(f"INSERT INTO sample ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608 - a constant


class PostgresStatements:
    """Keys travel as arrays, rows as one COPY."""

    def existing(self, connection: Connection, keys: Sequence[Key]) -> dict[Key, Packed]:
        """Join the unnested arrays to the primary key."""
        devices, numbers, times = (list(column) for column in zip(*keys, strict=True))
        found = connection.exec_driver_sql(
            "SELECT s.device_id, s.signal_number, s.at_ms, s.kind, s.real, s.text"
            " FROM unnest(%s::uuid[], %s::int[], %s::bigint[]) AS k(device_id, signal_number, at_ms)"
            " JOIN sample AS s USING (device_id, signal_number, at_ms)",
            (devices, numbers, times),
        )
        return {(row[0], row[1], row[2]): (row[3], row[4], row[5]) for row in found}

    def insert(self, connection: Connection, rows: Sequence[SampleRow]) -> None:
        """Stream the rows in PostgreSQL's binary form."""
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(f"COPY sample ({_COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(_TYPES)
            for row in rows:
                copy.write_row(row)


def statements_for(dialect: str) -> Statements:
    """Return the statements of a database."""
    return PostgresStatements() if dialect == "postgresql" else SqliteStatements()


def chunks(items: Iterable[UUID], size: int = 5_000) -> list[list[UUID]]:
    """Cut a list of ids so that no statement has more parameters than a database takes."""
    whole = sorted(items)
    return [whole[start : start + size] for start in range(0, len(whole), size)]
