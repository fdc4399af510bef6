"""A device's conditions as people deal with them: which entry stands for each, who has seen it, what rests."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.conditions.acknowledging import acknowledgements, standing_entries
from statusportal.conditions.models import RestingCondition
from statusportal.conditions.queries import rests_of
from statusportal.derivation.vocabulary import ConditionState
from statusportal.entries.models import EntryHappening, StatusEntry
from statusportal.entries.vocabulary import Lifecycle
from statusportal.fleet.queries import device_for, may, ownership_at
from statusportal.status.queries import conditions_of
from statusportal.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionSeen:
    """A condition and what people did about it. Shape: None where they did nothing, or may not know."""

    state: ConditionState
    entry: StatusEntry | None = None
    acknowledged: EntryHappening | None = None
    rest: RestingCondition | None = None
    may_acknowledge: bool = False
    may_shelve: bool = False
    may_service: bool = False


def conditions_seen(work: Work, device_id: UUID) -> list[ConditionSeen]:
    """List a device's conditions that are or were active, the worst active first, in a constant number of queries.

    Shape: empty for a reader who may not look at the device now. Raises: NotFound.
    """
    device_for(work, device_id)
    states = conditions_of(work, device_id)
    entries = standing_entries(work, device_id, [one.code for one in states])
    seen = acknowledgements(work, entries.values())
    ownership = ownership_at(work, device_id, work.now) if states else None
    rests: Mapping[str, RestingCondition] = {}
    may_shelve = may_acknowledge = may_service = False
    if ownership is not None:
        rests = rests_of(work, device_id, [ownership.id])
        whose = (device_id, ownership.organisation_id, work.now)
        may_shelve = may(work, Permission.CONDITION_SHELVE, Right.MANAGE, *whose)
        may_service = may(work, Permission.MAINTENANCE_PLAN, Right.MANAGE, *whose)
        may_acknowledge = may(work, Permission.ENTRY_ACKNOWLEDGE, Right.ACK, *whose)
    return [
        ConditionSeen(
            state=state,
            entry=(entry := entries.get(state.code)),
            acknowledged=seen.get(entry.id) if entry else None,
            rest=rests.get(state.code),
            may_acknowledge=may_acknowledge and entry is not None and entry.lifecycle == Lifecycle.OPEN,
            may_shelve=may_shelve and not state.is_declared,
            may_service=may_service and state.is_active and not state.is_declared,
        )
        for state in states
    ]
