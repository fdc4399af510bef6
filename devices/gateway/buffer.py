"""The durable buffer between the machines and a portal that may be far away: one SQLite file.

Source: SQLite, "PRAGMA synchronous": FULL with WAL survives a power cut; NORMAL may forget the last commits.
"""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from devices.errors import SettingInvalid, SinkUnavailable
from devices.protocol import Receipt
from devices.reading import Reading
from devices.sentence import Sentence

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS reading (
    id INTEGER PRIMARY KEY,
    body BLOB NOT NULL
) STRICT
"""
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Reading)


class Waiting(msgspec.Struct, frozen=True):
    """Readings at the head of the buffer, oldest first, and the mark up to which they reach."""

    readings: tuple[Reading, ...]
    mark: int


class Buffer:
    """Keep readings on disk until the portal has them; a sink for adapters, a queue for the forwarder.

    Full is unavailable: adapters then hold their messages unacknowledged, and nothing is dropped.
    """

    def __init__(self, path: Path, *, capacity: int = 5_000_000) -> None:
        self._path = path
        self._capacity = capacity
        self._lock = threading.Lock()
        self._changed = threading.Event()
        try:
            self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.execute(_SCHEMA)
            (self._count,) = self._database.execute("SELECT count(*) FROM reading").fetchone()
        except sqlite3.Error as err:
            raise SettingInvalid(
                Sentence("The buffer %(place)s cannot be used: %(trouble)s.", place=str(path), trouble=str(err))
            ) from err

    def store(self, readings: Sequence[Reading]) -> Receipt:
        """Put readings at the tail; they are on disk when this returns.

        Raises: SinkUnavailable: the buffer is full, or the disk is.
        """
        rows = [(_ENCODER.encode(reading),) for reading in readings]
        with self._lock:
            if self._count + len(rows) > self._capacity:
                full = Sentence("The buffer holds %(count)s readings and is full.", count=self._count)
                raise SinkUnavailable(full, retry_after_s=5.0)
            try:
                self._database.execute("BEGIN IMMEDIATE")
                self._database.executemany("INSERT INTO reading (body) VALUES (?)", rows)
                self._database.execute("COMMIT")
            except sqlite3.Error as err:
                self._roll_back()
                raise SinkUnavailable(_unwritable(err), retry_after_s=5.0) from err
            self._count += len(rows)
        self._changed.set()
        return Receipt(accepted=len(rows))

    def head(self, limit: int) -> Waiting:
        """Look at the oldest readings without taking them."""
        with self._lock:
            rows = self._database.execute("SELECT id, body FROM reading ORDER BY id LIMIT ?", (limit,)).fetchall()
        return Waiting(tuple(_DECODER.decode(body) for _, body in rows), rows[-1][0] if rows else 0)

    def drop_to(self, mark: int) -> None:
        """Forget the readings up to a mark: the portal has them, or has said why it never will.

        Raises: SinkUnavailable: the disk refuses; the same readings will be sent again, and be duplicates.
        """
        with self._lock:
            try:
                gone = self._database.execute("DELETE FROM reading WHERE id <= ?", (mark,)).rowcount
            except sqlite3.Error as err:
                raise SinkUnavailable(_unwritable(err)) from err
            self._count -= gone

    def count(self) -> int:
        """Say how many readings wait."""
        with self._lock:
            return int(self._count)

    def wait(self, timeout_s: float) -> None:
        """Sleep until something is stored, or the time is over."""
        self._changed.wait(timeout_s)
        self._changed.clear()

    def close(self) -> None:
        """Close the file; whatever waits will be there the next time."""
        with self._lock:
            self._database.close()

    def _roll_back(self) -> None:
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")


def _unwritable(err: sqlite3.Error) -> Sentence:
    return Sentence("The buffer cannot be written: %(trouble)s.", trouble=str(err))
