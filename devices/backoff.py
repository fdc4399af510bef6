"""Waiting longer after each failure, and never in step with the neighbours."""

import random


class Backoff:
    """Double the wait up to a limit, and take a random part of its upper half.

    Units: seconds.
    Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (2015), equal jitter.
    """

    def __init__(self, first_s: float = 1.0, longest_s: float = 60.0) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._bound_s = first_s

    def next_s(self) -> float:
        """Give the next wait and lengthen the one after it."""
        bound_s = self._bound_s
        self._bound_s = min(bound_s * 2, self._longest_s)
        return bound_s / 2 + random.uniform(0, bound_s / 2)  # noqa: S311 -- spreads load, guards nothing

    def reset(self) -> None:
        """Begin again after a success."""
        self._bound_s = self._first_s
