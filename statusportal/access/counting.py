"""Counters in memory for limits on how often somebody may do a thing."""

import threading
from typing import Any

from limits.storage import MemoryStorage


class Counters(MemoryStorage):
    """limits' memory storage behind one lock.

    The library replaces and starts its expiry timer without a lock: of two threads at once, one then starts a timer a
    second time and gets a RuntimeError, which would refuse a request that is within every limit.
    """

    def __init__(self) -> None:
        self._door = threading.RLock()
        super().__init__()

    def incr(self, *args: Any, **named: Any) -> int:  # noqa: ANN401 - passed on as they come
        """Count up."""
        with self._door:
            return super().incr(*args, **named)

    def acquire_entry(self, *args: Any, **named: Any) -> bool:  # noqa: ANN401 - as above
        """Take a place in a moving window."""
        with self._door:
            return super().acquire_entry(*args, **named)

    def acquire_sliding_window_entry(self, *args: Any, **named: Any) -> bool:  # noqa: ANN401 - as above
        """Take a place in a sliding window."""
        with self._door:
            return super().acquire_sliding_window_entry(*args, **named)
