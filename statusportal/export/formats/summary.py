"""Pure: a signal in five figures, taken as its samples pass by."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from statusportal.export.vocabulary import Cell, Row


@dataclass(slots=True)
class Summary:
    """How many values a signal has, how far they reach, and which came last.

    Shape: `least`, `mean` and `most` are of finite numbers alone, `numbers` of them. Units: the signal's own.
    """

    unit: str
    count: int = 0
    numbers: int = 0
    least: float = math.inf
    most: float = -math.inf
    mean: float = 0.0
    last: Cell = None
    last_at: datetime | None = None

    def take(self, at: datetime, value: Cell) -> None:
        """Count one more sample; none is earlier than the one before."""
        self.count += 1
        self.last, self.last_at = value, at
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return
        self.numbers += 1
        self.least, self.most = min(self.least, value), max(self.most, value)
        # Two shares, since the sum or the difference of two large numbers can be beyond every number.
        self.mean = self.mean * ((self.numbers - 1) / self.numbers) + value / self.numbers


def summaries(samples: Iterable[Row]) -> dict[str, Summary]:
    """Sum up each signal of the table `samples`, in the table's order."""
    found: dict[str, Summary] = {}
    for at, signal, value, unit, _quality in samples:
        found.setdefault(str(signal), Summary(str(unit or ""))).take(cast("datetime", at), value)
    return found
