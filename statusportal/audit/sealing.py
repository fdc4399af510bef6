"""Sealing: the head's copy in the data folder, out of reach of whoever has the database alone."""

import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from statusportal.audit.chain import Head

HEAD_FILE = "audit-head.json"
_UNREADABLE = Head(0, "", "", datetime.min.replace(tzinfo=UTC), "")


def read_head(folder: Path) -> Head | None:
    """Return the head as the data folder has it; None when there is none, a forged one when it cannot be read."""
    try:
        return msgspec.json.decode((folder / HEAD_FILE).read_bytes(), type=Head)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        return _UNREADABLE


def write_head(folder: Path, head: Head) -> None:
    """Replace the head's copy, so that a power cut leaves the old one or the new one."""
    passing = folder / f"{HEAD_FILE}.{os.getpid()}"
    with open(passing, "wb", opener=_private) as file:
        file.write(msgspec.json.encode(head))
        file.flush()
        os.fsync(file.fileno())
    passing.replace(folder / HEAD_FILE)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
