"""The engine: what each database must be told before it keeps our promises."""

import sqlite3
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

BEGIN_MODE = "portal_begin"

_ROLE = text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
_OWNS = text(
    "SELECT EXISTS (SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
    "WHERE nspname = 'public' AND relkind IN ('r', 'p') AND pg_has_role(current_user, relowner, 'MEMBER'))"
)

# Derivation reads and writes what a device's rules remember at each batch: several times faster than the standard way.
_DOCUMENTS: dict[str, Any] = {
    "json_serializer": lambda document: msgspec.json.encode(document).decode(),
    "json_deserializer": msgspec.json.decode,
}


def open_engine(url: str) -> Engine:
    """Open an engine on SQLite or PostgreSQL.

    SQLite runs in WAL with `synchronous=FULL`: with NORMAL an answered commit is not on the disk yet.
    Errors name no parameters, since errors are logged and parameters hold what people typed.
    Source: docs/operations/durability.md.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url)
    return create_engine(url, pool_size=10, max_overflow=30, pool_pre_ping=True, hide_parameters=True, **_DOCUMENTS)


def writing_view(engine: Engine) -> Engine:
    """Return the same engine whose transactions take the write lock at their beginning (SQLite only)."""
    return engine.execution_options(**{BEGIN_MODE: "IMMEDIATE"})


def powers_beyond_walls(engine: Engine) -> list[str]:
    """Name what lets the app's role past row-level security, or take it down; empty on SQLite, which has none."""
    if engine.dialect.name != "postgresql":
        return []
    with engine.connect() as connection:
        is_superuser, bypasses = connection.execute(_ROLE).one()
        owns = connection.scalar(_OWNS)
    if is_superuser:
        return ["is a superuser"]
    powers = {"has BYPASSRLS": bypasses, "owns the tables": owns}
    return [name for name, has_it in powers.items() if has_it]


def _open_sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        pool_size=10,
        max_overflow=100,
        hide_parameters=True,
        **_DOCUMENTS,
        connect_args={"check_same_thread": False, "timeout": 30, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's pool record
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # What is deleted is overwritten, so that what was erased lies in no freed page.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.execute("PRAGMA trusted_schema=OFF")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The driver would begin lazily, after the first read: check-then-write would then not be atomic.
        mode = connection.get_execution_options().get(BEGIN_MODE, "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine
