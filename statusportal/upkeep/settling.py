"""What outlasted planned work: once it is over, a condition that is still active gets the entry it would have had."""

from collections.abc import Sequence

from sqlalchemy import select

from statusportal.conditions.events import ConditionReturned, SilenceStayed
from statusportal.conditions.shelving import is_quiet
from statusportal.fleet.queries import ownerships_at
from statusportal.foundation.vocabulary import Connectivity
from statusportal.maintenance.models import PlannedDevice, PlannedWork
from statusportal.maintenance.policy import agreed
from statusportal.maintenance.queries import devices_of
from statusportal.status.queries import conditions_of_many, statuses_of
from statusportal.work import Work

MOST_AT_ONCE = 20


def settle_finished(work: Work, most: int = MOST_AT_ONCE) -> int:
    """Tell what outlasted the planned work that is over, for the portal's own job; return how much work was over."""
    over = select(PlannedWork).where(agreed(), PlannedWork.settled_at.is_(None), PlannedWork.to_at <= work.now)
    rows = work.session.scalars(over.order_by(PlannedWork.to_at).limit(most).with_for_update()).all()
    for row in rows:
        row.settled_at = work.now
        places = _still_theirs(work, devices_of(work, row))
        _tell_conditions(work, places)
        _tell_silence(work, places)
    return len(rows)


def _tell_conditions(work: Work, places: list[PlannedDevice]) -> None:
    found = conditions_of_many(work, [one.device_id for one in places])
    for place in places:
        ownership = (place.organisation_id, place.device_id, place.ownership_id)
        for condition in found[place.device_id]:
            if condition.is_active and not is_quiet(work, ownership, condition.code, condition.health):
                work.emit(
                    ConditionReturned(
                        organisation_id=place.organisation_id,
                        device_id=place.device_id,
                        ownership_id=place.ownership_id,
                        code=condition.code,
                        health=condition.health,
                        reason=condition.reason,
                        at=work.now,
                        value=condition.value,
                        signal_name=condition.signal_name,
                    )
                )


def _tell_silence(work: Work, places: list[PlannedDevice]) -> None:
    statuses = statuses_of(work, [one.device_id for one in places])
    for place in places:
        status = statuses.get(place.device_id)
        if status is not None and status.connectivity is Connectivity.OFFLINE:
            work.emit(
                SilenceStayed(
                    organisation_id=place.organisation_id,
                    device_id=place.device_id,
                    ownership_id=place.ownership_id,
                    reason=status.reason,
                    at=work.now,
                )
            )


def _still_theirs(work: Work, places: Sequence[PlannedDevice]) -> list[PlannedDevice]:
    present = ownerships_at(work, [one.device_id for one in places], work.now)
    return [one for one in places if one.device_id in present and present[one.device_id].id == one.ownership_id]
