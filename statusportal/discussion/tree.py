"""Places in a thread, and the orders in which it can be read. Pure: paths in, paths out.

A path holds one ordinal a level, each six digits wide, joined by dots: byte order is reading order, oldest first.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from statusportal.discussion.vocabulary import ThreadSort

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


def paths_above(path: str) -> Sequence[str]:
    """Return the places that a path hangs under, the root first."""
    steps = path.split(".")
    return [".".join(steps[:depth]) for depth in range(1, len(steps))]


def ordered(paths: Iterable[str], sort: ThreadSort, helpful: Mapping[str, int]) -> Sequence[str]:
    """Order siblings, each still followed by its own replies. Shape: `helpful` gives a place's number, 0 if absent."""
    if sort is ThreadSort.OLDEST:
        return sorted(paths)
    if sort is ThreadSort.NEWEST:
        # A prefix stays a prefix when each digit is turned (0 for 9), so a parent still stands before its replies.
        return [path.translate(_TURNED) for path in sorted(path.translate(_TURNED) for path in paths)]
    keys: dict[str, tuple[tuple[int, str], ...]] = {"": ()}
    for path in sorted(paths):
        above, _, own = path.rpartition(".")
        keys[path] = (*keys.get(above, ()), (-helpful.get(path, 0), own))
    del keys[""]
    return sorted(keys, key=keys.__getitem__)
