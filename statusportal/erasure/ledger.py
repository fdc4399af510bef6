"""The ledger's file: one JSON line an erasure, appended and synced before the erasure commits.

It lies beside the database, so that a restored database, which knows nothing of later erasures, can be told of them.
Source: docs/adr/0027-erasure-and-backup.md.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

import msgspec

from statusportal.config import Settings
from statusportal.erasure.vocabulary import LedgerLine

FILE = "erasures.jsonl"


def ledger_path(settings: Settings) -> Path:
    """Return where the ledger's file lies."""
    return Path(settings.instance_dir) / FILE


def subject_digest(settings: Settings, subject_id: UUID) -> str:
    """Return what stands in the ledger for an id: nobody without the key finds out whose it was."""
    return hmac.new(settings.ledger_key.encode(), subject_id.bytes, hashlib.sha256).hexdigest()


def lines_of(path: Path) -> list[LedgerLine]:
    """Read a ledger's file; a last line that a kill cut short was not acted on and is passed over."""
    if not path.exists():
        return []
    found = []
    for line in path.read_bytes().splitlines():
        try:
            found.append(msgspec.json.decode(line, type=LedgerLine))
        except msgspec.DecodeError:
            continue
    return found


def append_line(path: Path, line: LedgerLine) -> None:
    """Add a line once, and return when it is on the disk."""
    if line.id in {one.id for one in lines_of(path)}:
        return
    with open(path, "ab", opener=_private) as file:
        # After a line that was cut short, the next begins on one of its own.
        file.write(b"\n" + msgspec.json.encode(line) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def merge_ledgers(into: Path, others: Iterable[Path]) -> list[LedgerLine]:
    """Add what other ledgers hold and this one lacks, and return all of it."""
    for path in others:
        for line in lines_of(path):
            append_line(into, line)
    return lines_of(into)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
