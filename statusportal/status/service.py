"""Verbs on status that no sample speaks: what people declare, another owner, another model.

Source: the product's words, Condition; what samples and time do to a status is the room `passage`.
"""

from uuid import UUID

from sqlalchemy import select, update

from statusportal.catalogue.events import ModelChanged
from statusportal.derivation.derive import declare, withdraw
from statusportal.derivation.vocabulary import unheard
from statusportal.fleet.events import OwnershipTransferred
from statusportal.fleet.models import Device
from statusportal.fleet.queries import device_for
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.foundation.vocabulary import Health
from statusportal.reasons.vocabulary import Reason
from statusportal.status.keeping import Case, cases_of, keep_all
from statusportal.status.models import DeviceStatus
from statusportal.work import Work

_LONGEST_CODE = 80


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
    keep_all(work, [case])


def withdraw_condition(work: Work, device_id: UUID, code: str) -> None:
    """Take back what was declared under the code; nothing happens when nothing was.

    Raises: NotFound.
    """
    case = _case(work, device_id)
    if case.state is not None:
        case.take(work, withdraw(case.frame, case.state, code, to_ms(work.now)))
        keep_all(work, [case])


def begin_anew(work: Work, event: OwnershipTransferred) -> None:
    """Let a device's status start over for its new owner: now, or by the expiry queue when the day comes.

    A buyer who accepts leaves it to the queue too: what is closed under the seller is not theirs to write.
    """
    if event.at <= work.now and work.actor.is_operator:
        keep_all(work, cases_of(work, [event.device_id]).values())
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
