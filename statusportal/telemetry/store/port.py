"""The port of the sample store: what goes in, what comes back, and what every implementation promises.

A batch that `append` answered is on stable storage. The natural key (device, signal, time) is stored once: the same
value again is a duplicate, another value is a conflict, and the first stands.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from devices.reading import Value
from devices.sentence import Sentence
from statusportal.catalogue.vocabulary import SignalKind
from statusportal.telemetry.vocabulary import LastValue, Measured, Point, Span
from statusportal.work import Work

Followed = Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class Terms:
    """What one device may send: its declared signals, and whether others are refused.

    Shape: `families` are how names begin that belong to a declared one, as a machine's own codes do.
    """

    kinds: Mapping[str, SignalKind]
    is_strict: bool = False
    families: tuple[str, ...] = ()


class Incoming(msgspec.Struct, frozen=True, gc=False):
    """One sample with its address; `index` is its place in the sender's list, to be named when it is refused.

    Units: `at_ms` is milliseconds since 1970 UTC.
    """

    device_id: UUID
    signal: str
    at_ms: int
    value: Value
    quality: int = 0
    is_retained: bool = False
    index: int = 0


@dataclass(frozen=True, slots=True)
class Rejection:
    """One sample that was not taken: its place in the sender's list, its signal, and why."""

    index: int
    signal: str | None
    detail: Sentence


@dataclass(frozen=True, slots=True)
class Batch:
    """What one sender sent at once, in the sender's order.

    Shape: `source` names the sender as `credential:<id>` or `connection:<id>`; `terms` has every device of `samples`;
    `rejections` are samples that were refused before they came here, and are handed through to the receipt.
    """

    source: str
    arrived_at: datetime
    samples: Sequence[Incoming]
    terms: Mapping[UUID, Terms]
    rejections: Sequence[Rejection] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch, in samples; the four add up to what was sent. Rejections stand in the sender's order."""

    accepted: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: tuple[Rejection, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Tell whether anything of the batch stands in the store, now or from before."""
        return bool(self.accepted or self.duplicates or self.conflicts)


class Heard(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One newly stored sample as the journal tells it."""

    signal: str
    at_ms: int
    value: Value
    quality: int
    is_retained: bool


class Arrival(msgspec.Struct, frozen=True, array_like=True):
    """What one batch newly stored for one device, and when it arrived."""

    device_id: UUID
    arrived_at_ms: int
    samples: list[Heard]


@dataclass(frozen=True, slots=True)
class News:
    """A piece of the journal behind a follower's cursor, oldest first, and how far it reaches per writer."""

    arrivals: Sequence[Arrival]
    upto: Followed


class SampleStore(Protocol):
    """Keep samples. One a running process, since those who wait share a commit."""

    def append(self, batch: Batch) -> Receipt:
        """Return once the batch is on stable storage; those who wait at the same time share one commit.

        Raises: Overloaded when too many wait already; nothing of the batch was kept then.
        """
        ...

    def on_append(self, callback: Callable[[], None]) -> None:
        """Call back after each append that stored something, in the sender's thread."""
        ...


class SampleReader(Protocol):
    """Give samples back, and tell followers what is new."""

    def points(
        self, work: Work, device_id: UUID, signal: str, spans: Sequence[Span], limit: int, after_ms: int | None
    ) -> list[Point]:
        """Read points of one signal in order of time.

        Shape: spans are half-open, ascending and apart; at most `limit` points, those later than `after_ms`.
        Units: milliseconds since 1970 UTC.
        """
        ...

    def samples(
        self, work: Work, device_id: UUID, signal: str, spans: Sequence[Span], limit: int, after_ms: int | None
    ) -> list[Measured]:
        """Read as `points`, each with its quality: for who takes everything along."""
        ...

    def last_values(self, work: Work, device_ids: Sequence[UUID]) -> list[LastValue]:
        """Return the newest sample of every signal by event time, in one query for all devices."""
        ...

    def last_values_within(self, work: Work, device_id: UUID, spans: Sequence[Span]) -> list[LastValue]:
        """Return the newest sample of every signal inside the spans; costs more than `last_values`."""
        ...

    def values_at(self, work: Work, device_id: UUID, at_ms: int) -> list[LastValue]:
        """Return the newest sample of every signal that is not newer than an instant, in one query."""
        ...

    def count(self, work: Work, device_id: UUID, span: Span) -> int:
        """Count the samples of all signals in a half-open span."""
        ...

    def hold_cursor(self, work: Work, follower: str) -> None:
        """Keep others from following under the same name until this work commits."""
        ...

    def journal_after(self, work: Work, follower: str, limit: int) -> News:
        """Return at most about `limit` commits that the follower has not seen, each writer's in order."""
        ...

    def move_cursor(self, work: Work, follower: str, upto: Followed) -> None:
        """Note how far the follower has come; it commits with what the follower made of it."""
        ...

    def oldest_waiting_ms(self, work: Work, follower: str) -> int | None:
        """Return when the oldest batch that the follower has not seen arrived; None when it has seen all."""
        ...

    def count_waiting(self, work: Work, follower: str) -> int:
        """Count the commits that the follower has not seen."""
        ...

    def trim_journal(self, work: Work) -> int:
        """Delete what every follower has seen; return how many commits went."""
        ...
