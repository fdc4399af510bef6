"""The way of a message inside an adapter: a format reads it, a mapping names what it is about."""

from collections.abc import Sequence

from devices.errors import PayloadMalformed
from devices.formats.protocol import Decoded, Format
from devices.mapping import Mapping
from devices.reading import Reading
from devices.sentence import Sentence


class Route:
    """Join a format and a mapping; adapters that make readings themselves have no format."""

    def __init__(self, wire: Format | None = None, mapping: Mapping | None = None) -> None:
        self._wire = wire
        self._mapping = mapping or Mapping()

    def decode(self, body: bytes, *, topic: str | None, arrived_ms: int) -> Decoded:
        """Read a body and name its machines and signals.

        Raises: PayloadMalformed.
        """
        if self._wire is None:
            raise PayloadMalformed(Sentence("No format is configured."))
        return self._mapping.apply(self._wire.decode(body, topic=topic, arrived_ms=arrived_ms), topic)

    def name(self, readings: Sequence[Reading]) -> Decoded:
        """Name the machines and signals of readings that never were bytes."""
        return self._mapping.apply(Decoded(tuple(readings), (), tuple(range(len(readings)))), None)
