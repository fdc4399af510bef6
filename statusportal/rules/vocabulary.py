"""Words of evaluation.

Source: IEC 62682 (2022), states of an alarm; what is not known is kept apart from what is normal.
"""

from enum import StrEnum
from typing import NamedTuple

from devices.reading import Value
from statusportal.foundation.vocabulary import Health
from statusportal.judges.vocabulary import MOST


class Phase(StrEnum):
    """Where a rule stands. A recovering one is still active: clear, and not yet for long enough."""

    NO_DATA = "no_data"
    NORMAL = "normal"
    PENDING = "pending"
    ACTIVE = "active"
    RECOVERING = "recovering"
    ERROR = "error"

    @property
    def is_active(self) -> bool:
        """Tell whether it counts for the device's health."""
        return self is Phase.ACTIVE or self is Phase.RECOVERING


class Sample(NamedTuple):
    """One timed value of a device. Units: milliseconds since 1970 UTC."""

    at_ms: int
    signal: str
    value: Value


class Change(NamedTuple):
    """A rule went from one phase to another; `value` is what did it, None where time did.

    A mean or a rate that was held against limits is given as it was measured.

    Shape: an active condition that changes its severity goes from its phase to the same one, with another health.
    Units: milliseconds since 1970 UTC.
    """

    at_ms: int
    code: str
    signal: str | None
    before: Phase
    after: Phase
    health: Health
    value: Value | None = None

    @property
    def measure(self) -> float | None:
        """Return the value as a number; a word, a yes or no, and what is no quantity have none."""
        value = self.value
        is_measured = isinstance(value, float | int) and not isinstance(value, bool) and -MOST <= value <= MOST
        return float(value) if is_measured and value is not None else None


class Standing(NamedTuple):
    """Where a condition stands, for a screen: `learned` is which share of a normal is known, 1 where none is needed.

    Shape: `measure` is what stands against the limits where that is not the newest sample itself: a mean, a rate, what
    was counted. Units: milliseconds since 1970 UTC; `heard_ms` of the newest sample that was judged, `due_ms` when the
    present phase ends by itself.
    """

    code: str
    signal: str | None
    phase: Phase
    health: Health
    since_ms: int
    active_since_ms: int | None
    first_ms: int | None
    times: int
    learned: float
    heard_ms: int | None = None
    due_ms: int | None = None
    measure: float | None = None
