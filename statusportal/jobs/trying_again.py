"""Trying again what was set aside, and telling long histories again: in slices that hold up nobody.

Each device is heard in works of its own that write nothing, and only the end is a transaction. An error in one is
logged with its device, and the next is tried.
"""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import structlog

from statusportal.access.actor import SYSTEM
from statusportal.jobs.metrics import DEVICES_SET_ASIDE
from statusportal.passage.correcting import (
    MOST_SAMPLES,
    MOST_SAMPLES_LONG,
    begin_long,
    drop_long,
    end_long,
    long_ones,
)
from statusportal.passage.retracing import Retracing, hear_on
from statusportal.passage.setting_aside import (
    begin_to_resume,
    count_aside,
    due_for_retry,
    note_failed_again,
    resume,
    retry_all_now,
)
from statusportal.work import Work, Works, error_of

PAUSE_S = 1.0
_AT_ONCE = 20

log = structlog.get_logger()


def fresh_start(works: Works) -> Callable[[], float]:
    """Return the rounds of a portal that has just started: its first tries again whatever another was stopped by."""
    rounds = iter([first_round])
    return lambda: next(rounds, retry_round)(works)


def first_round(works: Works) -> float:
    """Try again all that is set aside: this version of the portal may know better."""
    with works.writing(SYSTEM) as work:
        retry_all_now(work)
    return retry_round(works)


def retry_round(works: Works) -> float:
    """Try again what is due, and return how long to wait."""
    with works.reading(SYSTEM) as work:
        due = due_for_retry(work, _AT_ONCE)
    for device_id in due:
        error = error_of(partial(_resume, works, device_id))
        if error is not None:
            with works.writing(SYSTEM) as work:
                note_failed_again(work, device_id, error)
    with works.reading(SYSTEM) as work:
        DEVICES_SET_ASIDE.set(count_aside(work))
    return 0.0 if len(due) == _AT_ONCE else PAUSE_S


def correction_round(works: Works) -> float:
    """Tell one long history again, and return how long to wait for the next."""
    with works.reading(SYSTEM) as work:
        waiting = long_ones(work, 1)
    for device_id in waiting:
        error = error_of(partial(_tell_again, works, device_id))
        if error is not None:
            log.error("history cannot be told again", device=str(device_id), exc_info=error)
            with works.writing(SYSTEM) as work:
                drop_long(work, device_id)
    return 0.0 if waiting else PAUSE_S


def _resume(works: Works, device_id: UUID) -> None:
    with works.writing(SYSTEM) as work:
        retracing = begin_to_resume(work, device_id)
    if retracing is not None:
        _hear_slices(works, retracing)
        _end(works, resume, retracing)


def _tell_again(works: Works, device_id: UUID) -> None:
    with works.reading(SYSTEM) as work:
        retracing = begin_long(work, device_id)
    if retracing is None or not _hear_slices(works, retracing):
        with works.writing(SYSTEM) as work:
            drop_long(work, device_id)
    else:
        _end(works, end_long, retracing)


def _hear_slices(works: Works, retracing: Retracing) -> bool:
    """Hear what is stored, and tell whether that was all of it."""
    has_more = True
    while has_more and retracing.heard < MOST_SAMPLES_LONG:
        with works.reading(SYSTEM) as work:
            has_more = hear_on(work, retracing, MOST_SAMPLES)
    return not has_more


def _end(works: Works, end: Callable[[Work, Retracing], None], retracing: Retracing) -> None:
    with works.writing(SYSTEM) as work:
        end(work, retracing)
