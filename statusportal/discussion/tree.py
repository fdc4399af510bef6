"""Places in a thread, and the orders in which it can be read. Pure: paths in, paths out.

A path holds one ordinal a level, each six digits wide, joined by dots: byte order is reading order, oldest first.
"""

from collections.abc import Iterable, Sequence
from typing import Final

_WIDTH: Final = 6
MOST_SIBLINGS: Final = 10**_WIDTH - 1
_DIGITS = "0123456789"
_TURNED = str.maketrans(_DIGITS, _DIGITS[::-1])


def next_path(parent: str | None, last_sibling: str | None) -> str:
    """Return the place after the last sibling under a parent (None: at the root).

    Raises: OverflowError when there are a million siblings.
    """
    ordinal = int(last_sibling.rpartition(".")[2]) + 1 if last_sibling else 1
    if ordinal > MOST_SIBLINGS:
        raise OverflowError("this comment has all the replies it can hold")
    own = f"{ordinal:0{_WIDTH}d}"
    return f"{parent}.{own}" if parent else own


def depth_of(path: str) -> int:
    """Return how many levels stand above; the root's is 0."""
    return path.count(".")


def newest_first(paths: Iterable[str], after: str | None) -> Sequence[str]:
    """Order siblings newest first, each still followed by its own replies, and keep what comes after a place.

    A prefix stays a prefix when each digit is turned (0 for 9), so a parent still stands before its replies.
    """
    turned = sorted(path.translate(_TURNED) for path in paths)
    border = after.translate(_TURNED) if after else ""
    return [path.translate(_TURNED) for path in turned if path > border]
