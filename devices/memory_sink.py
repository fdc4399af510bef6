"""A sink that keeps readings in memory by the portal's natural key: for tests, trials and the conformance suite."""

from collections.abc import Sequence
from threading import Condition

from devices.errors import SinkUnavailable
from devices.protocol import Receipt
from devices.reading import Reading, Value
from devices.sentence import Sentence

Key = tuple[str | None, str, int]


class MemorySink:
    """Keep the first value of (device, signal, time); a second equal one is a duplicate, another one a conflict."""

    def __init__(self) -> None:
        self.kept: dict[Key, Reading] = {}
        self.calls = 0
        self._failures_left = 0
        self._changed = Condition()

    def fail_next(self, times: int) -> None:
        """Be unavailable for so many calls."""
        with self._changed:
            self._failures_left = times

    def store(self, readings: Sequence[Reading]) -> Receipt:
        """Keep what is new and count the rest.

        Raises: SinkUnavailable: as often as `fail_next` asked.
        """
        with self._changed:
            self.calls += 1
            if self._failures_left > 0:
                self._failures_left -= 1
                raise SinkUnavailable(Sentence("The memory was asked to be away."), retry_after_s=0.05)
            accepted = duplicates = 0
            for reading in readings:
                key = (reading.serial, reading.signal, reading.at_ms)
                first = self.kept.get(key)
                if first is None:
                    self.kept[key] = reading
                    accepted += 1
                else:
                    duplicates += _is_same(first.value, reading.value)
            self._changed.notify_all()
            return Receipt(accepted, duplicates, len(readings) - accepted - duplicates)

    def wait_for(self, count: int, timeout_s: float) -> bool:
        """Wait until so many readings are kept; False when the time ran out first."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.kept) >= count, timeout_s)


def _is_same(first: Value, second: Value) -> bool:
    return first == second and isinstance(first, bool) == isinstance(second, bool)
