"""The jobs of the audit log: one links what was committed within a second, one walks the whole chain once a day."""

from datetime import timedelta
from itertools import islice
from pathlib import Path

import structlog

from statusportal.access.actor import SYSTEM
from statusportal.audit.linking import MOST_AT_ONCE, link_waiting, record_check
from statusportal.audit.proving import breaches_of_log, count_waiting, digest_at, head_of, last_check
from statusportal.audit.sealing import read_head, write_head
from statusportal.jobs.metrics import AUDIT_BREACHES, AUDIT_LINKED, AUDIT_WAITING
from statusportal.work import Works

log = structlog.get_logger()

LINK_PAUSE_S = 0.5
_CHECK_PAUSE_S = 60.0
_CHECK_EVERY = timedelta(days=1)
_MOST_NAMED = 20


def link_round(works: Works) -> float:
    """Link what waits, keep the head's copy, and return how long to wait."""
    while _is_anything_waiting(works):
        with works.writing(SYSTEM) as work:
            linked = link_waiting(work)
        if linked < MOST_AT_ONCE:
            break
    keep_head(works)
    return LINK_PAUSE_S


def keep_head(works: Works) -> None:
    """Bring the copy in the data folder up to the database's head, but never over one that proves a cut.

    A copy that is ahead of the chain, or names another link than the chain has, stays for the check to find.
    """
    folder = Path(works.settings.instance_dir)
    with works.reading(SYSTEM) as work:
        head, copy = head_of(work), read_head(folder)
        if head is None or copy == head:
            return
        is_behind = copy is None or digest_at(work, copy.position) == copy.digest
    if is_behind:
        write_head(folder, head)
    AUDIT_LINKED.set(head.position)


def check_round(works: Works) -> float:
    """Walk the chain if it was not walked for a day, log what is wrong, and return how long to wait."""
    with works.reading(SYSTEM) as work:
        last, head = last_check(work), head_of(work)
        if head is None or (last is not None and work.now - last.at < _CHECK_EVERY):
            return _CHECK_PAUSE_S
        found = list(islice(breaches_of_log(work), _MOST_NAMED))
    with works.writing(SYSTEM) as work:
        record_check(work, head.position, len(found))
    AUDIT_BREACHES.set(len(found))
    if found:
        log.error("audit.broken", breaches=[str(one) for one in found])
    return _CHECK_PAUSE_S


def _is_anything_waiting(works: Works) -> bool:
    with works.reading(SYSTEM) as work:
        waiting = count_waiting(work)
    AUDIT_WAITING.set(waiting)
    return waiting > 0
