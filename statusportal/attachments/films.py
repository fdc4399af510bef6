"""Taking what a film tells about its making out of it, without touching a frame. Pure: bytes in, bytes out.

A film in boxes (ISO 14496-12) keeps the place, the camera and the title in boxes of their own. Each of those becomes
free space of the same length, so that no offset to a frame changes; the times of making become zero.
"""

import struct
from collections.abc import Iterator
from typing import Final

_TELLING: Final = frozenset({b"udta", b"meta", b"uuid"})
_HOLDING: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"mvex"})
_TIMED: Final = frozenset({b"mvhd", b"tkhd", b"mdhd"})
# Tracks beside picture and sound: where the camera was at each moment, and what else it measured.
_SEEN_AND_HEARD: Final = frozenset({b"vide", b"soun", b"text", b"sbtl", b"subt", b"hint", b"clcp"})
_DEEPEST: Final = 8
_MOST_BOXES: Final = 10_000


def without_details(film: bytes) -> tuple[bytes, bool]:
    """Return a film without what it tells about its making, and whether a track of it may tell more.

    Raises: ValueError for boxes that do not fit into each other.
    """
    body = bytearray(film)
    handlers: set[bytes] = set()
    has_film = False
    for depth, kind, start, end in _boxes(body):
        has_film = has_film or (depth == 0 and kind == b"moov")
        if kind in _TELLING:
            body[start - 4 : start] = b"free"
            body[start:end] = bytes(end - start)
        elif kind in _TIMED and end - start >= _times_end(body, start):
            body[start + 4 : start + _times_end(body, start)] = bytes(_times_end(body, start) - 4)
        elif kind == b"hdlr" and end - start >= 12:  # noqa: PLR2004 - version, four bytes, then the handler's four
            handlers.add(bytes(body[start + 8 : start + 12]))
    if not has_film:
        raise ValueError("no film in it")
    return bytes(body), bool(handlers - _SEEN_AND_HEARD - {b"\0\0\0\0", b"alis", b"url "})


def _times_end(body: bytearray, start: int) -> int:
    """Return where the two times of making end in a box: they are long in version 1."""
    return 20 if body[start : start + 1] == b"\x01" else 12


def _boxes(body: bytearray) -> Iterator[tuple[int, bytes, int, int]]:
    """Walk boxes and those inside them: depth, kind, and where the content begins and ends."""
    waiting = [(0, 0, len(body))]
    seen = 0
    while waiting:
        depth, place, end = waiting.pop()
        while place + 8 <= end:
            seen += 1
            size, kind = struct.unpack_from(">I4s", body, place)
            start = place + 8
            if size == 1 and place + 16 <= end:
                (size,) = struct.unpack_from(">Q", body, start)
                start = place + 16
            stop = end if size == 0 else place + size
            if stop < start or stop > end or seen > _MOST_BOXES:
                raise ValueError("a box that does not fit")
            yield depth, kind, start, stop
            if kind in _HOLDING and depth < _DEEPEST:
                waiting.append((depth + 1, start, stop))
            place = stop
