"""The journal: what each group commit newly stored, for those who follow.

Each writer counts its own commits, so writers never wait for each other; a follower keeps one cursor a writer. A
writer commits in the order it counts, so nothing can appear behind a cursor.
"""

from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, delete, exists, func, select, text

from statusportal.telemetry.models import JournalCursor, JournalEntry
from statusportal.telemetry.store.port import Arrival, Followed, News
from statusportal.work import Work

_DECODER = msgspec.msgpack.Decoder(list[Arrival])
_REACHED = func.coalesce(JournalCursor.sequence, -1)


def hold(work: Work, follower: str) -> None:
    """Keep others from following under the same name until this work commits; SQLite has one writer anyway."""
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"follow {follower}"})


def news_after(work: Work, follower: str, limit: int) -> News:
    """Read at most about `limit` commits that the follower has not seen, each writer's in order."""
    writers = _writers_ahead(work, follower)
    entries: list[JournalEntry] = []
    for writer, reached in writers.items():
        query = (
            select(JournalEntry)
            .where(JournalEntry.writer == writer, JournalEntry.sequence > reached)
            .order_by(JournalEntry.sequence)
            .limit(max(1, limit // len(writers)))
        )
        entries += work.session.scalars(query)
    upto = {entry.writer: entry.sequence for entry in entries}
    entries.sort(key=lambda entry: entry.committed_at)
    return News([arrival for entry in entries for arrival in _DECODER.decode(entry.body)], upto)


def oldest_waiting_ms(work: Work, follower: str) -> int | None:
    """Return when the oldest batch that the follower has not seen arrived, or None when it has seen all."""
    news = news_after(work, follower, 1)
    return min((arrival.arrived_at_ms for arrival in news.arrivals), default=None)


def count_waiting(work: Work, follower: str) -> int:
    """Count the commits that the follower has not seen."""
    query = (
        select(func.count())
        .select_from(JournalEntry)
        .outerjoin(JournalCursor, _cursor_of(follower))
        .where(JournalEntry.sequence > _REACHED)
    )
    return work.session.scalar(query) or 0


def move_cursor(work: Work, follower: str, upto: Followed) -> None:
    """Set the cursor of each writer named."""
    for writer, sequence in upto.items():
        cursor = work.session.get(JournalCursor, (follower, writer))
        if cursor is None:
            work.session.add(JournalCursor(follower=follower, writer=writer, sequence=sequence))
        else:
            cursor.sequence = sequence
    work.session.flush()


def trim(work: Work) -> int:
    """Delete the commits that all followers have seen, and the cursors of writers that left none.

    A writer of which no follower has seen anything is kept whole.
    """
    seen_by_all = (
        select(func.min(JournalCursor.sequence)).where(JournalCursor.writer == JournalEntry.writer).scalar_subquery()
    )
    gone = work.session.execute(delete(JournalEntry).where(JournalEntry.sequence <= seen_by_all))
    left = exists().where(JournalEntry.writer == JournalCursor.writer)
    work.session.execute(delete(JournalCursor).where(~left))
    return int(getattr(gone, "rowcount", 0))


def _cursor_of(follower: str) -> ColumnElement[bool]:
    return and_(JournalCursor.writer == JournalEntry.writer, JournalCursor.follower == follower)


def _writers_ahead(work: Work, follower: str) -> dict[UUID, int]:
    """Return the writers that have unseen commits, with the last sequence seen of each."""
    query = (
        select(JournalEntry.writer, _REACHED)
        .outerjoin(JournalCursor, _cursor_of(follower))
        .where(JournalEntry.sequence > _REACHED)
        .distinct()
    )
    return dict(iter(work.session.execute(query)))
