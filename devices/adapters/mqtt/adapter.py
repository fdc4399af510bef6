"""MQTT in: messages in batches to the sink, acknowledged once the sink has them."""

import contextlib
import time
from collections.abc import Iterator
from threading import Event
from typing import ClassVar, Final

from devices.adapters.mqtt.line import Arrived, Line
from devices.adapters.mqtt.manifest import MANIFEST
from devices.adapters.mqtt.options import MqttOptions
from devices.delivery import deliver, excerpt_of, refusal_of
from devices.errors import ConnectionLost, PayloadMalformed
from devices.protocol import Connected, Happening, Manifest, PayloadRefused, Report, Sighting, Sink, TopicRefused
from devices.reading import Reading, retained
from devices.route import Route
from devices.sentence import Sentence

_LOOK_S: Final = 0.2


class MqttAdapter:
    """Bring a broker's messages to a sink.

    A fixed client id and a lasting session make the broker keep what comes while we are away; how well it keeps
    them is the broker's affair (mosquitto writes to disk later than it says).
    """

    manifest: ClassVar[Manifest] = MANIFEST

    def __init__(self, options: MqttOptions, route: Route) -> None:
        self._options = options
        self._route = route

    def run(self, sink: Sink, stop: Event, report: Report) -> None:
        """Live one connection.

        Raises: LinkBroken: what was not stored was not acknowledged, and comes again.
        """
        line = Line(self._options, client_id=self._options.fixed_client_id(), is_lasting=True)
        with _opened(line, report):
            report(Connected(self._options.address))
            while not stop.is_set():
                batch = self._batch(line)
                if not batch:
                    continue
                readings = [reading for arrived in batch for reading in self._read(arrived, report)]
                if deliver(sink, readings, stop, report) is None:
                    return
                for arrived in batch:
                    line.acknowledge(arrived.message)

    def check(self, wait_s: float) -> Sighting:
        """Connect beside the running session, under an id of its own, and look.

        Raises: LinkBroken, OptionInvalid.
        """
        notes: list[Sentence] = []

        def note(happening: Happening) -> None:
            match happening:
                case TopicRefused(topic, reason):
                    notes.append(Sentence("The topic %(topic)s was refused: %(reason)s.", topic=topic, reason=reason))
                case PayloadRefused(reason, _, topic):
                    notes.append(
                        Sentence("A message on %(topic)s lost samples: %(reason)s", topic=topic, reason=reason)
                    )
                case _:
                    pass

        readings: list[Reading] = []
        line = Line(self._options, client_id=f"{self._options.fixed_client_id()}-check", is_lasting=False)
        until_s = time.monotonic() + wait_s
        with _opened(line, note):
            version = self._options.version.value
            notes.insert(0, Sentence("Connected with MQTT %(version)s and subscribed.", version=version))
            while (left_s := until_s - time.monotonic()) > 0:
                arrived = line.receive(left_s)
                if arrived is not None:
                    readings.extend(self._read(arrived, note))
        if not readings:
            notes.append(Sentence("No sample arrived in %(time)s s.", time=f"{wait_s:g}"))
        return Sighting(self._options.address, tuple(notes), tuple(readings))

    def _batch(self, line: Line) -> list[Arrived]:
        """Wait for one message and take what follows it closely; a line that ends does not cost what it brought."""
        first = line.receive(_LOOK_S)
        if first is None:
            return []
        batch = [first]
        until_s = time.monotonic() + self._options.batch_wait_ms / 1_000
        most = min(self._options.batch_maximum, self._options.receive_maximum)
        with contextlib.suppress(ConnectionLost):
            while len(batch) < most and (arrived := line.receive(until_s - time.monotonic())):
                batch.append(arrived)
        return batch

    def _read(self, arrived: Arrived, report: Report) -> tuple[Reading, ...]:
        topic, payload = _topic(arrived), bytes(arrived.message.payload)
        try:
            decoded = self._route.decode(payload, topic=topic, arrived_ms=arrived.arrived_ms)
        except PayloadMalformed as err:
            report(PayloadRefused(err.sentence, excerpt_of(payload), topic))
            return ()
        refusal = refusal_of(decoded, payload, topic)
        if refusal is not None:
            report(refusal)
        return retained(decoded.readings) if arrived.message.retain else decoded.readings


@contextlib.contextmanager
def _opened(line: Line, report: Report) -> Iterator[None]:
    try:
        line.open(report)
        yield
    finally:
        line.close()


def _topic(arrived: Arrived) -> str:
    try:
        return arrived.message.topic
    except UnicodeDecodeError:
        return ""  # no topic at all: MQTT 5 section 1.5.4 forbids it, and a broker may pass it on
