"""Verbs of the two things that move a status by themselves: samples, and time.

Source: `MOST_EXPIRIES` states, or `MOST_TOLD` devices with all that follows from them, bound one transaction to well
under a second of writing; the rest follows in the next.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from devices.reading import Quality
from statusportal.derivation.derive import elapse, hear
from statusportal.derivation.vocabulary import Observation, Shift
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.passage.correcting import correct_due, keep_state, note_ahead, note_late
from statusportal.passage.setting_aside import note_missed, those_aside
from statusportal.status.keeping import Case, cases_of, keep_all, open_intervals
from statusportal.status.models import DeviceStatus
from statusportal.status.vocabulary import FOLLOWER
from statusportal.telemetry.store.opening import sample_reader
from statusportal.telemetry.store.port import Arrival
from statusportal.telemetry.vocabulary import QUALITY_NUMBERS
from statusportal.work import Work

MOST_EXPIRIES = 500
MOST_TOLD = 20
_GOOD, _STALE = QUALITY_NUMBERS[Quality.GOOD], QUALITY_NUMBERS[Quality.STALE]

_READER = sample_reader()


def follow_samples(work: Work, arrivals: Iterable[Arrival]) -> None:
    """Derive what newly stored samples mean; states, intervals and facts commit with the follower's cursor.

    Of what is set aside only life is heard, and that there is more to be heard is noted.
    Shape: arrivals in the order of the journal; each is one device's part of one batch.
    """
    pieces = list(arrivals)
    aside = those_aside(work, {piece.device_id for piece in pieces})
    mute = {device_id for device_id, one in aside.items() if one.is_mute}
    cases = cases_of(work, {piece.device_id for piece in pieces} - mute)
    for piece in pieces:
        case = cases.get(piece.device_id)
        observations = _observed(piece, 0 if case is None else case.from_ms)
        if piece.device_id in aside:
            note_missed(aside[piece.device_id], observations)
        if observations and case is not None:
            _hear(work, case, observations, piece.arrived_at_ms)
    for case in cases.values():
        keep_state(work, case)
    keep_all(work, cases.values())


def fall_due(work: Work, most: int = MOST_EXPIRIES) -> Sequence[UUID]:
    """List the devices for which silence or a pending condition is due, the earliest first.

    Shape: those of whom it is only to be told what fell due come last, and not before few others are left.
    """
    is_due = DeviceStatus.due_at <= from_ms(_until_ms(work))
    due = select(DeviceStatus.device_id).where(is_due).order_by(DeviceStatus.due_at)
    fresh = work.session.scalars(due.where(DeviceStatus.untold.is_(None)).limit(most)).all()
    left = min(MOST_TOLD, most) - len(fresh)
    untold = work.session.scalars(due.where(DeviceStatus.untold.is_not(None)).limit(left)).all() if left > 0 else ()
    return [*fresh, *untold]


def expire(work: Work, device_ids: Sequence[UUID]) -> None:
    """Let pass the time of devices. Of many that fall silent at once the states come first, and are told of later.

    Time goes no further than to the oldest batch that is stored and not followed yet: what stands in the journal was
    heard.
    """
    until_ms = _until_ms(work)
    cases = cases_of(work, device_ids)
    held = open_intervals(work, cases)
    for case in cases.values():
        if case.state is not None:
            outcome = elapse(case.frame, case.state, until_ms)
            are_many = len(device_ids) > MOST_TOLD and all(isinstance(fact, Shift) for fact in outcome.facts)
            (case.take_quietly if are_many else case.take)(work, outcome)
            correct_due(work, case)
    keep_all(work, cases.values())
    del held


def expire_due(work: Work, most: int = MOST_EXPIRIES) -> int:
    """Let silence and pending conditions fall due, and return how many devices were looked at.

    The cost follows what is due, not the size of the fleet.
    """
    due = fall_due(work, most)
    expire(work, due)
    return len(due)


def _hear(work: Work, case: Case, observations: Sequence[Observation], arrived_ms: int) -> None:
    if case.state is not None and case.state.is_aside:
        case.take(work, hear(case.frame, case.state, observations, arrived_ms))
        return
    note_late(work, case, observations)
    case.take(work, hear(case.frame, case.state, observations, arrived_ms))
    note_ahead(work, case, observations, arrived_ms)


def _observed(piece: Arrival, from_ms: int) -> list[Observation]:
    """Return the samples of a piece that are this owner's."""
    return [
        Observation(one.signal, one.at_ms, one.value, one.quality == _GOOD, one.is_retained, one.quality == _STALE)
        for one in piece.samples
        if one.at_ms >= from_ms
    ]


def _until_ms(work: Work) -> int:
    now_ms = to_ms(work.now)
    waiting_ms = _READER.oldest_waiting_ms(work, FOLLOWER)
    return now_ms if waiting_ms is None else min(now_ms, waiting_ms)
