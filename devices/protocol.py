"""What an adapter, a sink and the one who listens owe each other.

An adapter is made of validated options and run in a thread of its own: `run` is one life of the connection, ends
quietly when `stop` is set, and raises a `LinkBroken` when the line breaks; `devices.loop` gives it the next life.
A sink blocks until the readings are durable. Only then may an adapter acknowledge them to its source.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from threading import Event
from typing import ClassVar, Protocol, TypeAlias

import msgspec

from devices.formats.protocol import Reject
from devices.options import Options
from devices.reading import Reading
from devices.sentence import Sentence


class Receipt(msgspec.Struct, frozen=True):
    """Say what became of stored readings.

    Shape: counts of samples; `Reject.index` is the place in the sequence that was handed over.
    """

    accepted: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: tuple[Reject, ...] = ()


class Sink(Protocol):
    """The place where readings become durable: a store in this process, a gateway's buffer, a memory in tests."""

    def store(self, readings: Sequence[Reading]) -> Receipt:
        """Keep the readings on stable storage before returning; safe to call again with the same ones.

        Raises:
            SinkUnavailable: nothing was kept; the same call may work later.
            SinkRefused: these readings will never be kept.
        """
        ...


class Connected(msgspec.Struct, frozen=True, tag=True):
    """The line is open and asks for data."""

    address: str


class Disconnected(msgspec.Struct, frozen=True, tag=True):
    """The line is down; `retry_in_s` is None when nobody will try again."""

    reason: Sentence
    retry_in_s: float | None = None


class PayloadRefused(msgspec.Struct, frozen=True, tag=True):
    """A message was acknowledged and gave no reading, or lost some of its samples, for this reason."""

    reason: Sentence
    excerpt: str
    topic: str | None = None


class TopicRefused(msgspec.Struct, frozen=True, tag=True):
    """The source would not let us hear this."""

    topic: str
    reason: Sentence


class GapStated(msgspec.Struct, frozen=True, tag=True):
    """Nothing was heard in this span, and it is known why.

    Units: milliseconds since 1970 UTC.
    """

    from_ms: int
    to_ms: int
    reason: Sentence


class SinkWaiting(msgspec.Struct, frozen=True, tag=True):
    """Readings are held back, unacknowledged, because the sink cannot take them now."""

    reason: Sentence
    retry_in_s: float


class ReadingsStored(msgspec.Struct, frozen=True, tag=True):
    """Readings became durable."""

    accepted: int
    duplicates: int
    conflicts: int
    rejected: int


Happening: TypeAlias = (
    Connected | Disconnected | PayloadRefused | TopicRefused | GapStated | SinkWaiting | ReadingsStored
)
Report: TypeAlias = Callable[[Happening], None]


class Capability(StrEnum):
    """What an adapter can promise; the conformance suites ask by these, never by names."""

    REDELIVERS = "redelivers"  # what was not stored is sent again by the source
    ENDS = "ends"  # run returns by itself when the source is exhausted
    LISTENS_TO_NETWORK = "listens_to_network"  # check and run open a connection that can be refused
    DECODES = "decodes"  # bodies go through a format and a mapping


class Manifest(msgspec.Struct, frozen=True):
    """Tell about an adapter without importing what it needs."""

    name: str
    summary: Sentence
    options: type[Options]
    capabilities: frozenset[Capability] = frozenset()


class Sighting(msgspec.Struct, frozen=True):
    """What one look at a source showed.

    Shape: `notes` are sentences for a person; `readings` what arrived while looking, in order, stored nowhere.
    """

    address: str
    notes: tuple[Sentence, ...] = ()
    readings: tuple[Reading, ...] = ()


class Adapter(Protocol):
    """One configured use of one transport."""

    manifest: ClassVar[Manifest]

    def run(self, sink: Sink, stop: Event, report: Report) -> None:
        """Bring readings to the sink until stopped, or until the source ends.

        Raises: LinkBroken: the line broke; unacknowledged readings come again in the next life.
        """
        ...

    def check(self, wait_s: float) -> Sighting:
        """Connect once, look for at most `wait_s`, store and acknowledge nothing.

        Raises: LinkBroken: with the sentence a person needs to mend it.
        """
        ...
