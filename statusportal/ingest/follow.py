"""The second of the two steps: follow. Derivation reads the journal behind a durable cursor.

State, entries and cursor commit together, so that a kill at any moment leaves either all of a piece or none of it.
One lease holder runs this; a second that runs it all the same waits for the first, and finds nothing left to do.
"""

from collections.abc import Sequence
from uuid import UUID

from statusportal.access.actor import SYSTEM
from statusportal.forwarding.queueing import queue_samples
from statusportal.ingest.metrics import FOLLOW_FAILURES, note_followed
from statusportal.passage.service import follow_samples
from statusportal.passage.setting_aside import isolate
from statusportal.status.vocabulary import FOLLOWER
from statusportal.telemetry.store.opening import sample_reader
from statusportal.telemetry.store.port import News
from statusportal.work import Work, Works, error_of

COMMITS_AT_ONCE = 100


def follow_once(works: Works) -> int:
    """Derive one piece of the journal and return how many arrivals it held; 0 when all was followed.

    An error in the derivation of one device sets that one aside, and the others are followed.
    """
    followed: list[News] = []
    error = error_of(lambda: followed.append(_follow(works)))
    if error is not None:
        _isolate(works, error)
        followed.append(_follow(works))
    news = followed[0]
    note_followed(news, works.clock.now())
    return len(news.arrivals)


def _follow(works: Works) -> News:
    with works.writing(SYSTEM) as work:
        reader = sample_reader()
        reader.hold_cursor(work, FOLLOWER)
        news = reader.journal_after(work, FOLLOWER, COMMITS_AT_ONCE)
        follow_samples(work, news.arrivals)
        queue_samples(work, news.arrivals)
        reader.move_cursor(work, FOLLOWER, news.upto)
    return news


def _isolate(works: Works, error: Exception) -> None:
    with works.reading(SYSTEM) as work:
        arrivals = sample_reader().journal_after(work, FOLLOWER, COMMITS_AT_ONCE).arrivals

    def follow_some(work: Work, device_ids: Sequence[UUID]) -> None:
        some = set(device_ids)
        follow_samples(work, [one for one in arrivals if one.device_id in some])

    device_ids = sorted({one.device_id for one in arrivals})
    FOLLOW_FAILURES.inc(len(isolate(works, error, device_ids, follow_some)))
