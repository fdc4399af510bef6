"""The second of the two steps: follow. Derivation reads the journal behind a durable cursor.

State, entries and cursor commit together, so that a kill at any moment leaves either all of a piece or none of it.
One lease holder runs this; a second that runs it all the same waits for the first, and finds nothing left to do.
"""

from statusportal.access.actor import SYSTEM
from statusportal.forwarding.queueing import queue_samples
from statusportal.ingest.metrics import note_followed
from statusportal.passage.service import follow_samples
from statusportal.status.vocabulary import FOLLOWER
from statusportal.telemetry.store.opening import sample_reader
from statusportal.work import Works

COMMITS_AT_ONCE = 100


def follow_once(works: Works) -> int:
    """Derive one piece of the journal and return how many arrivals it held; 0 when all was followed."""
    with works.writing(SYSTEM) as work:
        reader = sample_reader()
        reader.hold_cursor(work, FOLLOWER)
        news = reader.journal_after(work, FOLLOWER, COMMITS_AT_ONCE)
        follow_samples(work, news.arrivals)
        queue_samples(work, news.arrivals)
        reader.move_cursor(work, FOLLOWER, news.upto)
    note_followed(news, works.clock.now())
    return len(news.arrivals)
