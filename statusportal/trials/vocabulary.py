"""Words of trials."""

from dataclasses import dataclass
from uuid import UUID

from devices.reading import Value
from statusportal.foundation.vocabulary import Health

Point = tuple[int, Value]


@dataclass(frozen=True, slots=True)
class Firing:
    """One time that a rule would have been active; `to_ms` None is still, `peak` the value that went farthest.

    Units: milliseconds since 1970 UTC.
    """

    code: str
    signal: str | None
    health: Health
    from_ms: int
    to_ms: int | None
    peak: float | None = None


@dataclass(frozen=True, slots=True)
class Passing:
    """A time that was too short for the rule to fire. Units: milliseconds since 1970 UTC."""

    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True)
class Foretelling:
    """What a rule would have done on a device.

    Shape: `times` and `active_ms` count every firing, `firings` and `passings` hold the first of them in order of time;
    `is_cut` says that there was more than may be looked at, so that the time looked at is shorter than was asked for.
    `times_before` is what the rule as it stands did, None for a new one. `points` are those of `signal`, fewer than
    there were. `learned` is the least share of a normal that was learned, 1 where none is needed.
    Units: milliseconds since 1970 UTC; samples.
    """

    from_ms: int
    to_ms: int
    samples: int
    is_cut: bool
    times: int
    active_ms: int
    firings: tuple[Firing, ...]
    passings: tuple[Passing, ...]
    times_before: int | None
    learned: float
    signal: str | None
    points: tuple[Point, ...]

    @property
    def is_too_little(self) -> bool:
        """Tell whether there was too little to say anything by."""
        return self.samples < LEAST_SAMPLES


@dataclass(frozen=True, slots=True)
class Turn:
    """A device that would have another health now, with the codes that would be active then."""

    device_id: UUID
    serial: str
    name: str
    was: Health
    would_be: Health
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a changed model would make of its devices; `looked_at` of `devices`, the others were too much for once."""

    turns: tuple[Turn, ...]
    looked_at: int
    devices: int


LEAST_SAMPLES = 10
