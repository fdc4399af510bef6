"""Taking the snapshot of an entry. It is read once, as the portal, and bounded by the present owner's time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from statusportal.entries.snapshot import build_snapshot
from statusportal.fleet.queries import ownership_at
from statusportal.foundation.clock import to_ms
from statusportal.frames.queries import frames_of
from statusportal.telemetry.queries import points_before, values_at
from statusportal.work import Work

# How many expected samples lead up to the moment, and so how many points at most are frozen.
_POINTS_BEFORE = 200


def snapshot_of(work: Work, device_id: UUID, at: datetime, signal_name: str | None) -> dict[str, Any]:
    """Freeze what a device's signals said at a moment, and how the signal concerned came there.

    What arose under a former owner stays out: the snapshot belongs to the entry, and the entry to the owner.
    """
    ownership = ownership_at(work, device_id, at)
    rules = frames_of(work, [device_id], [ownership] if ownership else [])[device_id].rules
    at_ms = to_ms(at)
    from_ms = to_ms(ownership.from_at) if ownership else 0
    values = [
        {"signal": one.signal, "value": one.value, "at_ms": one.at_ms}
        for one in values_at(work, device_id, at_ms)
        if from_ms <= one.at_ms <= at_ms
    ]
    points = []
    if signal_name is not None:
        span_ms = min(at_ms - from_ms, _POINTS_BEFORE * rules.expected_interval_s * 1000)
        points = points_before(work, device_id, signal_name, at_ms, span_ms, _POINTS_BEFORE)
    return build_snapshot(at_ms, values, rules, signal_name, points)
