"""Reading planned work: what is ahead, what was, and which times it takes out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import Right
from statusportal.accounts.queries import organisations_named
from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.queries import may
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.maintenance.models import PlannedDevice, PlannedWork
from statusportal.maintenance.policy import agreed, visible_works
from statusportal.maintenance.vocabulary import AHEAD, Side, WorkKind
from statusportal.profiles.vocabulary import CounterRule
from statusportal.work import Work, beyond_walls


@dataclass(frozen=True, slots=True)
class WorkSeen:
    """Planned work with the machines of it that the reader may see, and the time zone it is planned in."""

    row: PlannedWork
    device_ids: Sequence[UUID]
    zone: str


def work_for(work: Work, work_id: UUID) -> WorkSeen:
    """Return planned work of which the actor may see a machine.

    Raises: NotFound.
    """
    row = work.session.scalar(_visible(work).where(PlannedWork.id == work_id).limit(1))
    if row is None:
        raise NotFound
    return _seen(work, [row])[0]


def works_page(
    work: Work,
    wanted: Slice,
    device_id: UUID | None = None,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
) -> Page[WorkSeen]:
    """List planned work by its time, that of one machine or of all that the actor may see; in a half-open stretch."""
    query = _visible(work, device_id)
    if from_at is not None:
        query = query.where(PlannedWork.to_at > from_at)
    if to_at is not None:
        query = query.where(PlannedWork.from_at < to_at)
    if position := wanted.position(datetime, UUID):
        query = query.where(tuple_(PlannedWork.from_at, PlannedWork.id) > tuple_(*position))
    rows = work.session.scalars(query.order_by(PlannedWork.from_at, PlannedWork.id).limit(wanted.limit + 1)).all()
    page = page_of(rows, wanted, lambda row: (row.from_at, row.id))
    return Page(_seen(work, page.items), page.next_cursor)


def next_work(work: Work, device_id: UUID) -> WorkSeen | None:
    """Return the planned work on a machine that is running, or else comes next."""
    query = _visible(work, device_id).where(PlannedWork.state.in_(AHEAD), PlannedWork.to_at > work.now)
    row = work.session.scalar(query.order_by(PlannedWork.from_at, PlannedWork.id).limit(1))
    return None if row is None else _seen(work, [row])[0]


def planned_spans(
    work: Work, device_ids: Iterable[UUID], from_ms: int, to_ms_: int
) -> dict[UUID, list[tuple[int, int]]]:
    """Return when work was or is planned on each device, as far as the actor may read: what availability leaves out.

    Shape: half-open, ascending and apart, each inside the ownership it was planned under.
    Units: milliseconds since 1970 UTC.
    """
    wanted = list(device_ids)
    found: dict[UUID, list[tuple[int, int]]] = {device_id: [] for device_id in wanted}
    query = (
        select(PlannedDevice.device_id, PlannedWork.from_at, PlannedWork.to_at, Ownership.to_at)
        .join(PlannedWork, _of_device())
        .join(Ownership, _under())
        .where(visible_works(work.actor, work.now), agreed(), PlannedDevice.device_id.in_(wanted))
        .where(PlannedWork.from_at < _instant(to_ms_), PlannedWork.to_at > _instant(from_ms))
        .order_by(PlannedWork.from_at)
    )
    for device_id, start, end, sold_at in work.session.execute(query):
        last = end if sold_at is None else min(end, sold_at)
        spans = found[device_id]
        if spans and to_ms(start) <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], to_ms(last)))
        elif start < last:
            spans.append((to_ms(start), to_ms(last)))
    return found


def is_planned(work: Work, organisation_id: UUID, device_id: UUID, ownership_id: UUID, at: datetime) -> bool:
    """Tell whether work was planned on a device at an instant, so that what happens then is no news."""
    query = (
        select(PlannedDevice.device_id)
        .join(PlannedWork, _of_device())
        .where(visible_works(work.actor, work.now), agreed())
        .where(PlannedDevice.organisation_id == organisation_id, PlannedDevice.device_id == device_id)
        .where(PlannedDevice.ownership_id == ownership_id, PlannedWork.from_at <= at, PlannedWork.to_at > at)
    )
    return work.session.scalar(query.limit(1)) is not None


def counters_of(work: Work, device_ids: Iterable[UUID]) -> dict[UUID, tuple[CounterRule, ...]]:
    """Return by device the counters that its model has: the services that work on it can be for."""
    query = select(Device.id, Device.model_id).where(Device.id.in_(list(device_ids)))
    models = dict(iter(work.session.execute(query)))
    rules = rules_of(work, list(set(models.values())))
    counters = {model_id: _counters(found) for model_id, found in rules.items()}
    return {device_id: counters[model_id] for device_id, model_id in models.items()}


def _counters(rules: ModelRules) -> tuple[CounterRule, ...]:
    return tuple(rule for rule in rules.rules if isinstance(rule, CounterRule))


def devices_of(work: Work, row: PlannedWork) -> Sequence[PlannedDevice]:
    """List the machines of planned work that the actor may see."""
    query = (
        select(PlannedDevice)
        .join(PlannedWork, _of_device())
        .where(visible_works(work.actor, work.now))
        .where(PlannedWork.organisation_id == row.organisation_id, PlannedWork.id == row.id)
    )
    return work.session.scalars(query.order_by(PlannedDevice.device_id)).all()


def may_plan(work: Work, seen: WorkSeen) -> bool:
    """Tell whether the actor may change planned work: by role, or where it is on one machine alone by MANAGE of it.

    Who does not see each of its machines changes none of it: its silence reaches the others too.
    """
    row, plan = seen.row, Permission.MAINTENANCE_PLAN
    if work.actor.is_operator:
        return actor_holds(work.actor, plan, row.organisation_id)
    if _count_machines(work, row) != len(seen.device_ids):
        return False
    if len(seen.device_ids) == 1:
        return may(work, plan, Right.MANAGE, seen.device_ids[0], row.organisation_id, work.now)
    return work.actor.belongs_to(row.organisation_id) and actor_holds(work.actor, plan, row.organisation_id)


def side_of(work: Work) -> Side:
    """Return for whom the actor speaks."""
    return Side.OPERATOR if work.actor.is_operator else Side.CUSTOMER


def waits_for(work: Work, row: PlannedWork) -> bool:
    """Tell whether a visit waits for the word of the actor's side."""
    is_open = row.kind == WorkKind.VISIT and row.state in ("planned", "moved") and row.to_at > work.now
    return is_open and row.proposed_by != side_of(work)


def _instant(at_ms: int) -> datetime:
    """Return the instant, kept inside what a database can compare."""
    return from_ms(min(max(at_ms, 0), 2**42))


def _count_machines(work: Work, row: PlannedWork) -> int:
    query = select(func.count()).where(
        PlannedDevice.organisation_id == row.organisation_id, PlannedDevice.work_id == row.id
    )
    # Whoever was let at one machine is shown no row of another; only the number leaves this block.
    with beyond_walls(work):
        return work.session.scalar(query) or 0


def _visible(work: Work, device_id: UUID | None = None) -> Select[PlannedWork]:
    query = select(PlannedWork).join(PlannedDevice, _of_device()).where(visible_works(work.actor, work.now)).distinct()
    return query if device_id is None else query.where(PlannedDevice.device_id == device_id)


def _seen(work: Work, rows: Sequence[PlannedWork]) -> list[WorkSeen]:
    named = [(row.organisation_id, row.id) for row in rows]
    query = (
        select(PlannedDevice.work_id, PlannedDevice.device_id)
        .join(PlannedWork, _of_device())
        .where(visible_works(work.actor, work.now))
        .where(tuple_(PlannedDevice.organisation_id, PlannedDevice.work_id).in_(named))
        .order_by(PlannedDevice.device_id)
    )
    devices: dict[UUID, list[UUID]] = {row.id: [] for row in rows}
    for work_id, device_id in work.session.execute(query):
        devices[work_id].append(device_id)
    known = organisations_named(work, [row.organisation_id for row in rows])
    usual = work.settings.default_time_zone
    return [
        WorkSeen(row, devices[row.id], known[row.organisation_id].time_zone if row.organisation_id in known else usual)
        for row in rows
    ]


def _of_device() -> ColumnElement[bool]:
    return and_(PlannedWork.organisation_id == PlannedDevice.organisation_id, PlannedWork.id == PlannedDevice.work_id)


def _under() -> ColumnElement[bool]:
    return and_(
        Ownership.organisation_id == PlannedDevice.organisation_id,
        Ownership.device_id == PlannedDevice.device_id,
        Ownership.id == PlannedDevice.ownership_id,
    )
