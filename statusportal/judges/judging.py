"""Pure: what a sample says about a rule, in constant time and constant memory for each.

A judge remembers what its rule needs of the past and no more, as plain values.

Source: each rule's own `source`, which its profile must name; the resolution of spans is ours and stands below.
"""

import math
from collections import deque
from typing import Any

from devices.reading import Value
from statusportal.foundation.vocabulary import Health
from statusportal.judges.vocabulary import SECOND_MS, Plain, Verdict
from statusportal.profiles.vocabulary import (
    Banded,
    CodedValue,
    LimitRule,
    NativeRule,
    NoChangeRule,
    RateRule,
    Standard,
)

# A span of time is kept in this many steps, so that a day of a fast sensor takes no more room than a minute's: its far
# edge is exact to one step.
STEPS = 512


class _Forgetful:
    """A judge that remembers nothing."""

    __slots__ = ("health", "measure")

    def __init__(self) -> None:
        self.health: Health | None = None
        self.measure: float | None = None

    def measured(self, _at_ms: int) -> float | None:
        """Return nothing: what is judged is the sample."""
        return None

    def dump(self) -> Plain:
        """Return nothing."""
        return None

    def load(self, kept: Plain) -> None:
        """Remember nothing."""


class Band:
    """A low and a high limit with the hysteresis inside of them; the limit itself is still good."""

    __slots__ = ("_back_high", "_back_low", "_high", "_low")

    def __init__(self, rule: Banded) -> None:
        self._high = math.inf if rule.high is None else rule.high
        self._low = -math.inf if rule.low is None else rule.low
        self._back_high = self._high - rule.hysteresis
        self._back_low = self._low + rule.hysteresis

    def judge(self, value: float) -> Verdict:
        """Place a value beyond the limits, inside of them, or between."""
        if self._back_low <= value <= self._back_high:
            return Verdict.CLEAR
        return Verdict.BROKEN if value > self._high or value < self._low else Verdict.HELD


class Limit(_Forgetful):
    """Judges the value itself."""

    __slots__ = ("hear",)

    def __init__(self, rule: LimitRule) -> None:
        super().__init__()
        judge = Band(rule).judge
        self.hear = lambda _at_ms, value: judge(value)


class Coded(_Forgetful):
    """Judges whether a word or a mask holds one code."""

    __slots__ = ("_bit", "_word")

    def __init__(self, one: CodedValue) -> None:
        super().__init__()
        self._word = one.value
        self._bit = one.bit

    def hear(self, _at_ms: int, value: Value) -> Verdict:
        """Compare as text, or look at the bit of a whole number."""
        if self._bit is None:
            return Verdict.BROKEN if _word(value) == self._word else Verdict.CLEAR
        if isinstance(value, str) or (isinstance(value, float) and not value.is_integer()) or value < 0:
            return Verdict.ERROR
        return Verdict.BROKEN if int(value) >> self._bit & 1 else Verdict.CLEAR


def _word(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


class Native(_Forgetful):
    """Takes the machine's own word, in the words of its standard."""

    __slots__ = ("_health", "_healths", "_is_alarm")

    def __init__(self, rule: NativeRule) -> None:
        super().__init__()
        self._healths = SEVERITIES[rule.standard]
        self._is_alarm = rule.standard is Standard.OPCUA_ALARM
        self._health = rule.health

    def hear(self, _at_ms: int, value: Value) -> Verdict:
        """Look a severity up; a word that the standard does not have cannot be judged."""
        health = self._of_alarm(value) if self._is_alarm and not isinstance(value, str) else None
        health = health or self._healths.get(_word(value).strip().casefold())
        if health is None:
            return Verdict.ERROR
        if health is Health.UNKNOWN:
            return Verdict.UNKNOWN
        if health is Health.NORMAL:
            return Verdict.CLEAR
        self.health = health
        return Verdict.BROKEN

    def _of_alarm(self, value: float) -> Health | None:
        """Read whether an alarm is active, or its severity: 0 where it is not, else 1 to 1,000."""
        if isinstance(value, bool):
            return self._health if value else Health.NORMAL
        if value == 0:
            return Health.NORMAL
        return next((health for least, health in _ALARMS if least <= value <= _SEVEREST), None)


class OfAll(Native):
    """Takes what a machine says of all its own conditions at once: that they are over, or that nobody knows."""

    __slots__ = ()

    def hear(self, at_ms: int, value: Value) -> Verdict:
        """Say nothing of trouble: that is the trouble of one."""
        verdict = super().hear(at_ms, value)
        return verdict if verdict in (Verdict.CLEAR, Verdict.UNKNOWN) else Verdict.SILENT


class Together(_Forgetful):
    """Stands where a combination has no signal: what other rules say together is seen by the device that holds them."""

    def hear(self, _at_ms: int, _value: Value) -> Verdict:
        """Say nothing."""
        return Verdict.SILENT


class Rate:
    """Judges the change between the oldest and the newest value of a span.

    Shape: `counts` says that the signal is a counter, which falls only when it is reset: no rate reaches across that.
    """

    __slots__ = ("_band", "_counts", "_over_ms", "_per_ms", "_seen", "_step_ms", "health", "measure")

    def __init__(self, rule: RateRule, *, counts: bool = False) -> None:
        self.health: Health | None = None
        self.measure: float | None = None
        self._band = Band(rule)
        self._counts = counts
        self._over_ms = max(1, round(rule.over_s * SECOND_MS))
        self._per_ms = rule.per_s * SECOND_MS
        self._step_ms = max(1, self._over_ms // STEPS)
        self._seen: deque[tuple[int, float]] = deque()

    def hear(self, at_ms: int, value: float) -> Verdict:
        """Measure from the last value that is `over_s` old or older; without one there is no rate yet."""
        seen = self._seen
        if self._counts and seen and value < seen[-1][1]:
            seen.clear()
        while len(seen) > 1 and seen[1][0] <= at_ms - self._over_ms:
            seen.popleft()
        verdict = Verdict.SILENT
        if seen and seen[0][0] <= at_ms - self._over_ms:
            self.measure = (value - seen[0][1]) / (at_ms - seen[0][0]) * self._per_ms
            verdict = self._band.judge(self.measure)
        if not seen or at_ms - seen[-1][0] >= self._step_ms:
            seen.append((at_ms, value))
        return verdict

    def measured(self, at_ms: int) -> float | None:
        """Return the rate over what is kept of the span, per `per_s`; None before there is a whole span."""
        if not self._seen or self._seen[0][0] > at_ms - self._over_ms:
            return None
        (began_ms, began), (last_ms, last) = self._seen[0], self._seen[-1]
        return (last - began) / (last_ms - began_ms) * self._per_ms if last_ms > began_ms else None

    def dump(self) -> Plain:
        """Return the values of the span."""
        return list[Any](self._seen)

    def load(self, kept: list[tuple[int, float]]) -> None:
        """Go on with the values of the span."""
        self._seen = deque(kept)


class NoChange:
    """Judges how long a value has been seen to stay where it is; what it did in a silence nobody saw.

    Shape: a silence is longer than `silence_ms`, or than the rule's own duration where nothing is said of silence.
    """

    __slots__ = (
        "_anchor",
        "_anchored_ms",
        "_count",
        "_for_ms",
        "_last_ms",
        "_samples",
        "_silence_ms",
        "_tolerance",
        "health",
        "measure",
    )

    def __init__(self, rule: NoChangeRule, silence_ms: int | None = None) -> None:
        self.health: Health | None = None
        self.measure: float | None = None
        self._tolerance = rule.tolerance
        self._for_ms = math.inf if rule.for_s is None else rule.for_s * SECOND_MS
        self._samples = math.inf if rule.samples is None else rule.samples
        self._silence_ms = self._for_ms if silence_ms is None else silence_ms
        self._anchor: float | None = None
        self._anchored_ms = self._last_ms = 0
        self._count = 0

    def hear(self, at_ms: int, value: float) -> Verdict:
        """Begin anew at every value that moved, and after every silence; only a value that moved clears."""
        has_moved = self._anchor is None or abs(value - self._anchor) > self._tolerance
        if has_moved or at_ms - self._last_ms > self._silence_ms:
            self._anchor, self._anchored_ms, self._count = value, at_ms, 0
        self._last_ms = at_ms
        self._count += 1
        if at_ms - self._anchored_ms >= self._for_ms or self._count >= self._samples:
            return Verdict.BROKEN
        return Verdict.CLEAR if has_moved else Verdict.HELD

    def measured(self, _at_ms: int) -> float | None:
        """Return for how long the value has stood still, in seconds, or over how many samples if those are counted."""
        if self._anchor is None:
            return None
        return (self._last_ms - self._anchored_ms) / SECOND_MS if self._samples == math.inf else float(self._count)

    def dump(self) -> Plain:
        """Return since when the value has been where."""
        return [self._anchor, self._anchored_ms, self._count, self._last_ms]

    def load(self, kept: tuple[float | None, int, int, int]) -> None:
        """Go on with the value as it stood."""
        self._anchor, self._anchored_ms, self._count, self._last_ms = kept


# OPC UA Part 5, 6.4.2, and Part 9: severities of 1 to 1,000, in the three thirds that servers are to show them in.
_SEVEREST = 1_000
_ALARMS = ((667, Health.FAILURE), (334, Health.OFF_SPEC), (1, Health.MAINTENANCE_REQUIRED))
_GOOD = {"normal": Health.NORMAL, "good": Health.NORMAL, "ok": Health.NORMAL, "none": Health.NORMAL}
_UNKNOWN = {"unknown": Health.UNKNOWN, "unavailable": Health.UNKNOWN, "stale": Health.UNKNOWN, "bad": Health.UNKNOWN}
SEVERITIES = {
    Standard.OPCUA: _GOOD
    | _UNKNOWN
    | {
        "0": Health.NORMAL,
        "1": Health.FAILURE,
        "failure": Health.FAILURE,
        "2": Health.CHECK_FUNCTION,
        "check_function": Health.CHECK_FUNCTION,
        "3": Health.OFF_SPEC,
        "off_spec": Health.OFF_SPEC,
        "4": Health.MAINTENANCE_REQUIRED,
        "maintenance_required": Health.MAINTENANCE_REQUIRED,
    },
    Standard.OPCUA_ALARM: _GOOD | _UNKNOWN | {"inactive": Health.NORMAL},
    Standard.MTCONNECT: _GOOD | _UNKNOWN | {"warning": Health.OFF_SPEC, "fault": Health.FAILURE},
    Standard.SPARKPLUG: _UNKNOWN
    | {"good": Health.NORMAL, "192": Health.NORMAL, "0": Health.UNKNOWN, "500": Health.UNKNOWN},
    Standard.ISO15143: _GOOD | _UNKNOWN | {"low": Health.OFF_SPEC, "medium": Health.OFF_SPEC, "high": Health.FAILURE},
    Standard.SNMP: {
        "1": Health.UNKNOWN,
        "unknown": Health.UNKNOWN,
        "2": Health.NORMAL,
        "running": Health.NORMAL,
        "3": Health.OFF_SPEC,
        "warning": Health.OFF_SPEC,
        "4": Health.CHECK_FUNCTION,
        "testing": Health.CHECK_FUNCTION,
        "5": Health.FAILURE,
        "down": Health.FAILURE,
    },
    # RFC 3877, ITU alarm perceived severity.
    Standard.SNMP_ALARM: {
        "1": Health.NORMAL,
        "cleared": Health.NORMAL,
        "2": Health.CHECK_FUNCTION,
        "indeterminate": Health.CHECK_FUNCTION,
        "3": Health.FAILURE,
        "critical": Health.FAILURE,
        "4": Health.FAILURE,
        "major": Health.FAILURE,
        "5": Health.OFF_SPEC,
        "minor": Health.OFF_SPEC,
        "6": Health.MAINTENANCE_REQUIRED,
        "warning": Health.MAINTENANCE_REQUIRED,
    },
}
