"""Taking bytes off the disk that no row names any more, after that was committed."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from statusportal.access.actor import SYSTEM
from statusportal.attachments.blobs import blob_store
from statusportal.enclosures.queries import named_among
from statusportal.work import Works

# The name under which the outbox knows this listener.
BLOBS: Final = "enclosures.blobs"
# A file is written before its row: what is younger may still get one.
_ORPHANED_AFTER = timedelta(hours=1)
_AT_ONCE = 400


def discard_blobs(works: Works, payload: Mapping[str, Any]) -> None:
    """Remove the bytes of rows that went, once more or again: what is gone is passed over."""
    keys: Sequence[str] = payload["storage_keys"]
    blob_store(works.settings).discard(keys)


def discard_orphans(works: Works) -> int:
    """Remove files that never got a row, or whose row went without a word, and return how many."""
    store = blob_store(works.settings)
    old, count = list(store.keys_before(works.clock.now() - _ORPHANED_AFTER)), 0
    for start in range(0, len(old), _AT_ONCE):
        keys = old[start : start + _AT_ONCE]
        with works.reading(SYSTEM) as work:
            orphans = set(keys) - set(named_among(work, keys))
        store.discard(orphans)
        count += len(orphans)
    return count
