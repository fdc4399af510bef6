"""Reading what a device sent, page by page and in order of time across its signals: never all of it at once."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from devices.reading import Quality
from statusportal.rules.vocabulary import Sample
from statusportal.telemetry.policy import within
from statusportal.telemetry.queries import readable_spans
from statusportal.telemetry.store.opening import sample_reader
from statusportal.telemetry.vocabulary import Span
from statusportal.work import Work

PAGE = 5_000

_READER = sample_reader()


def samples_between(work: Work, device_id: UUID, names: Iterable[str], from_ms: int, to_ms: int) -> Iterator[Sample]:
    """Yield good samples of signals in the order in which rules are to hear them, as far as the reader may read.

    Units: half-open, milliseconds since 1970 UTC.
    """
    spans = within(readable_spans(work, [device_id])[device_id], from_ms, to_ms)
    return heapq.merge(*(_of_signal(work, device_id, name, spans) for name in sorted(set(names))), key=_place)


def _of_signal(work: Work, device_id: UUID, name: str, spans: Sequence[Span]) -> Iterator[Sample]:
    after_ms: int | None = None
    while True:
        page = _READER.samples(work, device_id, name, spans, PAGE, after_ms)
        yield from (Sample(one.at_ms, name, one.value) for one in page if one.quality is Quality.GOOD)
        if len(page) < PAGE:
            return
        after_ms = page[-1].at_ms


def _place(sample: Sample) -> tuple[int, str]:
    return sample.at_ms, sample.signal
