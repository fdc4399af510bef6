"""Pure: what is normal for one signal of one device, learned from its own past, and what is not.

Nothing is assumed of the signal: not its scale, its interval or its shape. What is compared is always of one kind:
means over 8 samples with earlier means over 8 samples, a jump with earlier jumps. A value is unusual only if it is far
from the usual by the usual spread, and well outside of everything that was seen. What is unusual is not learned from,
until it has lasted so long that it is the new normal.

Source: a spread from quantiles, which outliers do not widen (Huber 1981, Robust Statistics); the limits were chosen
on made-up recordings with faults and on the first halves of NAB's temperatures (docs/adr/0038-learning-a-normal.md).
"""

import math
from typing import Any

from statusportal.foundation.vocabulary import Health
from statusportal.judges.vocabulary import Plain, Verdict
from statusportal.profiles.vocabulary import BaselineRule

# A level is looked at over these shares of the window: how many spreads away is unusual, how far beyond the extremes
# that were seen, as a share of their distance from the middle, and how many earlier means are kept to compare with.
# Long means are kept for fewer of their lengths, so that a season does not widen what is usual in a week.
LEVELS = ((1 / 32, 7.0, 1.0, 128), (1 / 8, 5.0, 0.9, 64), (1 / 2, 4.0, 0.7, 32), (1.0, 3.5, 0.5, 24))
# Means overlap by half: a slow machine's first weeks give enough of them.
OVERLAP = 2
JUMP = (12.0, 1.4)
ROUGHNESS = (6.0, 0.7)
# So many of a kind must be known before they are a measure; few of them are trusted less.
LEAST_KNOWN = 12
FEW = 8.0
# A sensor is stuck when its value stands still this many times longer than ever, and at least so many samples.
STUCK_TIMES, STUCK_LEAST, STUCK_MOVES = 4.0, 30, 100
# What has been unusual for this many windows is the new normal.
ACCEPTED = 2
KEPT = 128
_BLOCK = 8
_ROUGH = 32
_FOLLOW = 0.3
# Extremes are forgotten this much slower than the rest, so that a day is not too long to remember.
_SLOWER = 20
_FADE = 1.0 / (_SLOWER * KEPT)
# The spread of something that has never moved, as a share of itself.
_STILL = 0.005
_CALM = 16
# Of something unusual that came and went, so much is believed; after two or three times it is no news.
_CONCEDED = 0.2


class Usual:
    """What values of one kind are like: the last so many, their middle, spread and extremes."""

    __slots__ = ("_fade", "_highest", "_kept", "_lowest", "_next", "_ring", "_spread", "_waiting", "middle")

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._fade = 1.0 / (_SLOWER * kept)
        self._ring: list[float] = []
        self._waiting: list[float] = []
        self._next = 0
        self.middle: float | None = None
        self._spread = self._lowest = self._highest = 0.0

    def propose(self, value: float, behind: int) -> None:
        """Take a value in once so many others came after it: a drift must not teach what it is judged by."""
        self._waiting.append(value)
        while len(self._waiting) > behind:
            self.learn(self._waiting.pop(0))

    def doubt(self) -> None:
        """Forget what was only proposed: it led to something unusual."""
        self._waiting.clear()

    def learn(self, value: float) -> None:
        """Take a value in as usual."""
        if not self._ring:
            self._lowest = self._highest = value
        if len(self._ring) < self._kept:
            self._ring.append(value)
        else:
            self._ring[self._next] = value
            self._next = (self._next + 1) % self._kept
        self._lowest, self._highest = min(self._lowest, value), max(self._highest, value)
        if len(self._ring) >= LEAST_KNOWN:
            self._settle()

    def _settle(self) -> None:
        ordered = sorted(self._ring)
        count = len(ordered)
        middle = ordered[count // 2]
        # How wide nine tenths lie, as a share of how wide they lie in a normal distribution: holds with two humps too.
        spread = (ordered[-1 - count // 20] - ordered[count // 20]) / 3.29
        self.middle, self._spread = middle, spread or _STILL * abs(middle)
        self._lowest += (middle - self._lowest) * self._fade
        self._highest -= (self._highest - middle) * self._fade

    def concede(self, value: float) -> None:
        """Move the extreme towards something unusual that is over: what comes again and again is usual in the end."""
        if value > self._highest:
            self._highest += (value - self._highest) * _CONCEDED

    def is_above(self, value: float, spreads: float, beyond: float, least: float = 0.0) -> bool:
        """Tell whether a value is unusually great."""
        if self.middle is None:
            return False
        far = spreads * (1 + FEW / len(self._ring)) * max(self._spread, least)
        return value > max(self.middle + far, self._highest + beyond * (self._highest - self.middle))

    def is_outside(self, value: float, spreads: float, beyond: float) -> bool:
        """Tell whether a value is unusually great or small."""
        if self.middle is None:
            return False
        far = spreads * (1 + FEW / len(self._ring)) * self._spread
        if value > self.middle:
            return value > max(self.middle + far, self._highest + beyond * (self._highest - self.middle))
        return value < min(self.middle - far, self._lowest - beyond * (self.middle - self._lowest))

    def dump(self) -> list[Plain]:
        """Return all that is known."""
        plain = (self._next, self.middle, self._spread, self._lowest, self._highest)
        return [list(self._ring), list(self._waiting), *plain]

    def load(self, kept: list[Any]) -> None:
        """Know what was known."""
        ring, waiting, self._next, self.middle, self._spread, self._lowest, self._highest = kept
        self._ring, self._waiting = list(ring)[-self._kept :], list(waiting)
        self._next %= self._kept


class Baseline:
    """Judges a sample by the normal of its own signal."""

    __slots__ = (
        "_accept",
        "_beyond",
        "_learn",
        "_levels",
        "_memory",
        "_usual",
        "_widths",
        "_window",
        "health",
        "measure",
    )

    def __init__(self, rule: BaselineRule) -> None:
        self.health: Health | None = None
        self.measure: float | None = None
        self._learn = rule.learn
        self._accept = max(rule.learn, rule.window * ACCEPTED)
        levels: dict[int, tuple[float, float, int]] = {}
        for share, spreads, beyond, kept in LEVELS:
            width = max(2, round(rule.window * share))
            levels.setdefault(width, (spreads * rule.tolerance, beyond * rule.tolerance, kept))
        self._widths = list(levels)
        self._levels = [(spreads, beyond) for spreads, beyond, _ in levels.values()]
        self._beyond = [(spreads * rule.tolerance, beyond * rule.tolerance) for spreads, beyond in (JUMP, ROUGHNESS)]
        self._window = _Past(rule.window, self._widths)
        self._usual = [*(Usual(kept) for _, _, kept in levels.values()), Usual(), Usual()]
        self._memory = _Moves()

    @property
    def learned(self) -> float:
        """Return which share of the learning is done."""
        return min(1.0, self._memory.seen / self._learn)

    def hear(self, _at_ms: int, value: float) -> Verdict:
        """Judge a sample by what is usual, and learn from it unless it is not."""
        memory = self._memory
        jump, roughness = memory.move(value)
        self._window.push(value)
        is_armed = memory.seen > self._learn and memory.falls > 0
        is_unusual = is_armed and (memory.is_stuck() or self._is_unusual(jump, roughness))
        verdict = memory.judge(is_unusual=is_unusual)
        if verdict is Verdict.CLEAR or memory.unusual > self._accept:
            self._learn_blocks(roughness, is_sure=verdict is not Verdict.CLEAR or memory.seen <= self._learn)
            self._usual[-2].concede(memory.peak)
            memory.peak = 0.0
        else:
            for usual in self._usual:
                usual.doubt()
        if memory.seen % _BLOCK == 0:
            memory.jump = 0.0
        return verdict if is_armed else Verdict.SILENT

    def _is_unusual(self, jump: float, roughness: float | None) -> bool:
        *levels, jumps, roughs = self._usual
        if jumps.is_above(jump, *self._beyond[0]):
            return True
        if roughness is not None and roughs.is_above(roughness, *self._beyond[1], least=0.1):
            return True
        seen, means = self._memory.seen, self._window
        return any(
            seen >= width and usual.is_outside(means.mean(index), *limits)
            for index, (width, limits, usual) in enumerate(zip(self._widths, self._levels, levels, strict=True))
        )

    def _learn_blocks(self, roughness: float | None, *, is_sure: bool) -> None:
        """Learn what is complete now; once judging has begun, a window later."""
        seen, size = self._memory.seen, self._widths[-1]
        measures: list[tuple[int, float | None]] = [
            (max(_BLOCK, width // OVERLAP), self._window.mean(index) if seen >= width else None)
            for index, width in enumerate(self._widths)
        ]
        measures += [(_BLOCK, self._memory.jump), (_ROUGH, roughness)]
        for usual, (every, measure) in zip(self._usual, measures, strict=True):
            if not seen % every and measure is not None:
                usual.propose(measure, 0 if is_sure else size // every)

    def measured(self, _at_ms: int) -> float | None:
        """Return nothing: what is judged is the sample, in many ways."""
        return None

    def dump(self) -> Plain:
        """Return everything learned."""
        return [self._memory.dump(), self._window.dump(), [usual.dump() for usual in self._usual]]

    def load(self, kept: list[Any]) -> None:
        """Go on with what was learned."""
        memory, window, usual = kept
        self._memory.load(memory)
        self._window.load(window)
        for one, known in zip(self._usual, usual, strict=True):
            one.load(known)


class _Past:
    """The last samples of a window, with the mean of several lengths of it at hand."""

    __slots__ = ("_count", "_ring", "_shift", "_sums", "_widths")

    def __init__(self, size: int, widths: list[int]) -> None:
        self._ring = [0.0] * size
        self._widths = widths
        self._sums = [0.0] * len(widths)
        self._count = 0
        self._shift = 0.0

    def push(self, value: float) -> None:
        """Take in the newest."""
        ring, count, size = self._ring, self._count, len(self._ring)
        if not count:
            self._shift = value
        shifted = value - self._shift
        for index, width in enumerate(self._widths):
            self._sums[index] += shifted - (ring[(count - width) % size] if count >= width else 0.0)
        ring[count % size] = shifted
        self._count = count + 1
        if self._count % size == 0:  # once a turn, so that rounding cannot pile up
            self._sums = [math.fsum(ring[-width:]) for width in self._widths]

    def mean(self, index: int) -> float:
        """Return the mean of the last so many, all of them zero before there were so many."""
        return self._sums[index] / self._widths[index] + self._shift

    def dump(self) -> list[Plain]:
        """Return the samples."""
        return [list(self._ring), list(self._sums), self._count, self._shift]

    def load(self, kept: list[Any]) -> None:
        """Go on with the samples."""
        ring, sums, self._count, self._shift = kept
        self._ring, self._sums = list(ring), list(sums)


class _Moves:
    """How a value moves from sample to sample, and for how long it has been unusual."""

    __slots__ = (
        "_last",
        "_longest",
        "_moves",
        "_near",
        "_run",
        "_steps",
        "calm",
        "falls",
        "jump",
        "peak",
        "seen",
        "unusual",
    )

    def __init__(self) -> None:
        self.seen = self.falls = self.unusual = self.calm = 0
        self.jump = self.peak = 0.0
        self._moves = self._run = 0
        self._longest = 1.0
        self._last: float | None = None
        self._near = 0.0
        self._steps: list[float] = []

    def move(self, value: float) -> tuple[float, float | None]:
        """Take in the next value; return how far it jumped from where it was, and how rough the last ones were."""
        self.seen += 1
        if self._last is None:
            self._last = self._near = value
        step = value - self._last
        if step == 0.0:
            self._run += 1
        else:
            self._moves += 1
            self.falls += step < 0
            if not self.unusual:
                self._longest = max(self._longest * (1 - _FADE), self._run)
            self._run, self._last = 1, value
        jump = abs(value - self._near)
        self._near += _FOLLOW * (value - self._near)
        self.jump = max(self.jump, jump)
        self._steps.append(step * step)
        if len(self._steps) <= _ROUGH:
            return jump, None
        del self._steps[0]
        return jump, 0.5 * math.log(math.fsum(self._steps) / _ROUGH + 1e-300)

    def is_stuck(self) -> bool:
        """Tell whether a value that used to move stands still."""
        return self._moves >= STUCK_MOVES and self._run >= max(STUCK_LEAST, STUCK_TIMES * self._longest)

    def judge(self, *, is_unusual: bool) -> Verdict:
        """Hold on until it was calm for a while."""
        if is_unusual:
            self.unusual, self.calm = self.unusual + 1, 0
            self.peak = max(self.peak, self.jump)
            return Verdict.BROKEN
        if not self.unusual:
            return Verdict.CLEAR
        self.calm += 1
        if self.calm < _CALM:
            self.unusual += 1
            return Verdict.HELD
        self.unusual = 0
        return Verdict.CLEAR

    def dump(self) -> list[Plain]:
        """Return all that is remembered."""
        kept = [getattr(self, name) for name in _REMEMBERED]
        return [*kept, list(self._steps)]

    def load(self, kept: list[Any]) -> None:
        """Go on from what was remembered."""
        *plain, steps = kept
        for name, value in zip(_REMEMBERED, plain, strict=True):
            setattr(self, name, value)
        self._steps = list(steps)


_REMEMBERED = ("seen", "falls", "unusual", "calm", "jump", "peak", "_moves", "_run", "_longest", "_last", "_near")
