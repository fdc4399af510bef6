"""What was planned on the demo's machines: one visit that is done, some that lie ahead, and a window.

Times are whole hours of the owner's day, so that the calendar reads as a person would have filled it.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from statusportal.cli.demo_fleet.saying import Act
from statusportal.cli.demo_fleet.world import World, actor_named
from statusportal.maintenance.planning import (
    Plan,
    confirm_visit,
    finish_work,
    move_work,
    plan_on_device,
    plan_on_organisation,
)
from statusportal.maintenance.vocabulary import WorkKind
from statusportal.work import Works

_OWNER: Final = "engdal-mejeri"
_ZONE: Final = ZoneInfo("Europe/Copenhagen")
_DONE: Final = "BR37-1377"
_AGO: Final = 16


def work_done(world: World, now: datetime) -> Iterator[Act]:
    """Give the acts of a visit of some days ago: proposed, confirmed, done earlier than planned."""
    begins, ends = _at(now, -_AGO, 8), _at(now, -_AGO, 12)
    visits: list[UUID] = []

    def propose(works: Works) -> None:
        with works.writing(actor_named(works, world, "jonas")) as work:
            plan = Plan(WorkKind.VISIT, "Yearly service", begins, ends)
            visits.append(plan_on_device(work, world.devices[_DONE], plan).row.id)

    yield Act(_at(now, -_AGO - 4, 10), propose)
    yield Act(_at(now, -_AGO - 3, 9), partial(_confirm, world=world, visits=visits))
    yield Act(_at(now, -_AGO, 11), partial(_finish, world=world, visits=visits))


def plan_ahead(works: Works, world: World) -> None:
    """Plan a visit that is confirmed, one that waits for an answer, one that was moved, and a window for all."""
    now = works.clock.now()
    with works.writing(actor_named(works, world, "jonas")) as work:
        oil = Plan(WorkKind.VISIT, "Oil filter", _at(now, 6, 10), _at(now, 6, 11))
        filters = Plan(WorkKind.VISIT, "Inlet filter", _at(now, 2, 9), _at(now, 2, 10))
        battery = Plan(WorkKind.VISIT, "New battery", _at(now, 3, 8), _at(now, 3, 10))
        confirmed = plan_on_device(work, world.devices["BR37-2210"], oil).row.id
        plan_on_device(work, world.devices["AM3-20391"], filters)
        moved = plan_on_device(work, world.devices["VG20-1187"], battery).row.id
    with works.writing(actor_named(works, world, "soren")) as work:
        confirm_visit(work, confirmed)
        move_work(work, moved, _at(now, 4, 8), _at(now, 4, 10))
        power = Plan(WorkKind.WINDOW, "The power is off", _at(now, 9, 7), _at(now, 9, 12))
        plan_on_organisation(work, world.organisations[_OWNER], power)
    with works.writing(actor_named(works, world, "jonas")) as work:
        confirm_visit(work, moved)


def _confirm(works: Works, world: World, visits: list[UUID]) -> None:
    with works.writing(actor_named(works, world, "soren")) as work:
        confirm_visit(work, visits[0])


def _finish(works: Works, world: World, visits: list[UUID]) -> None:
    with works.writing(actor_named(works, world, "jonas")) as work:
        finish_work(work, visits[0])


def _at(now: datetime, days: int, hour: int) -> datetime:
    return datetime.combine(now.astimezone(_ZONE).date() + timedelta(days=days), time(hour), _ZONE)
