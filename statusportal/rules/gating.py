"""Pure: how a rule's verdicts become a condition in time.

The times are those of samples: what falls due between two samples fell due at its own instant, and nothing depends on
when anybody looked.

Source: IEC 62682 (2022): on-delay (pending), off-delay (keep firing), and suppression after clearing (cooldown).
"""

from collections.abc import Callable
from typing import Any

from devices.reading import Value
from statusportal.foundation.vocabulary import Health
from statusportal.judges.vocabulary import NEVER_MS, SECOND_MS, Plain, Verdict
from statusportal.profiles.vocabulary import Rule
from statusportal.rules.vocabulary import Change, Phase

Tell = Callable[[Change], None]


class Gate:
    """One condition on its way through time.

    Shape: `silence_ms` is how long a value counts without another; what is pending then becomes unknown, and what is
    active stays so, since silence clears nothing. `due_ms` is when the present phase ends by itself, or NEVER_MS;
    `foreseen_ms` when it will be active whatever is heard, as a service that is due by the calendar is.
    """

    __slots__ = (
        "_cooldown_ms",
        "_keep_ms",
        "_pending_ms",
        "_silence_ms",
        "_tell",
        "active_since_ms",
        "code",
        "cooled_ms",
        "count",
        "due_ms",
        "first_ms",
        "foreseen_ms",
        "health",
        "last_ms",
        "phase",
        "signal",
        "since_ms",
    )

    def __init__(self, name: tuple[str, str | None], rule: Rule, health: Health, silence_ms: int, tell: Tell) -> None:
        self.code, self.signal = name
        self.health = health
        self._pending_ms = round(rule.pending_s * SECOND_MS)
        self._keep_ms = round(rule.keep_firing_s * SECOND_MS)
        self._cooldown_ms = round(rule.cooldown_s * SECOND_MS)
        self._silence_ms = silence_ms
        self._tell = tell
        self.phase = Phase.NO_DATA
        self.since_ms = self.last_ms = self.cooled_ms = -NEVER_MS
        self.due_ms = self.foreseen_ms = NEVER_MS
        self.active_since_ms: int | None = None
        self.first_ms: int | None = None
        self.count = 0

    def hear(self, verdict: Verdict, at_ms: int, value: Value | None) -> None:
        """Take in what a sample says; what fell due before it is told first."""
        if verdict == Verdict.CLEAR and self.phase is Phase.NORMAL and at_ms - self.last_ms <= self._silence_ms:
            self.last_ms = at_ms  # by far the most samples: all is well, and was
            return
        self.elapse(at_ms)
        if verdict != Verdict.ERROR:
            self.last_ms = at_ms
        _ANSWERS[verdict](self, at_ms, value)

    def elapse(self, to_ms: int) -> None:
        """Let time pass; what falls due on the way happens at its own instant."""
        expiry_ms = self.last_ms + self._silence_ms
        if self.due_ms <= to_ms and self.phase in _CALM:
            self._come_true(expiry_ms)
        if self.due_ms <= min(to_ms, expiry_ms if self.phase is Phase.PENDING else NEVER_MS):
            if self.phase is Phase.PENDING:
                self._activate(self.due_ms, None)
            else:
                self._clear(self.due_ms, None)
        if expiry_ms < to_ms and self.phase in (Phase.NORMAL, Phase.PENDING, Phase.ERROR):
            self._enter(Phase.NO_DATA, max(expiry_ms, self.since_ms), None)

    def foresee(self, at_ms: int) -> None:
        """Let it be active from an instant on, whatever is heard until then; NEVER_MS takes that back."""
        self.foreseen_ms = at_ms
        if self.phase in _CALM:
            self.due_ms = at_ms

    def is_silent(self, at_ms: int) -> bool:
        """Tell whether what was heard last is too old to count at an instant."""
        return at_ms - self.last_ms > self._silence_ms

    def stands(self, at_ms: int) -> bool | None:
        """Tell whether the condition is active at an instant, None where nobody knows."""
        if self.phase is Phase.NO_DATA or self.phase is Phase.ERROR or self.is_silent(at_ms):
            return None
        return self.phase.is_active

    def lose(self, at_ms: int) -> None:
        """Know no more from now on: what is pending, even if it falls due now, is not raised."""
        self._lose(at_ms, None)

    def escalate(self, health: Health, at_ms: int, value: Value | None) -> None:
        """Take on another severity; of an active condition that is a change of its own."""
        if health is self.health:
            return
        self.elapse(at_ms)  # what fell due before had the severity of before
        self.health = health
        if self.phase.is_active:
            self._tell(Change(at_ms, self.code, self.signal, self.phase, self.phase, health, value))

    def _come_true(self, expiry_ms: int) -> None:
        """Become active as foreseen; what was not heard by then was not known by then."""
        due_ms = self.due_ms
        if expiry_ms < due_ms and self.phase is not Phase.NO_DATA:
            self._enter(Phase.NO_DATA, max(expiry_ms, self.since_ms), None)
        self._activate(due_ms, None)

    def _break(self, at_ms: int, value: Value | None) -> None:
        if self.phase is Phase.RECOVERING:
            self._enter(Phase.ACTIVE, at_ms, value)
        elif self.phase is not Phase.ACTIVE and self.phase is not Phase.PENDING:
            due_ms = max(at_ms + self._pending_ms, self.cooled_ms)
            if due_ms <= at_ms:
                self._activate(at_ms, value)
            else:
                self._enter(Phase.PENDING, at_ms, value)
                self.due_ms = due_ms

    def _meet(self, at_ms: int, value: Value | None) -> None:
        if self.phase is Phase.ACTIVE:
            if self._keep_ms:
                self._enter(Phase.RECOVERING, at_ms, value)
                self.due_ms = at_ms + self._keep_ms
            else:
                self._clear(at_ms, value)
        elif self.phase is not Phase.RECOVERING and self.phase is not Phase.NORMAL:
            self._enter(Phase.NORMAL, at_ms, value)

    def _hold(self, at_ms: int, value: Value | None) -> None:
        if not self.phase.is_active and self.phase is not Phase.NORMAL:
            self._enter(Phase.NORMAL, at_ms, value)

    def _lose(self, at_ms: int, value: Value | None) -> None:
        if not self.phase.is_active and self.phase is not Phase.NO_DATA:
            self._enter(Phase.NO_DATA, at_ms, value)

    def _fail(self, at_ms: int, value: Value | None) -> None:
        if self.phase is Phase.NORMAL or self.phase is Phase.NO_DATA:
            self._enter(Phase.ERROR, at_ms, value)
            self.last_ms = at_ms

    def _stay(self, at_ms: int, value: Value | None) -> None:
        """Make nothing of a sample that is too little to judge by."""

    def _activate(self, at_ms: int, value: Value | None) -> None:
        self._enter(Phase.ACTIVE, at_ms, value)
        self.active_since_ms = at_ms
        self.first_ms = at_ms if self.first_ms is None else self.first_ms
        self.count += 1

    def _clear(self, at_ms: int, value: Value | None) -> None:
        self._enter(Phase.NORMAL, at_ms, value)
        self.active_since_ms = None
        self.cooled_ms = at_ms + self._cooldown_ms

    def _enter(self, phase: Phase, at_ms: int, value: Value | None) -> None:
        before, self.phase = self.phase, phase
        self.since_ms, self.due_ms = at_ms, self.foreseen_ms if phase in _CALM else NEVER_MS
        self._tell(Change(at_ms, self.code, self.signal, before, phase, self.health, value))

    def dump(self) -> list[Plain]:
        """Return all that is remembered, as plain values."""
        whens: list[Plain] = [self.since_ms, self.last_ms, self.cooled_ms, self.due_ms]
        return [self.phase, self.health, *whens, self.active_since_ms, self.first_ms, self.count]

    def load(self, kept: list[Any]) -> None:
        """Go on from what was remembered. Spelled out, since it is done for each rule in each batch."""
        phase, health, self.since_ms, self.last_ms, self.cooled_ms, self.due_ms, *rest = kept
        self.active_since_ms, self.first_ms, self.count = rest
        self.phase, self.health, self.foreseen_ms = _PHASES[phase], _HEALTHS[health], NEVER_MS


# What is foreseen waits here, and comes true.
_CALM = (Phase.NO_DATA, Phase.NORMAL, Phase.ERROR)
_PHASES = {str(phase): phase for phase in Phase}
_HEALTHS = {str(health): health for health in Health}

_ANSWERS: tuple[Callable[[Gate, int, Value | None], None], ...] = (
    Gate._meet,  # noqa: SLF001 - the gate's own table
    Gate._hold,  # noqa: SLF001 - as above
    Gate._break,  # noqa: SLF001 - as above
    Gate._stay,  # noqa: SLF001 - as above
    Gate._lose,  # noqa: SLF001 - as above
    Gate._fail,  # noqa: SLF001 - as above
)
