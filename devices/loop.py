"""The connection loop: one adapter kept alive, its silences stated, its neighbours undisturbed."""

import logging
import time
import uuid
from collections.abc import Callable
from threading import Event

from devices.backoff import Backoff
from devices.errors import DeviceError
from devices.protocol import Adapter, Connected, Disconnected, GapStated, Happening, Report, Sink
from devices.sentence import Sentence

_LOGGER = logging.getLogger(__name__)
_SETTLED_AFTER_S = 30.0


def wall_ms() -> int:
    """Read the wall clock in milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


class _Watch:
    """Pass happenings on, and turn the time between two connections into a stated gap."""

    def __init__(self, report: Report, clock: Callable[[], int]) -> None:
        self._report = report
        self._clock = clock
        self._down_since_ms: int | None = None
        self._reason = Sentence.quoting("")

    def __call__(self, happening: Happening) -> None:
        self._report(happening)
        if isinstance(happening, Connected) and self._down_since_ms is not None:
            self._report(GapStated(self._down_since_ms, self._clock(), self._reason))
            self._down_since_ms = None

    def down(self, reason: Sentence, retry_in_s: float) -> None:
        if self._down_since_ms is None:
            self._down_since_ms = self._clock()
            self._reason = reason
        self._report(Disconnected(reason, retry_in_s))


def keep_running(
    adapter: Adapter,
    sink: Sink,
    stop: Event,
    report: Report,
    *,
    backoff: Backoff | None = None,
    clock: Callable[[], int] = wall_ms,
) -> None:
    """Run an adapter life after life until stopped, or until its source ends; blocks, and never raises.

    A trouble of the line or the data becomes `Disconnected`, then `GapStated` once it is back. Anything unforeseen
    is logged with an id that the reported reason carries, and retried just the same.
    """
    waits = backoff or Backoff()
    watch = _Watch(report, clock)
    while not stop.is_set():
        began_s = time.monotonic()
        try:
            adapter.run(sink, stop, watch)
        except DeviceError as err:
            reason = err.sentence
        except Exception:
            fault_id = uuid.uuid4().hex[:12]
            _LOGGER.exception("The adapter %s failed, fault %s", adapter.manifest.name, fault_id)
            reason = Sentence("The adapter failed (fault %(fault)s).", fault=fault_id)
        else:
            break
        if time.monotonic() - began_s > _SETTLED_AFTER_S:
            waits.reset()
        wait_s = waits.next_s()
        watch.down(reason, wait_s)
        stop.wait(wait_s)
    report(Disconnected(Sentence("Stopped.") if stop.is_set() else Sentence("The source has ended.")))
