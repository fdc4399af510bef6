"""Words of judges.

Source: IEC 62682 (2022): a value inside the deadband neither raises nor clears.
"""

from enum import IntEnum
from typing import Any, Protocol, TypeAlias

from statusportal.foundation.vocabulary import Health

# Beyond this no value is a quantity, and squares of what is below still fit a double.
MOST = 1e100
SECOND_MS = 1_000
NEVER_MS = 2**62

Plain: TypeAlias = bool | int | float | str | list["Plain"] | dict[str, "Plain"] | None


class Verdict(IntEnum):
    """What one sample says about one rule.

    `held` lies inside the hysteresis: neither broken nor met again. `silent` is too little to judge by: a window that
    is not full, a normal that is not learned. `unknown` says that nobody can tell. `error` cannot be judged.
    """

    CLEAR = 0
    HELD = 1
    BROKEN = 2
    SILENT = 3
    UNKNOWN = 4
    ERROR = 5


class Judge(Protocol):
    """Says what a sample means for one rule.

    `health` is the severity of the last broken sample where samples carry one of their own, else None. `measure` is
    what was last held against the limits where that is not the sample itself: a mean, a rate.
    """

    health: Health | None
    measure: float | None

    def hear(self, at_ms: int, value: Any) -> Verdict:  # noqa: ANN401 - numbers for some kinds, words for others
        """Judge the next sample."""

    def measured(self, at_ms: int) -> float | None:
        """Return what stood against the limits at the newest sample, for a screen; None where that is the sample."""

    def dump(self) -> Plain:
        """Return all that is remembered, as plain values."""

    def load(self, kept: Any) -> None:  # noqa: ANN401 - each kind keeps its own
        """Go on from what was remembered."""
