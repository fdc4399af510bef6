"""What would have happened: rows of a recording through a profile, changes of level out."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from statusportal.cli.recording import Dialect, Row
from statusportal.foundation.vocabulary import Health
from statusportal.profiles.vocabulary import Profile
from statusportal.rules.replaying import Stream
from statusportal.rules.vocabulary import Change, Sample

OK, WARNING, FAULT = "ok", "warning", "fault"
_BATCH = 64


class Shift(NamedTuple):
    """A series went to another level; `codes` are the conditions that are active then."""

    series: str
    timestamp: float | str
    level: str
    codes: tuple[str, ...]


class Backtest:
    """Replays series side by side, each in constant memory.

    Shape: a change is told once no later row can alter it, in the order of time within its series.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._series: dict[str, _Series] = {}

    @property
    def late(self) -> int:
        """Count the samples that came too late to be put in their place."""
        return sum(series.stream.late for series in self._series.values())

    def shifts(self, rows: Iterable[Row]) -> Iterator[Shift]:
        """Replay rows."""
        for row in rows:
            series = self._series.get(row.series)
            if series is None:
                series = self._series[row.series] = _Series(row.series, self._profile, row.dialect)
            yield from series.take(Sample(row.at_ms, row.signal, row.value))
        for series in self._series.values():
            yield from series.end()


class _Series:
    """One series: its device, and the level it was last said to have."""

    def __init__(self, name: str, profile: Profile, dialect: Dialect) -> None:
        self.stream = Stream(profile)
        self._name = name
        self._dialect = dialect
        self._waiting: list[Sample] = []
        self._open: list[Change] = []
        self._active: dict[tuple[str, str | None], Health] = {}
        self._level = OK

    def take(self, sample: Sample) -> Iterator[Shift]:
        """Take in a sample; in handfuls, so that a clock that jumps costs little."""
        self._waiting.append(sample)
        if len(self._waiting) >= _BATCH:
            self.stream.hear(self._waiting)
            self._waiting = []
            self._open += self.stream.settled()
            if self._open:
                # The newest instant may not be over yet.
                last_ms = self._open[-1].at_ms
                over = [change for change in self._open if change.at_ms < last_ms]
                self._open = self._open[len(over) :]
                yield from self._told(over)

    def end(self) -> Iterator[Shift]:
        """Tell what is left."""
        self.stream.hear(self._waiting)
        yield from self._told([*self._open, *self.stream.settled(), *self.stream.history()])

    def _told(self, changes: list[Change]) -> Iterator[Shift]:
        for at_ms, together in groupby(changes, key=lambda change: change.at_ms):
            for change in together:
                where = (change.code, change.signal)
                if change.after.is_active:
                    self._active[where] = change.health
                else:
                    self._active.pop(where, None)
            level = _level(self._active.values())
            if level != self._level:
                self._level = level
                yield Shift(
                    self._name, self._dialect.told(at_ms), level, tuple(sorted({code for code, _ in self._active}))
                )


def _level(healths: Iterable[Health]) -> str:
    worst = max(healths, key=lambda health: health.rank, default=Health.NORMAL)
    return {Health.NORMAL: OK, Health.FAILURE: FAULT}.get(worst, WARNING)
