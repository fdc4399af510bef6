"""Bring a database up to date: as its owner, and then let the app's own role in."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, make_url, text

from statusportal.config import Settings
from statusportal.db.engine import open_engine, writing_view

_ONLY_GROWING = ("audit_record", "audit_link", "audit_check")
_LOCK = 7_202_611  # any number: it keeps two starting processes from migrating at once


class DatabaseNewer(Exception):
    """Say that the database was made by a newer Status Portal; a downgrade would lose what it holds."""


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration without a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(settings: Settings) -> None:
    """Run the missing revisions.

    Raises: DatabaseNewer when the database holds a revision that this version does not know.
    """
    engine = open_engine(settings.database_owner_url or settings.database_url)
    try:
        _upgrade(engine, settings)
    finally:
        engine.dispose()


def _upgrade(engine: Engine, settings: Settings) -> None:
    if engine.dialect.name == "sqlite":
        with writing_view(engine).connect() as connection:
            _refuse_newer(connection)
            command.upgrade(alembic_config(connection), "head")
        return
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.commit()
        try:
            _refuse_newer(connection)
            # The walls bind the owner too: a revision that changes rows must see them.
            connection.execute(text("SELECT set_config('statusportal.operator', 'on', false)"))
            connection.commit()
            command.upgrade(alembic_config(connection), "head")
            _let_in(connection, make_url(settings.database_url).username, make_url(str(engine.url)).username)
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.commit()


def _refuse_newer(connection: Connection) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    connection.rollback()
    if current is not None and current not in known:
        raise DatabaseNewer(
            f"The database is at revision {current}, which this version does not know. Install the newer version."
        )


def _let_in(connection: Connection, app_role: str | None, owner: str | None) -> None:
    """Give the app's role what it needs and no more: it owns nothing, so row-level security binds it."""
    if app_role is None or app_role == owner:
        return
    role = connection.dialect.identifier_preparer.quote(app_role)
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {role}"))
    connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"))
    connection.execute(text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"))
    connection.execute(text(f"REVOKE UPDATE, DELETE ON {', '.join(_ONLY_GROWING)} FROM {role}"))
    connection.commit()
