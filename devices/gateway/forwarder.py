"""From the buffer to the portal: oldest first, until the portal has said what became of each reading."""

import logging
from collections.abc import Sequence
from threading import Event
from typing import Protocol

from devices.backoff import Backoff
from devices.errors import AuthenticationFailed, SinkRefused, SinkUnavailable
from devices.gateway.buffer import Buffer
from devices.protocol import Receipt, Report, SinkWaiting
from devices.reading import Reading

_LOGGER = logging.getLogger(__name__)
_BATCH_MAXIMUM = 2_000
_LOOK_S = 0.5


class Destination(Protocol):
    """Where readings are forwarded to; `devices.gateway.portal.Portal` is one."""

    def send(self, readings: Sequence[Reading]) -> Receipt:
        """Send readings and give what became of them.

        Raises: SinkUnavailable, SinkRefused, AuthenticationFailed.
        """
        ...


class Forwarder:
    """Empty a buffer into a portal.

    A reading leaves the buffer when the portal has counted it, or has said that it will never take it; the latter
    is logged with the reason. A refused request is cut in half until the reading that is to blame stands alone.
    """

    def __init__(self, buffer: Buffer, portal: Destination, report: Report) -> None:
        self._buffer = buffer
        self._portal = portal
        self._report = report
        self._backoff = Backoff(first_s=1.0, longest_s=60.0)
        self.dropped = 0

    def run(self, stop: Event) -> None:
        """Forward until stopped; waits as long as the portal asks, and never gives up."""
        while not stop.is_set():
            try:
                is_empty = not self.forward_once()
            except (SinkUnavailable, AuthenticationFailed) as err:
                asked_s = err.retry_after_s if isinstance(err, SinkUnavailable) else None
                wait_s = self._backoff.next_s() if asked_s is None else asked_s
                self._report(SinkWaiting(err.sentence, wait_s))
                stop.wait(wait_s)
            else:
                self._backoff.reset()
                if is_empty:
                    self._buffer.wait(_LOOK_S)

    def forward_once(self) -> bool:
        """Forward one batch from the head; False when nothing waits.

        Raises: SinkUnavailable, AuthenticationFailed: the batch is still in the buffer.
        """
        waiting = self._buffer.head(_BATCH_MAXIMUM)
        if not waiting.readings:
            return False
        self._send(waiting.readings)
        self._buffer.drop_to(waiting.mark)
        return True

    def _send(self, readings: Sequence[Reading]) -> None:
        try:
            receipt = self._portal.send(readings)
        except SinkRefused as err:
            self._halve(readings, str(err))
        else:
            for reject in receipt.rejected:
                self.dropped += 1
                _LOGGER.warning("The portal rejected %s: %s", reject.signal or "an item", reject.detail)

    def _halve(self, readings: Sequence[Reading], reason: str) -> None:
        if len(readings) == 1:
            self.dropped += 1
            only = readings[0]
            _LOGGER.warning("The portal refused %s of %s at %d: %s", only.signal, only.serial, only.at_ms, reason)
            return
        middle = len(readings) // 2
        self._send(readings[:middle])
        self._send(readings[middle:])
