"""What all simulated machines share: a clock, a seed, first-order dynamics, noise and failure modes."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import ClassVar, Final

import msgspec

from devices.errors import OptionInvalid
from devices.reading import Reading, Value
from devices.sentence import Sentence

SILENT: Final = "silent"
_DAY_S: Final = 86_400.0
_LONGEST_STEP_S: Final = 60.0
_WORD: Final = 2**64 - 1


class SimulatedSignal(msgspec.Struct, frozen=True):
    """A signal as a machine declares it.

    Units: `noise` is the standard deviation in the signal's own unit; `unit` a symbol of `devices.units`.
    """

    name: str
    unit: str | None = None
    noise: float = 0.0
    decimals: int = 2
    lowest: float = -math.inf
    highest: float = math.inf


class Machine(ABC):
    """Step a machine through time; the same seed, start and steps give the same values for ever.

    Subclasses hold their state in attributes and advance it in `_advance`; no step is longer than a minute, so
    that control loops stay stable however coarse the history is. Counters begin at `begun_ms`, or at the start: a
    machine that is simulated anew goes on counting where it was.
    """

    kind: ClassVar[str]
    signals: ClassVar[tuple[SimulatedSignal, ...]]
    failure_modes: ClassVar[Mapping[str, str]]

    def __init__(self, serial: str, *, seed: int = 0, start_ms: int = 0, begun_ms: int | None = None) -> None:
        self.serial = serial
        self.at_ms = start_ms
        self.begun_ms = start_ms if begun_ms is None else min(begun_ms, start_ms)
        self.failure_mode: str | None = None
        self.wear = 0.0
        self._seed = seed
        self._start()

    def step(self, dt_s: float) -> dict[str, Value]:
        """Let time pass and read the sensors; a silent machine says nothing, and lives on.

        Shape: every declared signal, in declared order, or empty.
        """
        end_ms = self.at_ms + round(dt_s * 1_000)
        left_s = dt_s
        while left_s > 0:
            short_s = min(left_s, _LONGEST_STEP_S)
            left_s -= short_s
            self.at_ms = end_ms - round(left_s * 1_000)
            self._advance(short_s)
        if self.failure_mode == SILENT:
            return {}
        sensed = self._sense()
        return {signal.name: self._noisy(place, sensed[signal.name]) for place, signal in enumerate(self.signals)}

    def trigger(self, failure_mode: str) -> None:
        """Begin to fail in one way; wear begins anew.

        Raises: OptionInvalid: this machine knows no such failure mode.
        """
        if failure_mode != SILENT and failure_mode not in self.failure_modes:
            known = ", ".join((*self.failure_modes, SILENT))
            raise OptionInvalid(
                "failure_mode",
                Sentence(
                    "A %(kind)s cannot fail by %(mode)s; it knows %(known)s.",
                    kind=self.kind,
                    mode=repr(failure_mode),
                    known=known,
                ),
            )
        self.failure_mode = failure_mode
        self.wear = 0.0

    def clear(self) -> None:
        """Repair the machine; temperatures and charges find their way back by themselves."""
        self.failure_mode = None
        self.wear = 0.0

    def readings(self, values: Mapping[str, Value]) -> tuple[Reading, ...]:
        """Dress the values of a step as readings of this machine at its present time."""
        units = {signal.name: signal.unit for signal in self.signals}
        return tuple(Reading(self.serial, name, self.at_ms, value, unit=units[name]) for name, value in values.items())

    @abstractmethod
    def _start(self) -> None:
        """Set the state to that of a healthy machine in the middle of its day."""

    @abstractmethod
    def _advance(self, dt_s: float) -> None:
        """Move the state on by at most a minute."""

    @abstractmethod
    def _sense(self) -> Mapping[str, Value]:
        """Give the true value of every declared signal."""

    def _daily(self, peak_hour: float) -> float:
        """Give the sun's part in it: 1 at the peak hour (UTC), -1 half a day later."""
        return math.cos(2 * math.pi * (self.at_ms / 1_000 / _DAY_S - peak_hour / 24))

    def _wave(self, period_s: float) -> float:
        """Give a sine that every machine meets at its own phase."""
        return math.sin(2 * math.pi * (self.at_ms / 1_000 / period_s + self._seed * 0.37))

    def _wear_out(self, mode: str, dt_s: float, tau_s: float) -> float:
        """Give how far a failure mode has come: 0 when it is not this one, towards 1 with the time constant."""
        if self.failure_mode != mode:
            return 0.0
        self.wear = relax(self.wear, 1.0, tau_s, dt_s)
        return self.wear

    def _noisy(self, place: int, value: Value) -> Value:
        signal = self.signals[place]
        if isinstance(value, bool | str | int):
            return value
        measured = value + signal.noise * normal(self._seed, place, self.at_ms)
        return round(clamp(measured, signal.lowest, signal.highest), signal.decimals)


def relax(value: float, target: float, tau_s: float, dt_s: float) -> float:
    """Move a value towards its target as a first-order lag does, exactly, for any length of step."""
    return target + (value - target) * math.exp(-dt_s / tau_s)


def clamp(value: float, low: float, high: float) -> float:
    """Keep a value inside what the part can do."""
    return min(high, max(low, value))


def normal(seed: int, stream: int, at_ms: int) -> float:
    """Give noise that depends on nothing but its arguments: nearly normal, mean 0, deviation 1, never beyond 3.

    Source: splitmix64 (Steele, Lea, Flood 2014); three uniform parts make it nearly normal.
    """
    word = (seed * 0x9E3779B97F4A7C15 + stream * 0xD1B54A32D192ED03 + at_ms * 0x2545F4914F6CDD1D) & _WORD
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _WORD
    word ^= word >> 31
    part = 0x1FFFFF
    total = ((word & part) + ((word >> 21) & part) + ((word >> 42) & part)) / (part + 1)
    return (total - 1.5) * 2.0  # three uniforms: variance 3/12


def history(machine: Machine, start_ms: int, end_ms: int, interval_s: float) -> Iterator[Reading]:
    """Live a machine through a span of the past and give all it would have said, oldest first.

    Shape: from the first interval after `start_ms` to `end_ms` included; the machine is left standing at the end.
    Units: milliseconds since 1970 UTC; `interval_s` in seconds.
    """
    machine.at_ms = start_ms
    while machine.at_ms + round(interval_s * 1_000) <= end_ms:
        yield from machine.readings(machine.step(interval_s))
