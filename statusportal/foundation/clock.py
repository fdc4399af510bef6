"""The only place that asks the operating system what time it is."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Tell the time; everything that depends on now takes one of these."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """Tell the machine's own time, cut to milliseconds as the outward face shows it."""

    def now(self) -> datetime:
        """Return the present instant in UTC with millisecond precision."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


class FixedClock:
    """Stand still until told to move. Shipped, because replays and tests of others need it too."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """Return the instant it was last set to."""
        return self._at

    def move(self, step: timedelta) -> None:
        """Go forward, or backward as real clocks do, by `step`."""
        self._at += step

    def set(self, at: datetime) -> None:
        """Jump to an instant."""
        self._at = at


def to_ms(at: datetime) -> int:
    """Turn an aware instant into integer milliseconds since the epoch, rounded down."""
    return (at - EPOCH) // timedelta(milliseconds=1)


def instant_text(at: datetime) -> str:
    """Write an instant as the outward face shows it: RFC 3339 in UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_ms(at_ms: int) -> datetime:
    """Turn integer milliseconds since the epoch into an aware UTC instant."""
    return EPOCH + timedelta(milliseconds=at_ms)
