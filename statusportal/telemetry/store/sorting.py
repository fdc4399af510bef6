"""One group commit sorted out: which samples are new, which are duplicates, which conflict.

It holds the state of a single group and touches no database, so that a group that is tried again starts clean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from devices.sentence import Sentence
from statusportal.telemetry.store.admission import over_the_limit
from statusportal.telemetry.store.port import Arrival, Batch, Heard, Incoming, Receipt, Rejection
from statusportal.telemetry.store.statements import Key, SampleRow
from statusportal.telemetry.vocabulary import Kind, Packed, pack


@dataclass(slots=True)
class KnownSignal:
    """A signal's number and the newest event time stored for it; nothing later than that can be stored already."""

    number: int
    last_at_ms: int | None


@dataclass(frozen=True, slots=True)
class Clash:
    """A sample refused because another value stands under its key."""

    sample: Incoming
    kept: Packed
    source: str


@dataclass(slots=True)
class Admitted:
    """A batch whose samples may be stored, and what was refused on the way."""

    batch: Batch
    samples: Sequence[Incoming]
    rejections: list[Rejection]


@dataclass(slots=True)
class Group:
    """What a group commit is about to write."""

    signals: dict[tuple[UUID, str], KnownSignal]
    rows: list[SampleRow] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    newest: dict[tuple[UUID, int], SampleRow] = field(default_factory=dict)

    def doubtful_keys(self, items: Sequence[Admitted]) -> list[Key]:
        """List the keys that may be stored already: those not later than their signal's newest."""
        doubtful: set[Key] = set()
        for item in items:
            for sample in item.samples:
                known = self.signals[sample.device_id, sample.signal]
                if known.last_at_ms is not None and sample.at_ms <= known.last_at_ms:
                    doubtful.add((sample.device_id, known.number, sample.at_ms))
        return list(doubtful)

    def sort_out(self, item: Admitted, stored: dict[Key, Packed]) -> Receipt:
        """Take a batch's new samples; `stored` grows by them, so that a later batch of the group meets them."""
        accepted = duplicates = conflicts = 0
        heard: dict[UUID, list[Heard]] = {}
        for sample in item.samples:
            number = self.signals[sample.device_id, sample.signal].number
            key = (sample.device_id, number, sample.at_ms)
            packed = pack(sample.value)
            kept = stored.get(key)
            if kept is None:
                accepted += 1
                stored[key] = packed
                self._take((*key, *packed, sample.quality))
                heard.setdefault(sample.device_id, []).append(
                    Heard(sample.signal, sample.at_ms, sample.value, sample.quality, sample.is_retained)
                )
            elif same_value(kept, packed):
                duplicates += 1
            else:
                conflicts += 1
                self.clashes.append(Clash(sample, kept, item.batch.source))
        arrived_at_ms = to_arrival_ms(item.batch)
        self.arrivals += [Arrival(device_id, arrived_at_ms, samples) for device_id, samples in heard.items()]
        return Receipt(accepted, duplicates, conflicts, tuple(item.rejections))

    def _take(self, row: SampleRow) -> None:
        self.rows.append(row)
        series = row[:2]
        newest = self.newest.get(series)
        if newest is None or row[2] > newest[2]:
            self.newest[series] = row


def to_arrival_ms(batch: Batch) -> int:
    """Return when a batch arrived, in milliseconds since 1970 UTC."""
    return int(batch.arrived_at.timestamp() * 1000 + 0.5)


def same_value(one: Packed, other: Packed) -> bool:
    """Tell whether two kept values are the same to a reader: 21 and 21.0 are, 1 and true are not."""
    kinds = {one[0], other[0]}
    return one[1:] == other[1:] and (len(kinds) == 1 or kinds == {Kind.REAL, Kind.INTEGER})


def new_names(items: Sequence[Admitted], known: Mapping[tuple[UUID, str], KnownSignal]) -> dict[UUID, list[str]]:
    """List the signals that each device begins with this group, in order of arrival."""
    found: dict[UUID, dict[str, None]] = {}
    for item in items:
        for sample in item.samples:
            if (sample.device_id, sample.signal) not in known:
                found.setdefault(sample.device_id, {})[sample.signal] = None
    return {device_id: list(names) for device_id, names in found.items()}


def refuse_beyond(
    items: Sequence[Admitted], begun: Mapping[UUID, list[str]], counts: Mapping[UUID, int], most: int
) -> list[Admitted]:
    """Reject the samples of signals that would take a device over its limit, and keep the rest."""
    refused = {
        (device_id, name)
        for device_id, names in begun.items()
        for name in over_the_limit(names, counts.get(device_id, 0), most)
    }
    return [_without(item, refused, most) for item in items] if refused else list(items)


def _without(item: Admitted, refused: set[tuple[UUID, str]], most: int) -> Admitted:
    over = [sample for sample in item.samples if (sample.device_id, sample.signal) in refused]
    if not over:
        return item
    full = Sentence("the device already has %(most)s signals", most=most)
    rejections = [Rejection(one.index, one.signal, full) for one in over]
    return replace(
        item,
        samples=[sample for sample in item.samples if (sample.device_id, sample.signal) not in refused],
        rejections=sorted([*item.rejections, *rejections], key=lambda one: one.index),
    )
