"""The clearing job: files of drafts that nobody sent, and those that no row names, once an hour."""

import structlog

from statusportal.access.actor import SYSTEM
from statusportal.enclosures.clearing import discard_orphans
from statusportal.enclosures.service import drop_forgotten
from statusportal.work import Works

log = structlog.get_logger()

PAUSE_S = 3_600.0


def clear_round(works: Works) -> float:
    """Remove what nobody can open any more, and return how long to wait."""
    with works.writing(SYSTEM) as work:
        drop_forgotten(work)
    count = discard_orphans(works)
    if count:
        log.info("files that nobody could open are gone", count=count)
    return PAUSE_S
