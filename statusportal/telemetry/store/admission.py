"""Pure: which samples of a batch may be stored at all, and why the others may not."""

from collections.abc import Sequence
from datetime import timedelta

from devices.reading import Value
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
_WORDS = {bool: "a boolean", int: "a number", float: "a number", str: "a text"}


def admit(batch: Batch) -> tuple[list[Incoming], list[Rejection]]:
    """Split a batch into the samples to be stored and those refused, both in the sender's order."""
    earliest_ms, latest_ms = to_ms(BEGINNING), to_ms(batch.arrived_at + MOST_AHEAD)
    admitted: list[Incoming] = []
    rejections = list(batch.rejections)
    for sample in batch.samples:
        terms = batch.terms[sample.device_id]
        detail: str | None
        if not earliest_ms <= sample.at_ms <= latest_ms:
            detail = _time_fault(sample.at_ms, earliest_ms)
        elif len(sample.signal) > LONGEST_NAME:
            detail = f"a name longer than {LONGEST_NAME} characters"
        else:
            detail = _fault(terms, sample.signal, sample.value)
        if detail is None:
            admitted.append(sample)
        else:
            rejections.append(Rejection(sample.index, sample.signal[:LONGEST_NAME], detail))
    return admitted, sorted(rejections, key=lambda one: one.index)


def _time_fault(at_ms: int, earliest_ms: int) -> str:
    if at_ms < earliest_ms:
        return "the time is before 1990-01-01"
    return "the time is more than 24 hours ahead"


def _fault(terms: Terms, signal: str, value: Value) -> str | None:
    kind = terms.kinds.get(signal)
    if kind is None:
        return "the model does not declare this signal" if terms.is_strict else None
    if isinstance(value, bool):
        return None if kind is SignalKind.BOOLEAN else f"a {kind.value} was declared, not a boolean"
    return None if isinstance(value, _FITS[kind]) else f"a {kind.value} was declared, not {_WORDS[type(value)]}"


def over_the_limit(new_names: Sequence[str], known: int, most: int) -> set[str]:
    """Return those new signals, in order of arrival, that a device may not begin any more; 0 is no limit."""
    return set() if most == 0 else set(new_names[max(0, most - known) :])
