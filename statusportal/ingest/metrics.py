"""What Prometheus sees of ingest: samples by what became of them, and how far derivation is behind."""

from datetime import datetime

from prometheus_client import Counter, Gauge

from statusportal.foundation.clock import to_ms
from statusportal.telemetry.store.port import News, Receipt

SAMPLES = Counter("statusportal_samples", "Samples by what became of them.", ["outcome"])
FOLLOW_LAG = Gauge("statusportal_follow_lag_seconds", "Age of the newest sample batch when derivation reached it.")
FOLLOW_FAILURES = Counter(
    "statusportal_follow_failures", "Devices that were set aside because their samples could not be derived."
)

_ACCEPTED = SAMPLES.labels("accepted")
_DUPLICATE = SAMPLES.labels("duplicate")
_CONFLICT = SAMPLES.labels("conflict")
_REJECTED = SAMPLES.labels("rejected")


def count_receipt(receipt: Receipt) -> None:
    """Add what became of a batch."""
    _ACCEPTED.inc(receipt.accepted)
    _DUPLICATE.inc(receipt.duplicates)
    _CONFLICT.inc(receipt.conflicts)
    _REJECTED.inc(len(receipt.rejected))


def note_followed(news: News, now: datetime) -> None:
    """Note how old the newest batch was when derivation had it; 0 when there was none left."""
    newest_ms = max((arrival.arrived_at_ms for arrival in news.arrivals), default=None)
    FOLLOW_LAG.set(0 if newest_ms is None else max(0, to_ms(now) - newest_ms) / 1000)
