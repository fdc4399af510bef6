"""A recorded file played to the sink in the order of its rows, clock jumps and all."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import ClassVar

import msgspec

from devices.adapters.replay.manifest import MANIFEST
from devices.adapters.replay.options import Rebase, ReplayOptions
from devices.delivery import deliver, refusal_of
from devices.errors import ConnectionRefused, PayloadMalformed
from devices.formats.protocol import Decoded
from devices.loop import wall_ms
from devices.protocol import Connected, Manifest, Report, Sighting, Sink
from devices.reading import Reading
from devices.route import Route
from devices.sentence import Sentence
from devices.system_words import system_words

_SHOWN = 20


class ReplayAdapter:
    """Play one file once.

    With a pace, a row waits until as much time has passed as lay between it and the first row, divided by the speed;
    a clock that jumped back in the recording makes nobody wait.
    """

    manifest: ClassVar[Manifest] = MANIFEST

    def __init__(self, options: ReplayOptions, route: Route, clock: Callable[[], int] = wall_ms) -> None:
        self._options = options
        self._route = route
        self._clock = clock

    def run(self, sink: Sink, stop: Event, report: Report) -> None:
        """Play to the end.

        Raises: ConnectionRefused: the file cannot be read, or holds no table.
        """
        body, decoded = self._load()
        report(Connected(self._options.path))
        if refusal := refusal_of(decoded, body):
            report(refusal)
        shift_ms = self._shift_ms(decoded)
        began_s = time.monotonic()
        for batch in self._batches(decoded.readings):
            first_ms = decoded.readings[0].at_ms
            if self._options.speed > 0:
                due_s = began_s + (batch[0].at_ms - first_ms) / 1_000 / self._options.speed
                if stop.wait(max(due_s - time.monotonic(), 0)):
                    return
            if deliver(sink, self._rebased(batch, shift_ms), stop, report) is None or stop.is_set():
                return

    def check(self, wait_s: float) -> Sighting:
        """Read the file and show its first readings.

        Raises: ConnectionRefused.
        """
        del wait_s
        _, decoded = self._load()
        notes = (
            Sentence(
                "%(good)s samples can be played, %(bad)s cannot.", good=len(decoded.readings), bad=len(decoded.rejects)
            ),
            *(reject.detail for reject in decoded.rejects[:_SHOWN]),
        )
        return Sighting(self._options.path, notes, decoded.readings[:_SHOWN])

    def _load(self) -> tuple[bytes, Decoded]:
        path = self._options.path
        try:
            body = Path(path).read_bytes()
            return body, self._route.decode(body, topic=None, arrived_ms=self._clock())
        except OSError as err:
            raise ConnectionRefused(
                path, Sentence("The file cannot be read: %(trouble)s.", trouble=system_words(err))
            ) from err
        except PayloadMalformed as err:
            raise ConnectionRefused(path, err.sentence) from err

    def _shift_ms(self, decoded: Decoded) -> int:
        if self._options.rebase is not Rebase.LAST_ROW_NOW or not decoded.readings:
            return 0
        return self._clock() - decoded.readings[-1].at_ms

    def _batches(self, readings: tuple[Reading, ...]) -> Iterator[tuple[Reading, ...]]:
        """Cut into batches; with a pace, no batch spans two times."""
        begin = 0
        for end in range(1, len(readings) + 1):
            is_last = end == len(readings)
            is_full = end - begin >= self._options.batch_maximum
            is_next_time = not is_last and self._options.speed > 0 and readings[end].at_ms != readings[begin].at_ms
            if is_last or is_full or is_next_time:
                yield readings[begin:end]
                begin = end

    def _rebased(self, batch: tuple[Reading, ...], shift_ms: int) -> tuple[Reading, ...]:
        if self._options.rebase is Rebase.LIVE:
            now_ms = self._clock()
            return tuple(msgspec.structs.replace(reading, at_ms=now_ms) for reading in batch)
        if shift_ms == 0:
            return batch
        return tuple(msgspec.structs.replace(reading, at_ms=reading.at_ms + shift_ms) for reading in batch)
