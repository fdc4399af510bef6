"""Verbs on status: follow the samples, let what fell due happen, and take in what people declare.

Source: `MOST_EXPIRIES` bounds one transaction to well under a second of writing; the rest follows in the next.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, update

from devices.reading import Quality
from statusportal.catalogue.events import ModelChanged
from statusportal.derivation.derive import declare, elapse, hear, withdraw
from statusportal.derivation.vocabulary import Observation, unheard
from statusportal.fleet.events import OwnershipTransferred
from statusportal.fleet.models import Device
from statusportal.fleet.queries import device_for
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.foundation.vocabulary import Health
from statusportal.reasons.vocabulary import Reason
from statusportal.status.correcting import correct_due, keep_state, note_ahead, note_late
from statusportal.status.keeping import Case, cases_of
from statusportal.status.models import DeviceStatus
from statusportal.status.vocabulary import FOLLOWER
from statusportal.telemetry.store.opening import sample_reader
from statusportal.telemetry.store.port import Arrival
from statusportal.telemetry.vocabulary import QUALITY_NUMBERS
from statusportal.work import Work

MOST_EXPIRIES = 100
_GOOD, _STALE = QUALITY_NUMBERS[Quality.GOOD], QUALITY_NUMBERS[Quality.STALE]
_LONGEST_CODE = 80

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
    _keep(work, cases.values())


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
    _keep(work, cases.values())
    return len(cases)


def declare_condition(work: Work, device_id: UUID, code: str, health: Health, reason: Reason) -> None:
    """Let a person's word count for a device's health until it is withdrawn, whatever the samples say.

    The caller has asked for the right to say it. Shape: `reason` as `reasons.sentences` reads it.
    Raises: NotFound, Invalid for a health that is none of a machine in trouble.
    """
    if health in (Health.UNKNOWN, Health.NORMAL) or len(code) > _LONGEST_CODE:
        raise Invalid.field("/health", Sentence("must say what is wrong: maintenance_required and worse"))
    case = _case(work, device_id)
    now_ms = to_ms(work.now)
    state = case.state or unheard(now_ms)
    case.take(work, declare(case.frame, state, code, health, reason, now_ms))
    _keep(work, [case])


def withdraw_condition(work: Work, device_id: UUID, code: str) -> None:
    """Take back what was declared under the code; nothing happens when nothing was.

    Raises: NotFound.
    """
    case = _case(work, device_id)
    if case.state is not None:
        case.take(work, withdraw(case.frame, case.state, code, to_ms(work.now)))
        _keep(work, [case])


def begin_anew(work: Work, event: OwnershipTransferred) -> None:
    """Let a device's status start over for its new owner: now, or by the expiry queue when the day comes.

    A buyer who accepts leaves it to the queue too: what is closed under the seller is not theirs to write.
    """
    if event.at <= work.now and work.actor.is_operator:
        _keep(work, cases_of(work, [event.device_id]).values())
        return
    row = work.session.get(DeviceStatus, event.device_id)
    if row is not None:
        row.due_at = event.at if row.due_at is None else min(row.due_at, event.at)


def look_again(work: Work, event: ModelChanged) -> None:
    """Let every device of a changed model fall due now, so that conditions of limits that went clear."""
    devices = select(Device.id).where(Device.model_id == event.model_id)
    changed = update(DeviceStatus).where(DeviceStatus.device_id.in_(devices)).values(due_at=work.now, kept_ms=None)
    work.session.execute(changed, execution_options={"synchronize_session": False})


def _case(work: Work, device_id: UUID) -> Case:
    device_for(work, device_id)
    return cases_of(work, [device_id])[device_id]


def _keep(work: Work, cases: Iterable[Case]) -> None:
    for case in cases:
        case.keep(work)
    work.session.flush()
