"""How much a source may send: a rate over a few seconds, so that a buffered backlog still fits into one request."""

import math

from limits import RateLimitItemPerSecond
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from devices.sentence import Sentence
from statusportal.access.counting import Counters
from statusportal.foundation.clock import SystemClock
from statusportal.foundation.errors import TooMany
from statusportal.ingest.sources import Source
from statusportal.work import Works

WINDOW_S = 10


def _limiter(works: Works) -> SlidingWindowCounterRateLimiter:
    # Two counters a sender. The exact moving window keeps an entry a sample: a million for one gateway.
    queue_url = works.settings.queue_url
    return SlidingWindowCounterRateLimiter(storage_from_string(queue_url) if queue_url else Counters())


def most_at_once(works: Works, source: Source) -> int:
    """Return how many samples a source may send in one window, 0 for as many as it likes; more never fit at once."""
    settings = works.settings
    per_second = settings.samples_per_second if source.device_id is not None else settings.gateway_samples_per_second
    return max(per_second * WINDOW_S, settings.samples_per_request) if per_second else 0


def spend(works: Works, source: Source, samples: int) -> None:
    """Count samples against what their source may send.

    Raises: TooMany with the seconds until they fit.
    """
    settings = works.settings
    per_second = settings.samples_per_second if source.device_id is not None else settings.gateway_samples_per_second
    most = most_at_once(works, source)
    if most == 0 or samples == 0:
        return
    item = RateLimitItemPerSecond(most, WINDOW_S, namespace="samples")
    limiter = works.kept(_limiter)
    if not limiter.hit(item, source.name, cost=samples):
        window = limiter.get_window_stats(item, source.name)
        # The limiter counts in real time, whatever clock the portal works by.
        wait_s = window.reset_time - SystemClock().now().timestamp()
        retry_after_s = min(WINDOW_S, max(1, math.ceil(wait_s)))
        raise TooMany(
            Sentence("At most %(most)s samples a second. Nothing of this request was kept.", most=per_second),
            retry_after_s,
        )
