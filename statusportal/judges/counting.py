"""Pure: what was counted since the last service, and when the next one is due: by count, by time, by the calendar.

Source: ISO 13374-2 (2007), usage-based and time-based maintenance; docs/adr/0042-rules-tell-where-they-stand.md.
"""

import calendar
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.vocabulary import Health
from statusportal.judges.vocabulary import NEVER_MS, SECOND_MS, Plain, Verdict
from statusportal.profiles.vocabulary import CounterRule

# A counter that falls back by less than this part of its interval was not reset: meters round, and readings jitter.
_JITTER = 0.01
# How fast it counts is measured over one to two weeks: a working week is in it, a season is not.
_MARK_MS = 7 * 86_400_000
# Before it was watched for this long nobody knows how fast it counts.
_LEAST_MS = 86_400_000
_MONTHS = 12


class Forecast(NamedTuple):
    """How far a counter is: what was counted since when, by when time alone makes it due, and how fast it counts.

    Shape: None where nothing is due by time, or where it was not watched for long enough.
    Units: milliseconds since 1970 UTC, the counter's own unit, and that a millisecond.
    """

    counted: float
    since_ms: int
    heard_ms: int
    due_ms: int | None
    per_ms: float | None


class CounterDue:
    """Judges how much was counted since the last service; a reset of the counter is seen and never counts backwards.

    What a counter shows when it is first heard was counted before: the first interval begins there. `foresee` is told
    when time alone will make it due, sample or not.
    """

    __slots__ = (
        "_due",
        "_due_ms",
        "_ever",
        "_foresee",
        "_jitter",
        "_last",
        "_last_ms",
        "_lead_ms",
        "_marks",
        "_rule",
        "_total",
        "_worked_ms",
        "health",
        "measure",
    )

    def __init__(self, rule: CounterRule, foresee: Callable[[int], None]) -> None:
        self.health: Health | None = None
        self.measure: float | None = None
        self._rule, self._foresee = rule, foresee
        self._due = math.inf if rule.every is None else rule.every - rule.ahead
        lead_s = rule.ahead_s or (rule.ahead if rule.every is None else 0.0)
        self._lead_ms = round(lead_s * SECOND_MS)
        self._jitter = 0.0 if rule.every is None else rule.every * _JITTER
        self._last = self._total = self._ever = 0.0
        self._last_ms = 0
        self._worked_ms: int | None = None
        self._due_ms = NEVER_MS
        # When it had counted how much, oldest first: two at most.
        self._marks: list[tuple[int, float]] = []

    def hear(self, at_ms: int, value: float) -> Verdict:
        """Add what was counted; what a reset counter shows was counted since its reset."""
        if self._worked_ms is None:
            self._last = value
            self._begin(at_ms)
        elif value >= self._last:
            self._add(value - self._last, value)
        elif self._last - value >= self._jitter:
            self._add(max(value, 0.0), value)
        self._last_ms = at_ms
        if not self._marks or at_ms - self._marks[-1][0] >= _MARK_MS:
            self._marks = [*self._marks[-1:], (at_ms, self._ever)]
        is_due = self._total >= self._due or at_ms >= self._due_ms - self._lead_ms
        return Verdict.BROKEN if is_due else Verdict.CLEAR

    def serve(self, at_ms: int) -> None:
        """Begin anew: it was serviced. One that was never heard begins when it is."""
        self._total = 0.0
        if self._worked_ms is not None:
            self._begin(at_ms)

    def forecast(self) -> Forecast | None:
        """Say how far it is, None before it was heard."""
        if self._worked_ms is None:
            return None
        since_ms, ever = self._marks[0] if self._marks else (self._last_ms, self._ever)
        watched_ms = self._last_ms - since_ms
        per_ms = (self._ever - ever) / watched_ms if watched_ms >= _LEAST_MS else None
        due_ms = None if self._due_ms == NEVER_MS else self._due_ms
        return Forecast(self._total, self._worked_ms, self._last_ms, due_ms, per_ms)

    def measured(self, _at_ms: int) -> float | None:
        """Return how much was counted since the last service."""
        return None if self._worked_ms is None else self._total

    def dump(self) -> Plain:
        """Return what was counted, and since when."""
        marks: list[Plain] = [list(mark) for mark in self._marks]
        return [self._last, self._total, self._worked_ms, self._ever, self._last_ms, marks]

    def load(self, kept: list[Any]) -> None:
        """Go on counting; what was kept before it was known how fast it counts begins to be watched now."""
        self._last, self._total, worked_ms, *rest = kept
        self._ever, self._last_ms, marks = rest or (0.0, 0, [])
        self._marks = [(at_ms, ever) for at_ms, ever in marks]
        if worked_ms is not None:
            self._begin(worked_ms)
        else:
            self._worked_ms, self._due_ms = None, NEVER_MS
            self._foresee(NEVER_MS)

    def _add(self, counted: float, shown: float) -> None:
        self._total += counted
        self._ever += counted
        self._last = shown

    def _begin(self, at_ms: int) -> None:
        """Count from here, and say when time alone makes it due."""
        self._worked_ms = at_ms
        self._due_ms = self._due_after(at_ms)
        self._foresee(self._due_ms if self._due_ms == NEVER_MS else self._due_ms - self._lead_ms)

    def _due_after(self, at_ms: int) -> int:
        """Return when time makes it due after a service; a date is over for who was serviced within its lead."""
        rule = self._rule
        found = [NEVER_MS]
        if rule.every_s is not None:
            found.append(at_ms + round(rule.every_s * SECOND_MS))
        if rule.every_months is not None:
            found.append(to_ms(months_after(from_ms(at_ms), rule.every_months)))
        if rule.due_on is not None:
            on_ms = to_ms(datetime(rule.due_on.year, rule.due_on.month, rule.due_on.day, tzinfo=UTC))
            found += [on_ms] if at_ms < on_ms - self._lead_ms else []
        return min(found)


def months_after(at: datetime, months: int) -> datetime:
    """Return the same day and time so many months later, the last day of the month where it has no such day."""
    years, month = divmod(at.month - 1 + months, _MONTHS)
    year, month = at.year + years, month + 1
    days = calendar.monthrange(year, month)[1]
    return at.replace(day=1, year=year, month=month) + timedelta(days=min(at.day, days) - 1)
