"""Verbs of shelving: put a condition aside, bring it back, and let shelves end by themselves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.audit.service import record_act_of_device
from statusportal.conditions.errors import DeclaredByPeople
from statusportal.conditions.events import ConditionReturned
from statusportal.conditions.models import RestingCondition
from statusportal.conditions.policy import visible_rests
from statusportal.conditions.vocabulary import LONGEST_SHELF, REASON_CHARACTERS, Rest
from statusportal.derivation.vocabulary import ConditionState
from statusportal.fleet.queries import ownership_holds
from statusportal.fleet.service import ownership_for
from statusportal.foundation.errors import Faults, NotFound, Sentence
from statusportal.foundation.vocabulary import Health
from statusportal.status.queries import conditions_of
from statusportal.work import Work

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Shelf:
    """How a condition is to rest: until a moment, or without one out of service; and why, for everybody to read."""

    reason: str
    until: datetime | None = None

    @property
    def rest(self) -> Rest:
        """Return the word for it."""
        return Rest.OUT_OF_SERVICE if self.until is None else Rest.SHELVED


def put_aside(work: Work, device_id: UUID, code: str, shelf: Shelf) -> RestingCondition:
    """Put a condition aside; to do it again moves its end. A shelf lasts a quarter at most.

    Raises: NotFound for what never was; Forbidden; DeclaredByPeople; Invalid with pointers.
    """
    ownership = ownership_for(work, device_id, Permission.CONDITION_SHELVE, Right.MANAGE)
    condition = _condition(work, device_id, code)
    if condition.is_declared:
        raise DeclaredByPeople(Sentence("People declared this; it ends when their entry is resolved."))
    faults = Faults()
    reason = faults.line("/reason", shelf.reason, most=REASON_CHARACTERS)
    if shelf.until is not None and not work.now < shelf.until <= work.now + LONGEST_SHELF:
        faults.note("/until", Sentence("must lie between now and %(days)s days from now", days=str(LONGEST_SHELF.days)))
    faults.close()
    row = _resting(work, ownership.organisation_id, device_id, ownership.id, code)
    if row is None:
        row = RestingCondition(
            organisation_id=ownership.organisation_id, device_id=device_id, ownership_id=ownership.id, code=code
        )
        work.session.add(row)
    row.rest, row.until, row.reason, row.health = shelf.rest, shelf.until, reason, condition.health
    row.person_id, row.person_role, row.at = (
        work.actor.person_id,
        work.actor.badge_in(ownership.organisation_id),
        work.now,
    )
    work.session.flush()
    if shelf.until is None:
        _record(work, "condition.taken_out_of_service", row)
    else:
        _record(work, "condition.shelved", row)
    return row


def bring_back(work: Work, device_id: UUID, code: str) -> None:
    """Let a condition rest no more; one that does not rest is left as it is.

    Raises: NotFound, Forbidden.
    """
    ownership = ownership_for(work, device_id, Permission.CONDITION_SHELVE, Right.MANAGE)
    row = _resting(work, ownership.organisation_id, device_id, ownership.id, code)
    if row is not None:
        _record(work, "condition.brought_back", row)
        _end(work, row)


def bring_back_due(work: Work, most: int = MOST_AT_ONCE) -> int:
    """Let every shelf end whose moment has come, and return how many there were."""
    over = select(RestingCondition).where(visible_rests(work.actor, work.now), RestingCondition.until <= work.now)
    rows = work.session.scalars(over.order_by(RestingCondition.until).limit(most).with_for_update()).all()
    for row in rows:
        _end(work, row)
    return len(rows)


def is_quiet(work: Work, ownership: tuple[UUID, UUID, UUID], code: str, health: Health) -> bool:
    """Tell whether the portal is to keep quiet about a condition that became active.

    Shape: `ownership` is (organisation, device, ownership). One that is worse than what was put aside ends its rest.
    """
    row = _resting(work, *ownership, code)
    if row is None or (row.until is not None and row.until <= work.now):
        return False
    if health.rank > Health(row.health).rank:
        _record(work, "condition.brought_back", row)
        work.session.delete(row)
        return False
    return True


def _condition(work: Work, device_id: UUID, code: str) -> ConditionState:
    found = next((one for one in conditions_of(work, device_id) if one.code == code), None)
    if found is None:
        raise NotFound
    return found


def _resting(
    work: Work, organisation_id: UUID, device_id: UUID, ownership_id: UUID, code: str
) -> RestingCondition | None:
    return work.session.get(RestingCondition, (organisation_id, device_id, ownership_id, code), with_for_update=True)


def _end(work: Work, row: RestingCondition) -> None:
    """Take a condition off its shelf, and tell of it if it is active and the device still theirs."""
    work.session.delete(row)
    work.session.flush()
    if not ownership_holds(work, row.device_id, row.ownership_id):
        return
    now = next((one for one in conditions_of(work, row.device_id) if one.code == row.code), None)
    if now is None or not now.is_active:
        return
    work.emit(
        ConditionReturned(
            organisation_id=row.organisation_id,
            device_id=row.device_id,
            ownership_id=row.ownership_id,
            code=row.code,
            health=now.health,
            reason=now.reason,
            at=work.now,
            value=now.value,
            signal_name=now.signal_name,
        )
    )


def _record(work: Work, act: str, row: RestingCondition) -> None:
    record_act_of_device(
        work, row.device_id, act, "condition", row.code, organisation_id=row.organisation_id, code=row.code
    )
