"""The retention job: each kind once a day, in batches that hold nobody up, and then the proof."""

from statusportal.access.actor import SYSTEM
from statusportal.retention.deleting import delete_batch, due_until, note_run
from statusportal.retention.vocabulary import Kept
from statusportal.work import Works

PAUSE_S = 60.0


def retention_round(works: Works) -> float:
    """Delete what is due of every kind, and return how long to wait."""
    for kind in Kept:
        with works.reading(SYSTEM) as work:
            until_at = due_until(work, kind)
        if until_at is None:
            continue
        deleted = 0
        while True:
            with works.writing(SYSTEM) as work:
                count = delete_batch(work, kind, until_at)
                if count == 0:
                    note_run(work, kind, until_at, deleted)
                    break
            deleted += count
    return PAUSE_S
