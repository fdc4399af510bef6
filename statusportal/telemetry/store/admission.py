"""Pure: which samples of a batch may be stored at all, and why the others may not."""

from collections.abc import Sequence
from datetime import timedelta

from devices.reading import Value
from devices.sentence import Sentence
from statusportal.catalogue.vocabulary import SignalKind
from statusportal.fleet.vocabulary import BEGINNING
from statusportal.foundation.clock import to_ms
from statusportal.telemetry.store.port import Batch, Incoming, Rejection, Terms

MOST_AHEAD = timedelta(hours=24)
LONGEST_NAME = 100

_FITS: dict[SignalKind, tuple[type, ...]] = {
    SignalKind.NUMBER: (float, int),
    SignalKind.BOOLEAN: (bool,),
    SignalKind.TEXT: (str,),
}
_WORDS = {
    bool: Sentence("a boolean"),
    int: Sentence("a number"),
    float: Sentence("a number"),
    str: Sentence("a text"),
}
_DECLARED = {
    SignalKind.NUMBER: Sentence("a number"),
    SignalKind.BOOLEAN: Sentence("a boolean"),
    SignalKind.TEXT: Sentence("a text"),
}


def admit(batch: Batch) -> tuple[list[Incoming], list[Rejection]]:
    """Split a batch into the samples to be stored and those refused, both in the sender's order."""
    earliest_ms, latest_ms = to_ms(BEGINNING), to_ms(batch.arrived_at + MOST_AHEAD)
    admitted: list[Incoming] = []
    rejections = list(batch.rejections)
    for sample in batch.samples:
        terms = batch.terms[sample.device_id]
        detail: Sentence | None
        if not earliest_ms <= sample.at_ms <= latest_ms:
            detail = _time_fault(sample.at_ms, earliest_ms)
        elif len(sample.signal) > LONGEST_NAME:
            detail = Sentence("a name longer than %(most)s characters", most=LONGEST_NAME)
        else:
            detail = _fault(terms, sample.signal, sample.value)
        if detail is None:
            admitted.append(sample)
        else:
            rejections.append(Rejection(sample.index, sample.signal[:LONGEST_NAME], detail))
    return admitted, sorted(rejections, key=lambda one: one.index)


def _time_fault(at_ms: int, earliest_ms: int) -> Sentence:
    if at_ms < earliest_ms:
        return Sentence("the time is before 1990-01-01")
    return Sentence("the time is more than 24 hours ahead")


def _fault(terms: Terms, signal: str, value: Value) -> Sentence | None:
    kind = terms.kinds.get(signal)
    if kind is None:
        is_known = not terms.is_strict or signal.startswith(terms.families)
        return None if is_known else Sentence("the model does not declare this signal")
    is_fitting = kind is SignalKind.BOOLEAN if isinstance(value, bool) else isinstance(value, _FITS[kind])
    if is_fitting:
        return None
    return Sentence("%(wanted)s was declared, not %(given)s", wanted=_DECLARED[kind], given=_WORDS[type(value)])


def over_the_limit(new_names: Sequence[str], known: int, most: int) -> set[str]:
    """Return those new signals, in order of arrival, that a device may not begin any more; 0 is no limit."""
    return set() if most == 0 else set(new_names[max(0, most - known) :])
