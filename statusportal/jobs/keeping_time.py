"""The status job: follow what was stored, let fall due what falls due, ask whether it is over, sleep until the next."""

from collections.abc import Callable

from statusportal.access.actor import SYSTEM
from statusportal.answers import fixing
from statusportal.answers.queries import earliest_fix_due
from statusportal.conditions.settling import MOST_AT_ONCE, confirm_due, earliest_confirmation
from statusportal.jobs.metrics import EXPIRY_FAILURES
from statusportal.passage.service import MOST_TOLD, expire, expire_due, fall_due
from statusportal.passage.setting_aside import isolate
from statusportal.status.queries import earliest_due
from statusportal.work import Works, error_of

LONGEST_SLEEP_S = 1.0

Follow = Callable[[Works], int]


def status_round(works: Works, follow: Follow) -> float:
    """Bring statuses up to now, and return how many seconds nothing falls due; at most one."""
    is_behind = True
    while is_behind:  # turn by turn: neither a flood of samples nor a fleet that falls silent holds up the other
        followed = follow(works)
        looked_at = _expire(works) if _seconds_to_due(works) <= 0 else 0
        is_behind = followed > 0 or looked_at >= MOST_TOLD
    while _is_confirmation_due(works) and _confirm(works) == MOST_AT_ONCE:
        follow(works)
    while _is_fix_due(works) and _confirm_fixes(works) == fixing.MOST_AT_ONCE:
        follow(works)
    return min(LONGEST_SLEEP_S, max(0.0, _seconds_to_due(works)))


def _expire(works: Works) -> int:
    """Let fall due what is due; an error in one device sets that one aside, and the others come with the next round."""
    looked_at: list[int] = []

    def expire_some() -> None:
        with works.writing(SYSTEM) as work:
            looked_at.append(expire_due(work))

    error = error_of(expire_some)
    if error is None:
        return looked_at[-1]
    with works.reading(SYSTEM) as work:
        due = fall_due(work)
    EXPIRY_FAILURES.inc(len(isolate(works, error, due, expire)))
    return len(due)


def _is_confirmation_due(works: Works) -> bool:
    with works.reading(SYSTEM) as work:
        due = earliest_confirmation(work)
        return due is not None and due <= work.now


def _confirm(works: Works) -> int:
    with works.writing(SYSTEM) as work:
        return confirm_due(work)


def _is_fix_due(works: Works) -> bool:
    with works.reading(SYSTEM) as work:
        due = earliest_fix_due(work)
        return due is not None and due <= work.now


def _confirm_fixes(works: Works) -> int:
    with works.writing(SYSTEM) as work:
        return fixing.confirm_fixes(work)


def _seconds_to_due(works: Works) -> float:
    with works.reading(SYSTEM) as work:
        due = earliest_due(work)
        return LONGEST_SLEEP_S if due is None else (due - work.now).total_seconds()
