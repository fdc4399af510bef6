"""The database out to one file and back in: SQLite by its online backup, PostgreSQL by its own programs."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL, create_engine, inspect, make_url

from statusportal.backup.errors import BackupRefused
from statusportal.backup.vocabulary import Tell
from statusportal.config import Settings
from statusportal.foundation.errors import Sentence

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_DUMPS = {SQLITE: "portal.sqlite", POSTGRESQL: "portal.dump"}
_PAGES_AT_ONCE = 4_096
_DEBIAN = Path("/usr/lib/postgresql")


def database_of(settings: Settings) -> str:
    """Return which database the portal keeps."""
    return make_url(settings.database_url).get_backend_name()


def dump(settings: Settings, folder: Path, tell: Tell) -> Path:
    """Copy the whole database as it stands now to a file, while others write; what was committed before is in it.

    Raises: BackupRefused when the database's programs are missing or fail.
    """
    target = folder / _DUMPS[database_of(settings)]
    if database_of(settings) == SQLITE:
        _dump_sqlite(sqlite_path(settings), target, tell)
    else:
        # The walls hold for the owner too: the operator's switch lets every row through.
        _run("pg_dump", _owner_url(settings), ["--format=custom", "--enable-row-security", f"--file={target}"])
    target.chmod(0o600)
    return target


def load(settings: Settings, folder: Path) -> None:
    """Put the database of a backup in the place of the present one.

    Raises: BackupRefused when the backup is of the other kind of database, or its programs fail.
    """
    source = folder / _DUMPS[database_of(settings)]
    if not source.exists():
        raise BackupRefused(Sentence("This backup is of another kind of database than the one that is configured."))
    if database_of(settings) == SQLITE:
        path = sqlite_path(settings)
        for beside in ("-wal", "-shm"):
            path.with_name(path.name + beside).unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)
        path.chmod(0o600)
        return
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", _owner_url(settings), [*options, str(source)])


def has_tables(settings: Settings) -> bool:
    """Tell whether a database is there that a restore would overwrite."""
    if database_of(settings) == SQLITE:
        return sqlite_path(settings).exists()
    engine = create_engine(settings.database_owner_url or settings.database_url)
    try:
        return bool(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def sqlite_path(settings: Settings) -> Path:
    """Return where SQLite's file lies."""
    return Path(str(make_url(settings.database_url).database))


def _dump_sqlite(source: Path, target: Path, tell: Tell) -> None:
    reader = sqlite3.connect(source, isolation_level=None)
    writer = sqlite3.connect(target)
    try:
        # One read transaction around all steps: without it every commit of others would begin the copy anew.
        reader.execute("BEGIN")
        reader.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        reader.backup(
            writer, pages=_PAGES_AT_ONCE, progress=lambda _, left, whole: tell(f"database: {whole - left} of {whole}")
        )
    finally:
        writer.close()
        reader.close()


def _owner_url(settings: Settings) -> URL:
    return make_url(settings.database_owner_url or settings.database_url)


def _run(program: str, url: URL, options: Sequence[str]) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, never on a command line."""
    given = {
        "PGHOST": url.host,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password else None,
        "PGOPTIONS": "-c statusportal.operator=on",
    }
    environment = os.environ | {name: value for name, value in given.items() if value}
    command = [_found(program), "--dbname", str(url.database), *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode != 0:
        raise BackupRefused(Sentence("%(program)s failed: %(said)s", program=program, said=done.stderr.strip()[-800:]))


def _found(program: str) -> str:
    versions = sorted(_DEBIAN.glob(f"*/bin/{program}"), key=lambda path: float(path.parts[-3]), reverse=True)
    found = shutil.which(program) or next(map(str, versions), None)
    if found is None:
        raise BackupRefused(Sentence("%(program)s is not installed here.", program=program))
    return found
