"""A step of the portal's own clock: silence is counted in time that really went by, and history stays as told.

When the clock is set, or the machine that the portal runs on slept, nobody was silent for the time that it skips. So
what was heard last, and all that falls due by the clock, moves along; what was told keeps its times.

Source: docs/adr/0044-no-device-stops-another.md.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update

from statusportal.db.base import Base
from statusportal.status.models import Condition, DeviceStatus
from statusportal.work import Work

_STATUS = Base.metadata.tables[DeviceStatus.__tablename__]
_BY_CLOCK = ("heard_at", "arrived_at", "due_at", "correct_at")
_OF_DEVICE = _STATUS.c.device_id == bindparam("of_device")
_MOVE = update(_STATUS).where(_OF_DEVICE).values({name: bindparam(name) for name in _BY_CLOCK})
_MOVE_RULES = update(_STATUS).where(_OF_DEVICE).values(memory=bindparam("memory"))


def newest_heard(work: Work) -> datetime | None:
    """Return when any device was heard last, by the clock as it went then."""
    return work.session.scalar(select(func.max(DeviceStatus.heard_at)))


def step_clock(work: Work, by: timedelta) -> None:
    """Move along what devices are waited for by; backward where `by` is negative.

    One transaction, however large the fleet: half of one moved would be the worst of both.
    """
    session, by_ms = work.session, by // timedelta(milliseconds=1)
    rows = select(_STATUS.c.device_id, *(_STATUS.c[name] for name in _BY_CLOCK)).where(_STATUS.c.heard_at.is_not(None))
    moved = [
        {"of_device": row.device_id, **{name: at and at + by for name, at in zip(_BY_CLOCK, row[1:], strict=True)}}
        for row in session.execute(rows.with_for_update())
    ]
    pending = update(Condition).where(Condition.due_ms.is_not(None)).values(due_ms=Condition.due_ms + by_ms)
    waiting = select(_STATUS.c.device_id, _STATUS.c.memory).where(_STATUS.c.memory["due_ms"].as_string().is_not(None))
    rules = [
        {"of_device": device_id, "memory": {**memory, "due_ms": memory["due_ms"] + by_ms}}
        for device_id, memory in session.execute(waiting)
    ]
    session.execute(pending, execution_options={"synchronize_session": False})
    connection = session.connection()
    for statement, changes in ((_MOVE, moved), (_MOVE_RULES, rules)):
        if changes:
            connection.execute(statement, changes)
