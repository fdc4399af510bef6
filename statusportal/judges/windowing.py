"""Pure: aggregates of the last samples, or of the last while, that cost the same however long the window is.

Nothing is ever subtracted, so a huge value that has left the window leaves nothing behind.

Source: a queue of two stacks for sliding aggregates (Tangwongsan, Hirzel, Schneider 2015), and the merging of means and
squared deviations (Chan, Golub, LeVeque 1983).
"""

import functools
import math
from typing import Any, TypeAlias

from statusportal.foundation.vocabulary import Health
from statusportal.judges.judging import STEPS, Band
from statusportal.judges.vocabulary import SECOND_MS, Plain, Verdict
from statusportal.profiles.vocabulary import Aggregate, WindowRule

# What is known of some samples: how many, their mean, the sum of squared deviations from it, the least, the greatest.
_Summary: TypeAlias = tuple[int, float, float, float, float]

_NOTHING: _Summary = (0, 0.0, 0.0, math.inf, -math.inf)


def _merged(one: _Summary, other: _Summary) -> _Summary:
    """Return what is known of both together."""
    if not one[0]:
        return other
    if not other[0]:
        return one
    count = one[0] + other[0]
    apart = other[1] - one[1]
    share = other[0] / count
    low = min(other[3], one[3])
    high = max(other[4], one[4])
    return count, one[1] + apart * share, one[2] + other[2] + apart * apart * one[0] * share, low, high


class _Edge:
    """Where a window ends: `place` numbers a sample, and `leaves` is the place up to which all have left it."""

    __slots__ = ("_began_ms", "_count", "_over_ms", "_samples", "_step_ms")

    def __init__(self, rule: WindowRule) -> None:
        self._samples = rule.samples
        self._over_ms = 0 if rule.over_s is None else max(1, round(rule.over_s * SECOND_MS))
        self._step_ms = max(1, self._over_ms // STEPS)
        self._began_ms: int | None = None
        self._count = 0

    def place(self, at_ms: int) -> int:
        """Number the next sample."""
        if self._began_ms is None:
            self._began_ms = at_ms
        self._count += 1
        return self._count if self._samples is not None else at_ms // self._step_ms

    def leaves(self, at_ms: int) -> int:
        """Return the last place outside of the window that ends here."""
        return self._count - self._samples if self._samples is not None else (at_ms - self._over_ms) // self._step_ms

    def is_full(self, at_ms: int) -> bool:
        """Tell whether the window has been looked at for its whole length."""
        if self._samples is not None:
            return self._count >= self._samples
        return self._began_ms is not None and at_ms - self._began_ms >= self._over_ms

    def dump(self) -> list[Plain]:
        """Return since when, and how many."""
        return [self._began_ms, self._count]

    def load(self, kept: tuple[int | None, int]) -> None:
        """Go on from there."""
        self._began_ms, self._count = kept


class Window:
    """Judges an aggregate of the last samples, or of the last while. Silent until its window is full.

    Shape: `_old` holds, newest first, what is known of a sample and all after it up to the last turn; `_new` what came
    since, and `_newest` all of that together. When nothing old is left, what is new becomes old.
    """

    __slots__ = ("_aggregate", "_band", "_edge", "_new", "_newest", "_old", "health", "measure")

    def __init__(self, rule: WindowRule) -> None:
        self.health: Health | None = None
        self.measure: float | None = None
        self._aggregate = rule.aggregate
        self._band = Band(rule)
        self._edge = _Edge(rule)
        self._old: list[tuple[int, _Summary]] = []
        self._new: list[tuple[int, _Summary]] = []
        self._newest = _NOTHING

    def hear(self, at_ms: int, value: float) -> Verdict:
        """Take one in, let the old ones go, and judge what is left."""
        place, new = self._edge.place(at_ms), self._new
        one = (1, value, 0.0, value, value)
        if new and new[-1][0] == place:
            new[-1] = (place, _merged(new[-1][1], one))
        else:
            new.append((place, one))
        self._newest = _merged(self._newest, one)
        self._let_go(self._edge.leaves(at_ms))
        if not self._edge.is_full(at_ms):
            return Verdict.SILENT
        self.measure = self._measure(_merged(self._old[-1][1], self._newest) if self._old else self._newest)
        return self._band.judge(self.measure)

    def _let_go(self, last: int) -> None:
        """Forget what lies at a place up to the last that has left; after a gap that may be all that was new, too."""
        while self._old and self._old[-1][0] <= last:
            self._old.pop()
        if self._old or self._new[0][0] > last:
            return
        together = _NOTHING
        for place, summary in reversed(self._new):
            together = _merged(summary, together)
            self._old.append((place, together))
        self._new, self._newest = [], _NOTHING
        while self._old[-1][0] <= last:  # ends at the sample just heard, which has not left
            self._old.pop()

    def _measure(self, summary: _Summary) -> float:
        if self._aggregate is Aggregate.MEAN:
            return summary[1]
        if self._aggregate is Aggregate.DEVIATION:
            return math.sqrt(summary[2] / summary[0])
        if self._aggregate is Aggregate.COUNT:
            return float(summary[0])
        return summary[3] if self._aggregate is Aggregate.MINIMUM else summary[4]

    def measured(self, at_ms: int) -> float | None:
        """Return the aggregate of what is in the window, None before it is full."""
        if not self._edge.is_full(at_ms):
            return None
        return self._measure(_merged(self._old[-1][1], self._newest) if self._old else self._newest)

    def dump(self) -> list[Any]:
        """Return the window, as values that are never changed in place."""
        return [self._edge.dump(), list(self._old), list(self._new), self._newest if self._new else None]

    def load(self, kept: Any) -> None:  # noqa: ANN401 - a list of three that `dump` made
        """Go on with the window as it stood."""
        edge, old, new, *newest = kept
        self._edge.load(edge)
        self._old, self._new = list(old), list(new)
        if newest and newest[0] is not None:
            self._newest = newest[0]
        else:
            self._newest = functools.reduce(_merged, (summary for _, summary in self._new), _NOTHING)
