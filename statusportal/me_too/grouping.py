"""Counting affected machines so that no count tells about one of them. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# A group of fewer of others' machines is shown to nobody but staff.
FEWEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Machines:
    """So many machines of one kind, and how many of them are the reader's own."""

    kind: str
    count: int
    own: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of machine that is shown, with how many there are."""

    kind: str
    count: int


def groups_shown(machines: Iterable[Machines], fewest: int = FEWEST_SHOWN) -> Sequence[Group]:
    """Return the groups that tell about nobody, the largest first; what has no kind is in none.

    Shape: a group is shown where all in it are the reader's own, or at least `fewest` are not: they know their own, and
    could take them off.
    """
    count: Counter[str] = Counter()
    own: Counter[str] = Counter()
    for one in machines:
        count[one.kind] += one.count
        own[one.kind] += one.own
    shown = [
        Group(kind, total)
        for kind, total in count.items()
        if kind and (total == own[kind] or total - own[kind] >= fewest)
    ]
    return sorted(shown, key=lambda group: (-group.count, group.kind))
