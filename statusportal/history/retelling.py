"""Pure: history told again from a state that was kept, as if each sample had come at its own time.

What came late stands where it belongs; when the machine was heard stays as it was, for that was heard by the clock.
So a set of samples has one history of conditions, in whatever order and pieces they came.

Source: docs/adr/0048-late-samples.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

import msgspec

from statusportal.derivation.derive import elapse, hear
from statusportal.derivation.timers import Frame
from statusportal.derivation.vocabulary import Cleared, ConditionState, DeviceState, Fact, Observation, Raised, Shift
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.reasons.sentences import reason
from statusportal.reasons.vocabulary import Reason


@dataclass(frozen=True, slots=True)
class Times:
    """One time that a condition was active; `to_ms` and `ended` are None while it is. Units: ms since 1970 UTC."""

    code: str
    from_ms: int
    to_ms: int | None
    health: Health
    reason: Reason
    signal_name: str | None = None
    ended: Reason | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of history, half-open; `to_ms` is None while it lasts. Units: milliseconds since 1970 UTC."""

    from_ms: int
    to_ms: int | None
    health: Health
    connectivity: Connectivity
    cause: Reason


@dataclass(frozen=True, slots=True)
class Retold:
    """What samples say in their own order: the state they lead to, what was active, and how the machine was known."""

    state: DeviceState
    active: tuple[Times, ...]
    known: tuple[Piece, ...]


class Tale:
    """History while it is told again, slice by slice, each sample heard at its own time.

    What people declared is left out. Shape: a `base` of None is a device that was never heard.
    Units: milliseconds since 1970 UTC.
    """

    def __init__(self, frame: Frame, base: DeviceState | None) -> None:
        self.frame = frame
        self._base = base
        self._state = self._begin = None if base is None else _undeclared(base)
        self._facts: list[Fact] = []

    @property
    def is_from_nothing(self) -> bool:
        """Tell whether it set out from a device that was never heard."""
        return self._base is None

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to tell at all."""
        return self._state is None

    def hear(self, samples: Iterable[Observation], until_ms: int) -> None:
        """Go on with the next samples, in order of time and later than what was heard, up to `until_ms`."""
        for at_ms, together in groupby(samples, key=lambda one: one.at_ms):
            outcome = hear(self.frame, self._state, list(together), min(at_ms, until_ms))
            self._begin = self._begin or outcome.state
            self._state = outcome.state
            self._facts += outcome.facts

    def end(self, until_ms: int) -> Retold:
        """Let the time pass up to `until_ms`, and return all that was told."""
        state, begin = self._state, self._begin
        if state is None or begin is None:
            raise ValueError("nothing to tell")
        if state.heard_ms is None or state.heard_ms < until_ms:
            outcome = elapse(self.frame, state, until_ms)
            state = outcome.state
            self._facts += outcome.facts
        base = self._base
        return Retold(state, tuple(activations(base, self._facts)), tuple(_known(base, begin, self._facts)))


def retell(frame: Frame, base: DeviceState | None, samples: Iterable[Observation], until_ms: int) -> Retold:
    """Tell again what samples mean, all at once, as `Tale` does it."""
    tale = Tale(frame, base)
    tale.hear(samples, until_ms)
    return tale.end(until_ms)


def overlay(stored: Sequence[Piece], retold: Sequence[Piece]) -> list[Piece]:
    """Put what is known now into stored history: its healths are corrected, its connectivity stands.

    A silent machine is known where samples came later that tell of that time, and not while it is still silent. What
    people declared counts where it stood. Shape: both ascending; of `stored` the pieces from where `retold` begins.
    """
    found: list[Piece] = []
    for piece in stored:
        for cut in _within(piece, retold):
            last = found[-1] if found else None
            if last is not None and (last.health, last.connectivity) == (cut.health, cut.connectivity):
                found[-1] = replace(last, to_ms=cut.to_ms)
            else:
                found.append(cut)
    return found


def corrected(state: DeviceState, retold: DeviceState, history: Sequence[Piece]) -> DeviceState:
    """Return a device's state with what its samples say in their own order; heard it was when it was heard."""
    declared = {code: one for code, one in state.conditions.items() if one.is_declared}
    last = history[-1]
    run = list(takewhile(lambda piece: piece.health is last.health, reversed(history)))
    since_ms = run[-1].from_ms
    if len(run) == len(history) and state.health is last.health:
        since_ms = min(since_ms, state.health_since_ms)
    return msgspec.structs.replace(
        retold,
        conditions={**retold.conditions, **declared},
        health=last.health,
        reason=last.cause,
        connectivity=state.connectivity,
        connectivity_since_ms=state.connectivity_since_ms,
        health_since_ms=since_ms,
        changed_ms=last.from_ms,
        heard_ms=state.heard_ms,
        arrived_ms=state.arrived_ms,
        last_event_ms=max(state.last_event_ms or 0, retold.last_event_ms or 0),
    )


def _undeclared(state: DeviceState) -> DeviceState:
    own = {code: one for code, one in state.conditions.items() if not one.is_declared}
    return msgspec.structs.replace(state, conditions=own, health=state.known_health)


def activations(base: DeviceState | None, facts: Iterable[Fact]) -> Iterator[Times]:
    """Pair beginnings with ends; what only became worse is one."""
    running: dict[str, Times] = {}
    for condition in () if base is None else base.conditions.values():
        if condition.is_active and not condition.is_declared:
            running[condition.code] = _begun(condition)
    done: list[Times] = []
    for fact in facts:
        if isinstance(fact, Raised):
            before = running.get(fact.condition.code)
            begun = _begun(fact.condition)
            running[fact.condition.code] = begun if before is None else replace(begun, from_ms=before.from_ms)
        elif isinstance(fact, Cleared) and (before := running.pop(fact.condition.code, None)) is not None:
            done.append(replace(before, to_ms=fact.at_ms, ended=fact.reason))
    yield from sorted([*done, *running.values()], key=lambda one: (one.from_ms, one.code))


def _begun(condition: ConditionState) -> Times:
    from_ms = condition.since_ms if condition.active_since_ms is None else condition.active_since_ms
    return Times(condition.code, from_ms, None, condition.health, condition.reason, condition.signal_name)


def _known(base: DeviceState | None, begin: DeviceState, facts: Iterable[Fact]) -> Iterator[Piece]:
    """Return how the machine was known from stretch to stretch; where it said nothing, as it was last, and offline."""
    start = begin if base is None else base
    from_ms = 0 if base is None else base.last_event_ms or base.changed_ms
    health, connectivity, cause = start.known_health, start.connectivity, start.reason
    if base is None:
        health, connectivity, cause = Health.UNKNOWN, Connectivity.NEVER_SEEN, reason("never_seen")
    for fact in facts:
        if not isinstance(fact, Shift):
            continue
        if fact.at_ms > from_ms:
            yield Piece(from_ms, fact.at_ms, health, connectivity, cause)
        from_ms = max(from_ms, fact.at_ms)
        connectivity = fact.connectivity_after
        if connectivity is not Connectivity.OFFLINE:
            health, cause = fact.health_after, fact.reason
    yield Piece(from_ms, None, health, connectivity, cause)


def _within(piece: Piece, retold: Sequence[Piece]) -> Iterator[Piece]:
    start_ms = retold[0].from_ms
    if piece.from_ms < start_ms:
        yield replace(piece, to_ms=start_ms if piece.to_ms is None else min(start_ms, piece.to_ms))
    for known in retold:
        ends = [one for one in (piece.to_ms, known.to_ms) if one is not None]
        from_ms, to_ms = max(piece.from_ms, known.from_ms), min(ends, default=None)
        if to_ms is not None and to_ms <= from_ms:
            continue
        is_silent = piece.connectivity in (Connectivity.OFFLINE, Connectivity.NEVER_SEEN) and (
            known.connectivity is Connectivity.OFFLINE or piece.to_ms is None
        )
        is_declared = piece.cause.get("key") == "declared"
        if is_silent or (is_declared and piece.health.rank >= known.health.rank) or piece.health is known.health:
            yield Piece(from_ms, to_ms, piece.health, piece.connectivity, piece.cause)
        else:
            yield Piece(from_ms, to_ms, known.health, piece.connectivity, known.cause)


def is_behind(frame: Frame, state: DeviceState, one: Observation) -> bool:
    """Tell whether a sample came behind what was judged already, so that history is to be told again.

    Each signal has an order of its own. Those that a combination is made of have one together: what is active at one
    instant must not depend on which of them was heard of first.
    """
    judged = [
        state.conditions[limit.code].last_ms
        for limit in frame.limits.get(one.signal, ())
        if limit.code in state.conditions
    ]
    heard: Mapping[str, int] = {} if state.memory is None else state.memory["heard"]
    signal = frame.names.get(one.signal, one.signal)
    if one.at_ms < max([*judged, heard.get(signal, one.at_ms)]):
        return True
    if not frame.is_combined(signal) or heard.get(signal) == one.at_ms:
        return False
    others = ((at_ms, name) for name, at_ms in heard.items() if name != signal and frame.is_combined(name))
    return any((one.at_ms, signal) < other for other in others)
