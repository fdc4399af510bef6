"""Reading a stretch of a thread: from one comment on, or up to one, with what stands above its first line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from statusportal.discussion.models import Comment
from statusportal.discussion.queries import (
    SPEAKERS,
    comments_at,
    in_thread,
    places_of,
    spoken,
)
from statusportal.discussion.tree import paths_above
from statusportal.discussion.vocabulary import CommentKind, CommentState, ThreadSort
from statusportal.entries.models import StatusEntry
from statusportal.entries.vocabulary import Audience
from statusportal.threads.vocabulary import AT_ONCE, Place
from statusportal.work import Work

_MOST_UPDATES: Final = 20


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is read at once. Shape: `above` are the comments over the first line that are not in it, the root first.

    `until_id` leads to what stands before, `from_id` to what follows; each is None at its end of the thread.
    """

    lines: Sequence[Comment]
    above: Sequence[Comment] = ()
    until_id: UUID | None = None
    from_id: UUID | None = None


def stretch_of(work: Work, entry: StatusEntry, sort: ThreadSort, place: Place, helpful: Mapping[UUID, int]) -> Stretch:
    """Read a stretch of an entry that was found visible. A place that is not the reader's to see is the beginning."""
    path, is_end = _path_of(work, entry, place)
    if sort is ThreadSort.OLDEST:
        rows, is_first = _upwards(work, entry, path) if is_end and path else _downwards(work, entry, path)
    else:
        rows, is_first = _among(work, entry, places_of(work, entry, sort, helpful), path, is_end=is_end)
    shown = rows[:AT_ONCE]
    there = {one.path for one in shown}
    missing = [one for one in paths_above(shown[0].path) if one not in there] if shown else []
    return Stretch(
        shown,
        comments_at(work, entry, missing),
        None if is_first or not shown else shown[0].id,
        rows[AT_ONCE].id if len(rows) > AT_ONCE else None,
    )


def new_since(work: Work, entry: StatusEntry, moment: datetime) -> int:
    """Count what others said in a thread after a moment. Without a word since then nothing is asked."""
    is_quiet = entry.last_word_at is None or entry.last_word_at <= moment
    if is_quiet and not work.actor.is_operator:
        return 0
    query = select(func.count()).select_from(Comment).where(in_thread(work, entry), *_new(work, moment))
    return work.session.scalar(query) or 0


def updates_of(work: Work, entry: StatusEntry) -> Sequence[Comment]:
    """Return the newest official updates that are not staff's alone, the newest first."""
    is_official = (Comment.kind == CommentKind.UPDATE, Comment.state == CommentState.VISIBLE)
    query = (
        select(Comment)
        .where(in_thread(work, entry), *is_official, Comment.audience != Audience.INTERNAL)
        .options(*SPEAKERS)
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(_MOST_UPDATES)
    )
    return work.session.scalars(query).all()


def _new(work: Work, moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return (*spoken(), Comment.author_id.is_distinct_from(work.actor.person_id), Comment.created_at > moment)


def _path_of(work: Work, entry: StatusEntry, place: Place) -> tuple[str | None, bool]:
    """Return the path of a place, and whether it is the end of what is wanted."""
    wanted = place.until_id or place.from_id
    query = select(func.min(Comment.path)).where(in_thread(work, entry))
    if wanted is not None:
        return work.session.scalar(query.where(Comment.id == wanted)), place.until_id is not None
    if place.new_since is not None:
        return work.session.scalar(query.where(*_new(work, place.new_since))), False
    return None, False


def _downwards(work: Work, entry: StatusEntry, path: str | None) -> tuple[Sequence[Comment], bool]:
    """Read on from a place. What fits on the first page with all before it is shown from the beginning."""
    query = select(Comment).where(in_thread(work, entry)).options(*SPEAKERS)
    before = select(Comment.id).where(in_thread(work, entry), Comment.path < (path or "")).limit(AT_ONCE).subquery()
    count = work.session.scalar(select(func.count()).select_from(before)) if path else 0
    is_first = count is None or count < AT_ONCE
    if not is_first:
        query = query.where(Comment.path >= path)
    return work.session.scalars(query.order_by(Comment.path).limit(AT_ONCE + 1)).all(), is_first


def _upwards(work: Work, entry: StatusEntry, path: str) -> tuple[Sequence[Comment], bool]:
    """Read what stands right before a place, and that place behind it to lead back."""
    query = select(Comment).where(in_thread(work, entry), Comment.path <= path).options(*SPEAKERS)
    rows = work.session.scalars(query.order_by(Comment.path.desc()).limit(AT_ONCE + 2)).all()
    if len(rows) <= AT_ONCE:
        return _downwards(work, entry, None)
    return rows[::-1][-AT_ONCE - 1 :], len(rows) < AT_ONCE + 2


def _among(
    work: Work, entry: StatusEntry, paths: Sequence[str], path: str | None, *, is_end: bool
) -> tuple[Sequence[Comment], bool]:
    """Read a stretch out of an order that was made in memory."""
    at = paths.index(path) if path in paths else 0
    begin = max(0, at - AT_ONCE) if is_end else at if at >= AT_ONCE else 0
    return comments_at(work, entry, paths[begin : begin + AT_ONCE + 1]), begin == 0
