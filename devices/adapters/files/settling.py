"""When a file in a folder is finished: nobody has touched it for a while, and its last line has an end."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_TEMPORARY = (".part", ".tmp", ".partial", ".crdownload", "~")


class Stamp(NamedTuple):
    """What changes when a file is written to or replaced."""

    inode: int
    size_bytes: int
    modified_ns: int


def stamp_of(path: Path) -> Stamp | None:
    """Look at a file; None when it is gone, or no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Stamp(found.st_ino, found.st_size, found.st_mtime_ns) if path.is_file() else None


def plain_files(folder: Path, pattern: str) -> Iterator[tuple[Path, Stamp]]:
    """Give the folder's own files by name: no link that leads out of it, no pipe, none under a temporary name."""
    for path in sorted(folder.glob(pattern)):
        stamp = stamp_of(path)
        if stamp is None or path.name.startswith(".") or path.name.endswith(_TEMPORARY) or path.is_symlink():
            continue
        yield path, stamp


class Settling:
    """Watch the files of a folder come to rest; the clock is the monotonic one, so a file's own times may lie."""

    def __init__(self, folder: Path, pattern: str, settle_s: float, unfinished_s: float) -> None:
        self._folder = folder
        self._pattern = pattern
        self._settle_s = settle_s
        self._unfinished_s = unfinished_s
        self._seen: dict[Path, tuple[Stamp, float]] = {}

    def finished(self) -> Iterator[tuple[Path, Stamp]]:
        """Give the files that have come to rest, by name."""
        now_s = time.monotonic()
        present: dict[Path, tuple[Stamp, float]] = {}
        for path, stamp in plain_files(self._folder, self._pattern):
            before = self._seen.get(path)
            since_s = before[1] if before is not None and before[0] == stamp else now_s
            present[path] = (stamp, since_s)
            if now_s - since_s >= self._rest_s(path):
                yield path, stamp
        self._seen = present

    def has_waiting(self) -> bool:
        """Say whether some file is still on its way to rest."""
        return bool(self._seen)

    def forget(self, path: Path) -> None:
        """Begin anew with a file, as if it had just come."""
        self._seen.pop(path, None)

    def _rest_s(self, path: Path) -> float:
        return self._settle_s if _has_last_line_end(path) else self._settle_s + self._unfinished_s


def _has_last_line_end(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            if file.seek(0, 2) == 0:
                return False
            file.seek(-1, 2)
            return file.read(1) in b"\r\n"
    except OSError:
        return False
