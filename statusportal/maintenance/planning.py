"""Verbs of planned work: plan it on a machine, a group or all of an organisation; move, confirm, finish, cancel it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import MemberRole, Right
from statusportal.accounts.queries import organisation_for
from statusportal.audit.service import record_act
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.policy import owned_at, present_devices
from statusportal.fleet.queries import device_for, ownership_at, require_right
from statusportal.foundation.errors import Conflict, Faults, Forbidden, IllegalTransition, Invalid, Sentence
from statusportal.groups.queries import device_ids_of_group, group_for
from statusportal.maintenance.errors import OwnProposal
from statusportal.maintenance.events import (
    VisitConfirmed,
    WorkCancelled,
    WorkFinished,
    WorkMoved,
    WorkPlanned,
    WorkTouched,
)
from statusportal.maintenance.models import PlannedDevice, PlannedWork
from statusportal.maintenance.policy import visible_works
from statusportal.maintenance.queries import WorkSeen, counters_of, may_plan, side_of, work_for
from statusportal.maintenance.vocabulary import (
    AHEAD,
    FARTHEST_AHEAD,
    LONGEST_WORK,
    TITLE_CHARACTERS,
    TOLERANCE,
    WorkKind,
    WorkState,
)
from statusportal.work import Work, beyond_walls


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, and when: half-open. `services` are codes of counters that begin anew when it is done."""

    kind: WorkKind
    title: str
    from_at: datetime
    to_at: datetime
    services: tuple[str, ...] = ()


def plan_on_device(work: Work, device_id: UUID, plan: Plan) -> WorkSeen:
    """Plan work on one machine of its present owner's.

    Raises: NotFound, Forbidden, Conflict where nobody owns it, Invalid with pointers.
    """
    device_for(work, device_id)
    ownership = ownership_at(work, device_id, work.now)
    if ownership is None:
        if work.actor.is_operator:
            raise Conflict(Sentence("This device belongs to nobody at present, so there is nobody to plan it with."))
        raise Forbidden(Permission.MAINTENANCE_PLAN.value, MemberRole.CUSTOMER_ADMIN.value)
    right = Permission.MAINTENANCE_PLAN
    require_right(work, right, Right.MANAGE, device_id, ownership.organisation_id, work.now)
    return _plan(work, ownership.organisation_id, [ownership], plan)


def plan_on_group(work: Work, group_id: UUID, plan: Plan) -> WorkSeen:
    """Plan work on the machines that are in a group now; what joins it later is not planned on.

    Raises: NotFound, Forbidden, Invalid with pointers.
    """
    group = group_for(work, group_id)
    require(work.actor, Permission.MAINTENANCE_PLAN, group.organisation_id)
    devices = list(device_ids_of_group(work, group))
    return _plan(work, group.organisation_id, _owned(work, group.organisation_id, devices), plan)


def plan_on_organisation(work: Work, organisation_id: UUID, plan: Plan) -> WorkSeen:
    """Plan work on every machine that an organisation has now, as far as the actor may see them.

    Raises: NotFound, Forbidden, Invalid with pointers.
    """
    row = organisation_for(work, organisation_id)
    require(work.actor, Permission.MAINTENANCE_PLAN, row.id)
    seen = select(Device.id).where(present_devices(work.actor, work.now))
    return _plan(work, row.id, _owned(work, row.id, list(work.session.scalars(seen))), plan)


def move_work(work: Work, work_id: UUID, from_at: datetime, to_at: datetime) -> WorkSeen:
    """Give planned work another time; a visit waits for the other side again. What has begun keeps its beginning.

    Raises: NotFound, Forbidden, IllegalTransition, Invalid with pointers.
    """
    seen = _changing(work, work_id, WorkState.MOVED)
    row = seen.row
    has_begun = row.from_at <= work.now
    if has_begun and from_at != row.from_at:
        raise Invalid.field("/from", Sentence("stays as it is: the work has begun"))
    _check_time(work, from_at, to_at, earliest=row.from_at if has_begun else work.now - TOLERANCE)
    if (from_at, to_at) == (row.from_at, row.to_at):
        return seen
    _refuse_overlap(work, row.organisation_id, seen.device_ids, from_at, to_at, row.id)
    if not has_begun:
        row.was_from_at, row.was_to_at = row.from_at, row.to_at
        row.state, row.proposed_by = WorkState.MOVED.value, side_of(work).value
    row.from_at, row.to_at = from_at, to_at
    return _done(work, row, "maintenance.moved", WorkMoved)


def confirm_visit(work: Work, work_id: UUID) -> WorkSeen:
    """Agree to the time of a visit that the other side proposed.

    Raises: NotFound, Forbidden, IllegalTransition, OwnProposal.
    """
    row = _changing(work, work_id, WorkState.CONFIRMED).row
    if row.kind != WorkKind.VISIT or row.state == WorkState.CONFIRMED:
        raise IllegalTransition(row.state, WorkState.CONFIRMED)
    if row.proposed_by == side_of(work):
        raise OwnProposal(Sentence("The other side confirms it: you proposed this time."))
    row.state = WorkState.CONFIRMED.value
    return _done(work, row, "maintenance.confirmed", VisitConfirmed)


def finish_work(work: Work, work_id: UUID) -> WorkSeen:
    """Say that planned work is done; what was planned of its time beyond now is free again.

    Raises: NotFound, Forbidden, IllegalTransition for what has not begun.
    """
    row = _changing(work, work_id, WorkState.DONE).row
    if row.from_at >= work.now:
        raise IllegalTransition(row.state, WorkState.DONE)
    row.state, row.to_at = WorkState.DONE.value, min(row.to_at, work.now)
    return _done(work, row, "maintenance.finished", WorkFinished)


def cancel_work(work: Work, work_id: UUID) -> WorkSeen:
    """Call planned work off before it begins; afterwards it is only finished, since its time has counted.

    Raises: NotFound, Forbidden, IllegalTransition.
    """
    row = _changing(work, work_id, WorkState.CANCELLED).row
    if row.from_at <= work.now:
        raise IllegalTransition(row.state, WorkState.CANCELLED)
    row.state = WorkState.CANCELLED.value
    return _done(work, row, "maintenance.cancelled", WorkCancelled)


def _plan(work: Work, organisation_id: UUID, owned: Sequence[Ownership], plan: Plan) -> WorkSeen:
    faults = Faults()
    title = faults.line("/title", plan.title, most=TITLE_CHARACTERS)
    faults.close()
    _check_time(work, plan.from_at, plan.to_at, earliest=work.now - TOLERANCE)
    if not owned:
        raise Conflict(Sentence("There is no machine here to plan work on."))
    devices = [one.device_id for one in owned]
    _check_services(work, devices, plan.services)
    _refuse_overlap(work, organisation_id, devices, plan.from_at, plan.to_at, None)
    row = PlannedWork(
        organisation_id=organisation_id,
        kind=plan.kind.value,
        title=title,
        from_at=plan.from_at,
        to_at=plan.to_at,
        state=WorkState.PLANNED.value,
        proposed_by=side_of(work).value,
        planned_by=work.actor.person_id,
        created_at=work.now,
        services=list(dict.fromkeys(plan.services)),
    )
    # Who manages a machine for its owner has no row of the owner's before this one.
    with beyond_walls(work):
        work.session.add(row)
        work.session.flush()
        named = {"organisation_id": organisation_id, "work_id": row.id}
        work.session.add_all(PlannedDevice(**named, device_id=one.device_id, ownership_id=one.id) for one in owned)
    return _done(work, row, "maintenance.planned", WorkPlanned)


def _owned(work: Work, organisation_id: UUID, device_ids: Sequence[UUID]) -> Sequence[Ownership]:
    query = select(Ownership).where(Ownership.organisation_id == organisation_id, owned_at(work.now))
    return [row for row in work.session.scalars(query) if row.device_id in set(device_ids)]


def _changing(work: Work, work_id: UUID, wanted: WorkState) -> WorkSeen:
    """Return planned work that is still ahead or running, locked, for who may change it.

    Raises: NotFound, Forbidden, IllegalTransition.
    """
    seen = work_for(work, work_id)
    if not may_plan(work, seen):
        raise Forbidden(Permission.MAINTENANCE_PLAN.value, MemberRole.CUSTOMER_ADMIN.value)
    row = seen.row
    work.session.refresh(row, with_for_update=True)
    if row.state not in AHEAD or (row.to_at <= work.now and wanted is not WorkState.DONE):
        raise IllegalTransition(row.state, wanted)
    return seen


def _check_time(work: Work, from_at: datetime, to_at: datetime, *, earliest: datetime) -> None:
    """Refuse a time that runs backwards, lies behind, or is none that anybody plans. Raises: Invalid."""
    faults = Faults()
    if from_at < earliest:
        faults.note("/from", Sentence("must not lie behind: what has been cannot be planned any more"))
    elif from_at > work.now + FARTHEST_AHEAD:
        faults.note("/from", Sentence("must lie within the next two years"))
    if to_at <= from_at:
        faults.note("/to", Sentence("must be later than the beginning"))
    elif to_at <= work.now:
        faults.note("/to", Sentence("must lie ahead"))
    elif to_at - from_at > LONGEST_WORK:
        faults.note("/to", Sentence("must be within %(days)s days of the beginning", days=LONGEST_WORK.days))
    faults.close()


def _check_services(work: Work, device_ids: Sequence[UUID], services: Sequence[str]) -> None:
    """Refuse a service that no counter of any of the machines calls for. Raises: Invalid."""
    if not services:
        return
    known = {rule.code for rules in counters_of(work, device_ids).values() for rule in rules}
    missing = next((code for code in services if code not in known), None)
    if missing is not None:
        raise Invalid.field("/services", Sentence("“%(code)s” is no counter of these machines", code=missing))


def _refuse_overlap(
    work: Work, organisation_id: UUID, device_ids: Iterable[UUID], from_at: datetime, to_at: datetime, but: UUID | None
) -> None:
    """Refuse work where there is some already; on PostgreSQL the machines' owners are locked meanwhile.

    Raises: Invalid.
    """
    wanted = list(device_ids)
    mine = (Ownership.organisation_id == organisation_id, Ownership.device_id.in_(wanted), owned_at(work.now))
    work.session.scalars(select(Ownership.id).where(*mine).order_by(Ownership.id).with_for_update()).all()
    query = (
        select(PlannedWork.title)
        .join(
            PlannedDevice,
            (PlannedDevice.organisation_id == PlannedWork.organisation_id) & (PlannedDevice.work_id == PlannedWork.id),
        )
        .where(visible_works(work.actor, work.now), PlannedWork.state != WorkState.CANCELLED)
        .where(PlannedWork.organisation_id == organisation_id, PlannedDevice.device_id.in_(wanted))
        .where(PlannedWork.from_at < to_at, PlannedWork.to_at > from_at)
    )
    if but is not None:
        query = query.where(PlannedWork.id != but)
    title = work.session.scalar(query.limit(1))
    if title is not None:
        raise Invalid.field("/from", Sentence("meets other planned work: “%(title)s”", title=title))


def _done(work: Work, row: PlannedWork, act: str, fact: type[WorkTouched]) -> WorkSeen:
    work.session.flush()
    record_act(work, act, "maintenance", row.id, organisation_id=row.organisation_id, kind=row.kind)
    work.emit(fact(organisation_id=row.organisation_id, work_id=row.id, at=work.now))
    return work_for(work, row.id)
