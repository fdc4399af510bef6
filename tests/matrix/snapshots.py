"""The state of a database: which rows differ from what they were, and the way back.

Triggers of the test's own note which tables were written, so that a request that wrote nothing costs one question. A
table that was written is compared row by row with its copy: to write what stood there already is no change. Only where
the state `is_whole` does everybody come.
"""

import sqlite3
from collections.abc import Iterable

import psycopg
from sqlalchemy import make_url

from statusportal.work import Works

# Denials and looks of staff are written down: that is what a refusal is meant to leave behind.
WRITTEN_DOWN = {"audit_record", "audit_waiting"}
# Each page that is looked at while seeing as another is counted; the count is put back with the rest.
_COUNTED = {"seen_as"}
_DEEDS = ("INSERT", "UPDATE", "DELETE")


class SqliteState:
    """Remember a file as it is, notice what is written, and put it back."""

    is_whole = True

    def __init__(self, works: Works) -> None:
        path = make_url(works.settings.database_url).database
        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._file.execute("PRAGMA synchronous=OFF")
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        self._watch()
        self.take_anew()

    def changed_tables(self) -> list[str]:
        """Name the tables whose rows differ, less those where refusals are written down."""
        return sorted(
            one for one in self._touched() - _COUNTED if self._rows(self._file, one) != self._rows(self._kept, one)
        )

    def go_on(self) -> None:
        """Let the file be what it was, for the next cell."""
        if self._touched():
            self._kept.backup(self._file)

    def take_anew(self) -> None:
        """Compare with the rows as they are now, from here on, and go back to them."""
        self._file.execute("DELETE FROM touched")
        self._file.backup(self._kept)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        self._kept.close()

    def _watch(self) -> None:
        tables = self._file.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
        names = [name for (name,) in tables if not name.startswith(("sqlite_", "search_text", "touched"))]
        self._file.execute("CREATE TABLE IF NOT EXISTS touched (name TEXT PRIMARY KEY)")
        for name in names:
            for deed in _DEEDS:
                self._file.execute(_TRIGGER.format(name=name, deed=deed))

    def _touched(self) -> set[str]:
        return {name for (name,) in self._file.execute("SELECT name FROM touched")} - WRITTEN_DOWN

    @staticmethod
    def _rows(place: sqlite3.Connection, name: str) -> list[str]:
        rows = place.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - the table is one of ours
        return sorted(map(repr, rows))


_TRIGGER = """
CREATE TRIGGER IF NOT EXISTS "touched_{name}_{deed}" AFTER {deed} ON "{name}"
BEGIN INSERT OR IGNORE INTO touched VALUES ('{name}'); END
"""


class PostgresqlState:
    """Remember the tables of a database in a schema beside them, notice what is written, and put it back."""

    is_whole = False

    def __init__(self, works: Works) -> None:
        url = make_url(works.settings.database_url).set(username="postgres", drivername="postgresql")
        self._server = psycopg.connect(url.render_as_string(), autocommit=True)
        # Append-only triggers, walls and foreign keys hold for the portal, not for the way back.
        self._server.execute("SET session_replication_role = replica")
        self._server.execute(_BESIDE)
        self._columns = dict(self._server.execute(_COLUMNS).fetchall())
        for name in self._columns:
            self._server.execute(f'CREATE TABLE kept."{name}" AS TABLE public."{name}"')
            self._server.execute(
                f'CREATE TRIGGER touched AFTER {" OR ".join(_DEEDS)} ON public."{name}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION kept.touch()"
            )

    def changed_tables(self) -> list[str]:
        """Name the tables whose rows differ, less those where refusals are written down."""
        touched = self._touched() - _COUNTED
        return sorted(one for one in touched if self._rows("public", one) != self._rows("kept", one))

    def go_on(self) -> None:
        """Let the tables be what they were, for the next cell."""
        touched = self._touched()
        with self._server.transaction():
            for name in touched:
                columns = self._columns[name]
                self._server.execute(f'DELETE FROM public."{name}"')  # noqa: S608 - the tables are ours
                self._server.execute(f'INSERT INTO public."{name}" ({columns}) SELECT {columns} FROM kept."{name}"')  # noqa: S608 - the names are our own tables'
            if touched:
                self._server.execute("DELETE FROM kept.touched")

    def close(self) -> None:
        """Let go of the server."""
        self._server.close()

    def _touched(self) -> set[str]:
        return {name for (name,) in self._server.execute("SELECT name FROM kept.touched")} - WRITTEN_DOWN

    def _rows(self, schema: str, name: str) -> Iterable[tuple[str]]:
        return self._server.execute(f'SELECT t::text FROM {schema}."{name}" t ORDER BY 1').fetchall()  # noqa: S608 - the names are our own tables'


_BESIDE = """
CREATE SCHEMA kept;
CREATE TABLE kept.touched (name text PRIMARY KEY);
CREATE FUNCTION kept.touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN INSERT INTO kept.touched VALUES (TG_TABLE_NAME) ON CONFLICT DO NOTHING; RETURN NULL; END $$
"""
_COLUMNS = """
SELECT table_name, string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER' GROUP BY table_name
"""
