"""The clearing job: files that no row names, once an hour."""

import structlog

from statusportal.enclosures.clearing import discard_orphans
from statusportal.work import Works

log = structlog.get_logger()

PAUSE_S = 3_600.0


def clear_round(works: Works) -> float:
    """Remove what nobody can open any more, and return how long to wait."""
    count = discard_orphans(works)
    if count:
        log.info("files that nobody could open are gone", count=count)
    return PAUSE_S
