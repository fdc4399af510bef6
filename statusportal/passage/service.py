"""Verbs of the two things that move a status by themselves: samples, and time.

Source: `MOST_EXPIRIES` bounds one transaction to well under a second of writing; the rest follows in the next.
"""

from collections.abc import Iterable

from sqlalchemy import select

from devices.reading import Quality
from statusportal.derivation.derive import elapse, hear
from statusportal.derivation.vocabulary import Observation
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.passage.correcting import correct_due, keep_state, note_ahead, note_late
from statusportal.status.keeping import cases_of, keep_all
from statusportal.status.models import DeviceStatus
from statusportal.status.vocabulary import FOLLOWER
from statusportal.telemetry.store.opening import sample_reader
from statusportal.telemetry.store.port import Arrival
from statusportal.telemetry.vocabulary import QUALITY_NUMBERS
from statusportal.work import Work

MOST_EXPIRIES = 100
_GOOD, _STALE = QUALITY_NUMBERS[Quality.GOOD], QUALITY_NUMBERS[Quality.STALE]

_READER = sample_reader()


def follow_samples(work: Work, arrivals: Iterable[Arrival]) -> None:
    """Derive what newly stored samples mean; states, intervals and facts commit with the follower's cursor.

    Shape: arrivals in the order of the journal; each is one device's part of one batch.
    """
    pieces = list(arrivals)
    cases = cases_of(work, {piece.device_id for piece in pieces})
    for piece in pieces:
        case = cases[piece.device_id]
        observations = [
            Observation(one.signal, one.at_ms, one.value, one.quality == _GOOD, one.is_retained, one.quality == _STALE)
            for one in piece.samples
            if one.at_ms >= case.from_ms
        ]
        if observations:
            note_late(work, case, observations)
            case.take(work, hear(case.frame, case.state, observations, piece.arrived_at_ms))
            note_ahead(work, case, observations, piece.arrived_at_ms)
    for case in cases.values():
        keep_state(work, case)
    keep_all(work, cases.values())


def expire_due(work: Work, most: int = MOST_EXPIRIES) -> int:
    """Let silence and pending conditions fall due, and return how many devices were looked at.

    The cost follows what is due, not the size of the fleet. Time goes no further than to the oldest batch that is
    stored and not followed yet: what stands in the journal was heard.
    """
    now_ms = to_ms(work.now)
    waiting_ms = _READER.oldest_waiting_ms(work, FOLLOWER)
    until_ms = now_ms if waiting_ms is None else min(now_ms, waiting_ms)
    due = select(DeviceStatus.device_id).where(DeviceStatus.due_at <= from_ms(until_ms))
    device_ids = work.session.scalars(due.order_by(DeviceStatus.due_at).limit(most)).all()
    cases = cases_of(work, device_ids)
    for case in cases.values():
        if case.state is not None:
            case.take(work, elapse(case.frame, case.state, until_ms))
            correct_due(work, case)
    keep_all(work, cases.values())
    return len(cases)
