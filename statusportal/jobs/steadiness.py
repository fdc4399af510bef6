"""Watching over the portal's own clock: a step of it is found before it can make a fleet silent, or deaf to silence.

Source: docs/adr/0044-no-device-stops-another.md; five seconds are more than a clock is corrected by while it goes.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from statusportal.access.actor import SYSTEM
from statusportal.jobs.keeping_time import Follow, status_round
from statusportal.passage.stepping import newest_heard, step_clock
from statusportal.work import Works

LEAST_STEP = timedelta(seconds=5)

log = structlog.get_logger()


class Steadiness:
    """Compare the clock with one that nobody sets, from look to look.

    At the first look, when there is nothing to compare with, a clock before the newest life that was heard went back.
    """

    def __init__(self, works: Works, steady_s: Callable[[], float] = time.monotonic) -> None:
        self._works = works
        self._steady_s = steady_s
        self._last: tuple[datetime, float] | None = None

    def look(self) -> timedelta:
        """Let the fleet's waiting move along where the clock was set, and return by how much it was."""
        now, steady_s = self._works.clock.now(), self._steady_s()
        if self._last is None:
            by = self._behind(now)
        else:
            by = (now - self._last[0]) - timedelta(seconds=steady_s - self._last[1])
        if abs(by) >= LEAST_STEP:
            log.warning("the clock was set", by_s=by.total_seconds())
            with self._works.writing(SYSTEM) as work:
                step_clock(work, by)
        self._last = (now, steady_s)
        return by

    def _behind(self, now: datetime) -> timedelta:
        with self._works.reading(SYSTEM) as work:
            newest = newest_heard(work)
        return timedelta() if newest is None else min(timedelta(), now - newest)


def steady_rounds(works: Works, follow: Follow) -> Callable[[], float]:
    """Return the rounds of the status job, each with a look at the clock before it."""
    steadiness = Steadiness(works)

    def one_round() -> float:
        steadiness.look()
        return status_round(works, follow)

    return one_round
