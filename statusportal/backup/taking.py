"""Taking a backup: the database first, then the files that it speaks of, then the list that proves both."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from statusportal.audit.sealing import HEAD_FILE
from statusportal.backup.dumping import database_of, dump
from statusportal.backup.errors import BackupRefused
from statusportal.backup.vocabulary import MANIFEST, SCHEMA_VERSION, BackupFile, Manifest, Tell
from statusportal.config import Settings
from statusportal.foundation.clock import Clock, instant_text
from statusportal.foundation.errors import Sentence

FILES = "data"
# Not a part of the portal's memory: locks, the live database and its log, and what a stream writes for a moment.
_PASSED_OVER = (".lock", ".sqlite", ".sqlite-wal", ".sqlite-shm", ".unfinished")


def take_backup(settings: Settings, clock: Clock, folder: Path, tell: Tell) -> Manifest:
    """Copy everything into an empty folder, while the portal serves.

    Shape: every commit that was answered before this began is in it.
    Raises: BackupRefused for a folder that holds something.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BackupRefused(Sentence("%(folder)s is not empty.", folder=str(folder)))
    began_at = clock.now()
    # Before the dump: a head that is ahead of its chain is what a cut log looks like.
    _copy(Path(settings.instance_dir) / HEAD_FILE, folder / FILES / HEAD_FILE)
    dump(settings, folder, tell)
    for path in data_files(Path(settings.instance_dir)):
        if path.name == HEAD_FILE:
            continue
        tell(f"file: {path}")
        _copy(Path(settings.instance_dir) / path, folder / FILES / path)
    files = [described(folder, path) for path in _below(folder)]
    manifest = Manifest(SCHEMA_VERSION, instant_text(began_at), database_of(settings), files)
    _write(folder / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


def data_files(instance: Path) -> Iterator[Path]:
    """Walk the files of a data folder that belong into a backup, by their path inside it."""
    for path in _below(instance):
        is_stream = any(part.startswith("scratch-") for part in path.parts)
        if not path.name.endswith(_PASSED_OVER) and not is_stream:
            yield path


def described(folder: Path, path: Path) -> BackupFile:
    """Return what the manifest says of one file."""
    whole = folder / path
    with whole.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return BackupFile(path.as_posix(), whole.stat().st_size, digest)


def _below(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError:
        return  # a file whose time was over while we copied
    target.chmod(0o600)


def _write(path: Path, body: bytes) -> None:
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, mode=0o600)) as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
