"""Words of evidence."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to point at. Without an end it is a moment; value and unit are held against the machine's."""

    signal: str
    from_at: datetime
    to_at: datetime | None = None
    value: float | bool | str | None = None
    unit: str | None = None
