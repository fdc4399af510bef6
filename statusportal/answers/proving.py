"""What a machine was seen to do while it was clear: the proof that a fix held."""

from datetime import datetime
from typing import Any
from uuid import UUID

from statusportal.answers.cycling import turns
from statusportal.fleet.queries import ownership_at
from statusportal.foundation.clock import to_ms
from statusportal.frames.queries import frames_of
from statusportal.profiles.vocabulary import CounterRule
from statusportal.telemetry.queries import count_within, values_at
from statusportal.work import Work


def proof_of(work: Work, device_id: UUID, from_at: datetime, to_at: datetime) -> dict[str, Any]:
    """Count the samples of a span, and how far each counter of the machine's model went on in it.

    Shape: `{"from_ms", "to_ms", "samples", "cycles": [{"signal", "count"}]}`.
    """
    from_ms, to_ms_ = to_ms(from_at), to_ms(to_at)
    owner = ownership_at(work, device_id, to_at)
    rules = frames_of(work, [device_id], [owner] if owner else [])[device_id].rules
    counters = sorted({rule.signal for rule in rules.rules if isinstance(rule, CounterRule)})
    before = {one.signal: one.value for one in values_at(work, device_id, from_ms)} if counters else {}
    after = {one.signal: one.value for one in values_at(work, device_id, to_ms_)} if counters else {}
    cycles = [
        {"signal": name, "count": count} for name in counters if (count := turns(before, after, name)) is not None
    ]
    return {
        "from_ms": from_ms,
        "to_ms": to_ms_,
        "samples": count_within(work, device_id, (from_ms, to_ms_ + 1)),
        "cycles": cycles,
    }
