"""Putting a backup back: proven first, then files and database, then what must not come back with them.

A backup is older than the present: whoever was erased since is in it with their name, and a token that was revoked
since still works in it. So the ledger is applied again, and what had ended is ended again.
"""

import fcntl
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Boolean, Column, ColumnElement, Table, and_, inspect, select, update
from sqlalchemy.exc import SQLAlchemyError

from statusportal.backup.dumping import has_tables, load
from statusportal.backup.errors import BackupRefused
from statusportal.backup.taking import FILES, described
from statusportal.backup.vocabulary import MANIFEST, Manifest, Tell
from statusportal.config import Settings
from statusportal.db.base import Base
from statusportal.erasure.ledger import FILE, merge_ledgers
from statusportal.foundation.errors import Sentence
from statusportal.work import Work

_ENDING = ("revoked_at", "ended_at", "is_disabled")
# Without the former database to ask, whatever opens a door is taken to have been closed since.
_DOORS = frozenset({"sign_in", "personal_token", "share_link"})

Ended = dict[tuple[str, str], list[tuple[Any, ...]]]


def proven_manifest(folder: Path) -> Manifest:
    """Read a backup's list and hold every file against it.

    Raises: BackupRefused naming the first file that is missing, damaged or not on the list.
    """
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (FileNotFoundError, msgspec.DecodeError) as err:
        raise BackupRefused(Sentence("%(folder)s holds no backup that can be read.", folder=str(folder))) from err
    for file in manifest.files:
        path = Path(file.path)
        is_inside = not path.is_absolute() and ".." not in path.parts
        if not is_inside or not (folder / path).is_file() or described(folder, path) != file:
            raise BackupRefused(Sentence("%(path)s is missing or damaged in this backup.", path=file.path))
    return manifest


@contextmanager
def nobody_serving(settings: Settings) -> Iterator[None]:
    """Keep a portal from serving from this data folder meanwhile.

    Raises: BackupRefused while one serves.
    """
    path = Path(settings.instance_dir) / "serve.lock"
    with path.open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            raise BackupRefused(Sentence("Stop the portal first: it serves from this data folder.")) from err
        yield


def refuse_full_target(settings: Settings) -> None:
    """Let nothing be overwritten that was not meant to be.

    Raises: BackupRefused.
    """
    if has_tables(settings):
        raise BackupRefused(Sentence("There is a database here already. Add --force to put the backup in its place."))


def put_back(settings: Settings, folder: Path, manifest: Manifest, ledgers: Sequence[Path], tell: Tell) -> None:
    """Put files and database in their places; the ledger of this place is added to, never replaced."""
    instance = Path(settings.instance_dir)
    for file in manifest.files:
        path = Path(file.path)
        if path.parts[0] != FILES or path.name == FILE:
            continue
        target = instance / Path(*path.parts[1:])
        tell(f"file: {target.name}")
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(folder / path, target)
        target.chmod(0o600)
    merge_ledgers(instance / FILE, [folder / FILES / FILE, *ledgers])
    tell("database")
    load(settings, folder)


def ended_here(work: Work) -> Ended | None:
    """Return what has ended in the present database, by table and column; None when it cannot be asked."""
    try:
        known = set(inspect(work.session.connection()).get_table_names())
        return {
            (table.name, column.name): [
                tuple(row) for row in work.session.execute(select(*table.primary_key, column).where(_has_ended(column)))
            ]
            for table, column in _endings()
            if table.name in known
        }
    except SQLAlchemyError:
        return None


def end_again(work: Work, ended: Ended | None) -> int:
    """End in the restored database what had ended in the former one, or without it every session, token and link."""
    count = 0
    for table, column in _endings():
        if ended is None and table.name in _DOORS:
            count += _end(work, table, column, work.now, ~_has_ended(column))
        for *key, value in (ended or {}).get((table.name, column.name), ()):
            is_it = and_(*(one == part for one, part in zip(table.primary_key, key, strict=True)))
            count += _end(work, table, column, value, and_(~_has_ended(column), is_it))
    return count


def _endings() -> list[tuple[Table, Column[Any]]]:
    return [(table, table.c[name]) for table in Base.metadata.sorted_tables for name in _ENDING if name in table.c]


def _has_ended(column: Column[Any]) -> ColumnElement[bool]:
    return column.is_(True) if isinstance(column.type, Boolean) else column.is_not(None)


def _end(work: Work, table: Table, column: Column[Any], value: object, place: ColumnElement[bool]) -> int:
    done = work.session.execute(update(table).where(place).values({column.name: value}))
    return int(getattr(done, "rowcount", 0))
