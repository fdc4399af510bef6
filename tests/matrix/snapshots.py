"""The state of a database: whether rows differ from what they were, and, where that is quick, the way back."""

import hashlib
import sqlite3
from collections.abc import Mapping

from sqlalchemy import Engine, create_engine, inspect, make_url, text

from statusportal.work import Works

# Denials and looks of staff are written down: that is what a refusal is meant to leave behind.
WRITTEN_DOWN = {"audit_record", "audit_waiting"}


class SqliteState:
    """Remember a file as it is, notice commits, and put it back."""

    can_be_put_back = True

    def __init__(self, works: Works) -> None:
        path = make_url(works.settings.database_url).database
        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        self._file.backup(self._kept)
        self._rows = self._digests()
        self._version = self._data_version()

    def changed_tables(self) -> list[str]:
        """Name the tables whose rows differ, less those where refusals are written down."""
        if self._data_version() == self._version:
            return []
        return _differing(self._rows, self._digests())

    def go_on(self) -> None:
        """Let the file be what it was, for the next cell."""
        if self._data_version() != self._version:
            self._kept.backup(self._file)
            self._version = self._data_version()

    def take_anew(self) -> None:
        """Compare with the rows as they are now, from here on, and go back to them."""
        self._file.backup(self._kept)
        self._rows = self._digests()
        self._version = self._data_version()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        self._kept.close()

    def _data_version(self) -> int:
        """Return a number that is another one after each commit of anybody else."""
        return self._file.execute("PRAGMA data_version").fetchone()[0]

    def _digests(self) -> Mapping[str, str]:
        names = [row[0] for row in self._file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: _digest(self._file.execute(f'SELECT * FROM "{name}"'))  # noqa: S608 - the table is one of ours
            for name in names
            if not name.startswith("sqlite_")
        }


class PostgresqlState:
    """Remember rows, and notice transactions that wrote."""

    can_be_put_back = False

    def __init__(self, works: Works) -> None:
        url = make_url(works.settings.database_url).set(username="postgres")
        self._engine: Engine = create_engine(url, isolation_level="AUTOCOMMIT")
        self._names = inspect(self._engine).get_table_names()
        self._rows = self._digests()
        self._written = self._next_transaction()

    def changed_tables(self) -> list[str]:
        """Name the tables whose rows differ, less those where refusals are written down."""
        if self._next_transaction() == self._written:
            return []
        return _differing(self._rows, self._digests())

    def go_on(self) -> None:
        """Take the rows as they are now for the next cell: what a reading writes, a later one may find."""
        if self._next_transaction() != self._written:
            self._written = self._next_transaction()
            self._rows = self._digests()

    def close(self) -> None:
        """Let go of the server."""
        self._engine.dispose()

    def _next_transaction(self) -> int:
        """Return a number that rises with each transaction that wrote."""
        with self._engine.connect() as connection:
            return connection.scalar(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"))

    def _digests(self) -> Mapping[str, str]:
        with self._engine.connect() as connection:
            return {
                name: _digest(connection.execute(text(f'SELECT * FROM "{name}"')))  # noqa: S608 - as above
                for name in self._names
            }


def _digest(rows: object) -> str:
    lines = sorted(repr(tuple(row)) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _differing(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return sorted(name for name in now if now[name] != before[name] and name not in WRITTEN_DOWN)
