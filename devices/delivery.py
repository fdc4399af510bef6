"""The one way from an adapter to its sink: again and again until the sink has it, or the adapter is stopped."""

from collections.abc import Sequence
from threading import Event

from devices.backoff import Backoff
from devices.errors import SinkRefused, SinkUnavailable
from devices.formats.protocol import Decoded
from devices.protocol import PayloadRefused, ReadingsStored, Receipt, Report, Sink, SinkWaiting
from devices.reading import Reading
from devices.sentence import Sentence, joined

EXCERPT_MAXIMUM_BYTES = 200
_REASONS_SHOWN = 3


def deliver(sink: Sink, readings: Sequence[Reading], stop: Event, report: Report) -> Receipt | None:
    """Store readings durably, waiting as long as the sink asks.

    Shape: None when stopped before the sink had them: the caller must not acknowledge. No readings, no call.
    """
    if not readings:
        return Receipt()
    backoff = Backoff(first_s=0.5, longest_s=30.0)
    while True:
        try:
            receipt = sink.store(readings)
        except SinkUnavailable as err:
            wait_s = backoff.next_s() if err.retry_after_s is None else err.retry_after_s
            report(SinkWaiting(err.sentence, wait_s))
            if stop.wait(wait_s):
                return None
        except SinkRefused as err:
            report(PayloadRefused(err.sentence, f"{len(readings)} readings from {readings[0].signal!r} on"))
            return Receipt()
        else:
            report(
                ReadingsStored(receipt.accepted, receipt.duplicates, receipt.conflicts, len(receipt.rejected)),
            )
            return receipt


def excerpt_of(body: bytes) -> str:
    """Give the beginning of a body so that it can be shown anywhere: printable ASCII, everything else escaped."""
    cut = body[:EXCERPT_MAXIMUM_BYTES]
    text = "".join(chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}" for byte in cut)  # noqa: PLR2004 -- ASCII's bounds
    return text if len(body) <= EXCERPT_MAXIMUM_BYTES else f"{text}..."


def refusal_of(decoded: Decoded, body: bytes, topic: str | None = None) -> PayloadRefused | None:
    """State the samples a body lost, or a body that held none; None when all of it was taken."""
    if decoded.rejects:
        shown = joined(reject.detail for reject in decoded.rejects[:_REASONS_SHOWN])
        more = len(decoded.rejects) - _REASONS_SHOWN
        reason = Sentence("%(shown)s; and %(more)s more", shown=shown, more=more) if more > 0 else shown
        return PayloadRefused(reason, excerpt_of(body), topic)
    if not decoded.readings:
        return PayloadRefused(Sentence("The body holds no sample."), excerpt_of(body), topic)
    return None
