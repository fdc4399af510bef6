"""Where the bytes of files lie: a port, and the folder that is behind it.

A file has a random name that says nothing, is on stable storage before its name is given away, and is never changed.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from statusportal.attachments.vocabulary import Kept, Prepared
from statusportal.config import Settings

FOLDER: Final = "uploads"
_KEY = re.compile(r"[0-9a-f]{64}")
_KEY_BYTES: Final = 32
_UNFINISHED: Final = ".unfinished"


class BlobStore(Protocol):
    """Keep bytes under random names."""

    def keep(self, body: bytes) -> str:
        """Write bytes to stable storage and return the name they lie under."""

    def path_of(self, key: str) -> Path | None:
        """Return where the bytes can be read, or None when there are none under that name."""

    def discard(self, keys: Collection[str]) -> None:
        """Remove what lies under the names; a name under which nothing lies is passed over."""

    def keys_before(self, moment: datetime) -> Iterator[str]:
        """Walk the names of what was written before a moment."""


class FolderStore:
    """Keep each in a file of its own, spread over 256 folders."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, body: bytes) -> str:
        """Write, sync the file, give it its name, and sync the folder that holds the name."""
        key = secrets.token_hex(_KEY_BYTES)
        target = self._place(key)
        for folder in (self._root, target.parent):
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
                _sync(folder.parent)
        unfinished = target.with_name(key + _UNFINISHED)
        with open(unfinished, "wb", opener=_private) as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
        _sync(target.parent)
        return key

    def path_of(self, key: str) -> Path | None:
        """Return the file; what is no name of ours has none, whatever lies on the disk."""
        path = self._place(key) if _KEY.fullmatch(key) else None
        return path if path is not None and path.is_file() else None

    def discard(self, keys: Collection[str]) -> None:
        """Remove the files."""
        for key in keys:
            if _KEY.fullmatch(key):
                self._place(key).unlink(missing_ok=True)

    def keys_before(self, moment: datetime) -> Iterator[str]:
        """Walk the older files; what a kill left half written goes on the way."""
        for path in sorted(self._root.glob("??/*")):
            if not _is_older(path, moment):
                continue
            if path.name.endswith(_UNFINISHED):
                path.unlink(missing_ok=True)
            elif _KEY.fullmatch(path.name):
                yield path.name

    def _place(self, key: str) -> Path:
        return self._root / key[:2] / key


def blob_store(settings: Settings) -> BlobStore:
    """Return the store of a data folder."""
    return FolderStore(Path(settings.instance_dir) / FOLDER)


def keep_prepared(store: BlobStore, prepared: Prepared) -> Kept:
    """Write a file and what is shown of it before it is opened; only then may a row name them."""
    key = store.keep(prepared.body)
    preview_key = store.keep(prepared.preview) if prepared.preview else None
    return Kept(key, preview_key, len(prepared.body), hashlib.sha256(prepared.body).hexdigest())


def _is_older(path: Path, moment: datetime) -> bool:
    try:
        return path.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
