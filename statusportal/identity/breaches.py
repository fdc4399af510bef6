"""Stolen passwords, in a file that the operator supplies: asked by bisection on the disk, never loaded.

The file holds a SHA-1 in hex a line, in order, with or without `:count` behind it, as Have I Been Pwned's downloader
writes them. Nothing leaves the machine, and 40 GB cost as little memory as one line.
"""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

import structlog

_DIGEST_CHARACTERS = 40
_LONGEST_LINE_BYTES = 80

log = structlog.get_logger()


def is_breached(path: str, password: str) -> bool:
    """Tell whether the password is in the file; without a file, none is.

    A file that cannot be read now is logged and asked no more: a sign-in must not fail over it.
    """
    if not path:
        return False
    # The file's format asks for SHA-1; what is kept of a password is an argon2id hash.
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    try:
        with Path(path).open("rb") as file:
            return _holds(file, wanted)
    except OSError as err:
        log.warning("breached_passwords_unreadable", error=type(err).__name__)
        return False


def _holds(file: BinaryIO, wanted: bytes) -> bool:
    low, high = 0, file.seek(0, os.SEEK_END)
    while low < high:
        start, line = _line_around(file, (low + high) // 2)
        found = line[:_DIGEST_CHARACTERS].upper()
        if found == wanted:
            return True
        if found < wanted:
            low = start + len(line)
        else:
            high = start
    return False


def _line_around(file: BinaryIO, place: int) -> tuple[int, bytes]:
    """Return the line that holds a place, with its end, and where it begins."""
    before = max(0, place - _LONGEST_LINE_BYTES)
    file.seek(before)
    start = before + file.read(place - before).rfind(b"\n") + 1
    file.seek(start)
    return start, file.readline(_LONGEST_LINE_BYTES)
