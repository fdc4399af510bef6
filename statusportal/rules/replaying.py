"""Pure: samples in any order, and the one history that they have.

`replay` is the specification: all samples at once, sorted, each kept once. `Stream` takes them as they come, at
constant cost, and tells the same history: a late sample is put in its place, and what came after it is told again.

Source: docs/adr/0037-rules-are-data.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from statusportal.judges.vocabulary import Plain
from statusportal.profiles.vocabulary import Profile
from statusportal.rules.evaluating import Device
from statusportal.rules.vocabulary import Change, Sample

# How many samples of a device stay open to correction: a clock that jumps, a gateway that empties its buffer.
HORIZON = 512


def replay(profile: Profile, samples: Iterable[Sample], until_ms: int | None = None) -> list[Change]:
    """Return the history of a set of samples: it has no order, and one that is there twice is there once.

    Units: `until_ms` lets time pass to an instant after the last sample.
    """
    device = Device(profile)
    for sample in unique(samples):
        device.hear(*sample)
    if until_ms is not None:
        device.elapse(until_ms)
    return in_time(device.changes)


def unique(samples: Iterable[Sample]) -> Iterator[Sample]:
    """Sort samples; of several with one time and signal the least by value stands, whichever came first."""
    best: dict[tuple[int, str], Sample] = {}
    for sample in samples:
        place = sample[:2]
        if place not in best or _order(sample) < _order(best[place]):
            best[place] = sample
    return (best[place] for place in sorted(best))


def _order(sample: Sample) -> tuple[str, str]:
    return type(sample.value).__name__, repr(sample.value)


def in_time(changes: Iterable[Change]) -> list[Change]:
    """Sort changes by time, and by their codes within an instant; those of one rule stay in their order."""
    return sorted(changes, key=lambda change: (change.at_ms, change.code, change.signal or ""))


class Stream:
    """A device that takes samples as they come.

    Shape: a history is told in two parts: what no sample can alter any more (`settled`), and what came after.
    `late` counts samples that came behind more than a horizon of newer ones; they change nothing here, and a history
    that should have them is replayed from what is stored.
    """

    def __init__(self, profile: Profile, horizon: int = HORIZON) -> None:
        self.late = 0
        self._profile = profile
        self._horizon = horizon
        self._device = Device(profile)
        # The state before the tail, and in the middle of it: from the one or the other a late sample is told again.
        self._base = self._device.dump()
        self._middle: tuple[dict[str, Plain], int] | None = None
        self._tail: list[Sample] = []
        self._before: tuple[int, str] | None = None
        self._settled: list[Change] = []

    def hear(self, samples: Iterable[Sample]) -> None:
        """Take in samples, wherever they belong."""
        behind = []
        for sample in unique(samples):
            if self._tail and sample[:2] <= self._tail[-1][:2]:
                behind.append(sample)
            elif self._before is not None and sample[:2] <= self._before:
                self.late += 1
            else:
                self._follow(sample)
        if behind:
            self._put_behind(behind)

    def history(self, until_ms: int | None = None) -> list[Change]:
        """Return the changes that are not settled, with what falls due up to an instant; nothing passes by asking."""
        if until_ms is None:
            return in_time(self._device.changes)
        device = Device(self._profile)
        device.load(self._device.dump())
        device.elapse(until_ms)
        return in_time([*self._device.changes, *device.changes])

    def settled(self) -> list[Change]:
        """Take out the changes that no sample can alter any more."""
        taken, self._settled = in_time(self._settled), []
        return taken

    def dump(self) -> dict[str, Plain]:
        """Return all that is remembered, as plain values that JSON can carry; a restart goes on from it."""
        before: Plain = None if self._before is None else list(self._before)
        tail: list[Plain] = [list(sample) for sample in self._tail]
        return {"base": self._base, "tail": tail, "before": before, "late": self.late}

    def load(self, kept: Mapping[str, Any]) -> None:
        """Go on from what was remembered."""
        self.late = kept["late"]
        self._before = None if kept["before"] is None else (kept["before"][0], kept["before"][1])
        self._base = kept["base"]
        self._go_on([], [Sample(*sample) for sample in kept["tail"]])

    def _follow(self, sample: Sample) -> None:
        """Take in a sample that is the newest."""
        self._device.hear(*sample)
        self._tail.append(sample)
        if len(self._tail) == self._horizon and self._middle is None:
            self._middle = (self._device.dump(), len(self._device.changes))
        elif len(self._tail) == 2 * self._horizon and self._middle is not None:
            self._base, count = self._middle
            self._settled += self._device.changes[:count]
            del self._device.changes[:count]
            self._before = self._tail[self._horizon - 1][:2]
            del self._tail[: self._horizon]
            self._middle = (self._device.dump(), len(self._device.changes))

    def _put_behind(self, samples: Iterable[Sample]) -> None:
        """Put samples where they belong, and tell again what came after the first of them."""
        known = {sample[:2]: sample for sample in self._tail}
        news = []
        for sample in samples:
            if self._before is not None and sample[:2] <= self._before:
                self.late += 1
            elif sample[:2] not in known or _order(sample) < _order(known[sample[:2]]):
                news.append(sample)
                known[sample[:2]] = sample
        if not news:
            return
        whole = [known[place] for place in sorted(known)]
        at = self._horizon
        if self._middle is not None and min(news)[:2] > self._tail[at - 1][:2]:
            self._go_on(whole[:at], whole[at:])
        else:
            self._go_on([], whole)

    def _go_on(self, kept: list[Sample], again: list[Sample]) -> None:
        """Tell samples again, from the base or, where the half before it is kept, from the middle."""
        changes: list[Change] = []
        state = self._base
        if kept and self._middle is not None:
            state, count = self._middle
            changes = self._device.changes[:count]
        else:
            self._middle = None
        self._device = Device(self._profile)
        self._device.load(state)
        self._device.changes, self._tail = changes, kept
        for sample in again:
            self._follow(sample)
