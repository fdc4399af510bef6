"""Reading threads. Internal words are in no list and in no count of those who may not read them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from statusportal.accounts.models import Person
from statusportal.discussion.models import Comment, CommentRevision, ReadMark
from statusportal.discussion.policy import entry_of_comment, visible_comments
from statusportal.discussion.tree import ordered
from statusportal.discussion.vocabulary import CommentKind, CommentState, ThreadSort
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import audience_reaches
from statusportal.entries.queries import entry_for
from statusportal.foundation.errors import Forbidden, NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.work import Work

_NOBODYS_HELP: Mapping[UUID, int] = MappingProxyType({})

# Who wrote, and for a guest who let them in.
SPEAKERS = (joinedload(Comment.author), joinedload(Comment.sharer))


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One comment in its place, with how many direct replies speak under it."""

    comment: Comment
    reply_count: int


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who spoke in a thread, with a badge worn there."""

    person_id: UUID
    name: str
    role: str | None


@dataclass(frozen=True, slots=True)
class ReadUpTo:
    """Up to when somebody has read an entry, None before the first time, and when the newest under it was said."""

    read_at: datetime | None
    newest_at: datetime | None

    @property
    def is_all(self) -> bool:
        """Tell whether there is nothing left to read."""
        return self.read_at is not None and (self.newest_at is None or self.newest_at <= self.read_at)


def comment_for(work: Work, comment_id: UUID) -> Comment:
    """Return one comment with its author.

    Raises: NotFound when it is missing or invisible.
    """
    comment = work.session.scalars(_visible(work).where(Comment.id == comment_id)).one_or_none()
    if comment is None:
        raise NotFound
    return comment


def with_speakers(work: Work, comment: Comment) -> Comment:
    """Return a comment that the actor has just written, with who wrote it: what one wrote one may read."""
    place = (comment.organisation_id, comment.entry_id, comment.id)
    return work.session.get_one(Comment, place, options=SPEAKERS, populate_existing=True)


def own_comment_for(work: Work, comment_id: UUID) -> Comment:
    """Return a comment that is the actor's to change; what the portal said is nobody's.

    Raises: NotFound; Forbidden for another's.
    """
    comment = comment_for(work, comment_id)
    mine = comment.author_id is not None and comment.author_id == work.actor.person_id
    if comment.kind == CommentKind.SYSTEM or not mine:
        raise Forbidden("comment:edit", "author")
    return comment


def line_of_comment(work: Work, comment_id: UUID) -> ThreadLine:
    """Return one comment as it stands in its thread.

    Raises: NotFound when it is missing or invisible.
    """
    comment = comment_for(work, comment_id)
    counts = reply_counts(work, entry_for(work, comment.entry_id), [comment.id])
    return ThreadLine(comment, counts.get(comment.id, 0))


def thread_of(
    work: Work, entry_id: UUID, sort: ThreadSort, wanted: Slice, helpful: Mapping[UUID, int] = _NOBODYS_HELP
) -> Page[ThreadLine]:
    """List a thread in reading order. `sort` orders siblings; no order breaks a branch. Four queries at most.

    Shape: `helpful` says how many found a comment helpful, for that order.

    Raises: NotFound when the entry is missing or invisible.
    """
    entry = entry_for(work, entry_id)
    by_index = sort is ThreadSort.OLDEST
    page = _oldest_page(work, entry, wanted) if by_index else _turned_page(work, entry, sort, wanted, helpful)
    counts = reply_counts(work, entry, [comment.id for comment in page.items])
    return Page([ThreadLine(one, counts.get(one.id, 0)) for one in page.items], page.next_cursor)


def revisions_of(work: Work, comment_id: UUID) -> Sequence[CommentRevision]:
    """List what a comment said before each edit, oldest first. A deleted comment has none.

    Raises: NotFound when the comment is missing or invisible.
    """
    comment = comment_for(work, comment_id)
    query = (
        select(CommentRevision)
        .where(
            CommentRevision.organisation_id == comment.organisation_id,
            CommentRevision.entry_id == comment.entry_id,
            CommentRevision.comment_id == comment.id,
        )
        .order_by(CommentRevision.number)
    )
    return work.session.scalars(query).all()


def read_mark_of(work: Work, entry: StatusEntry) -> ReadUpTo:
    """Return up to when the actor has read an entry that was found visible, and when the newest of it was said."""
    read_at = select(ReadMark.read_at).where(
        ReadMark.organisation_id == entry.organisation_id,
        ReadMark.entry_id == entry.id,
        ReadMark.person_id == work.actor.person_id,
    )
    newest_at = select(func.max(Comment.created_at)).where(in_thread(work, entry))
    query = select(read_at.scalar_subquery(), newest_at.scalar_subquery())
    return work.once(("read_mark", entry.id), lambda: ReadUpTo(*work.session.execute(query).one()))


def unread_counts(work: Work, entry_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Count what others said under each entry since the actor read it. Shape: an entry without any is left out."""
    query = _unread(work, StatusEntry.id).where(Comment.entry_id.in_(entry_ids)).group_by(StatusEntry.id)
    return dict(work.session.execute(query).all())


def unread_of_devices(work: Work, device_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Count as `unread_counts`, over all visible entries of each device."""
    query = (
        _unread(work, StatusEntry.device_id)
        .where(StatusEntry.device_id.in_(device_ids))
        .group_by(StatusEntry.device_id)
    )
    return dict(work.session.execute(query).all())


def participants_of(work: Work, entry_id: UUID) -> Sequence[Participant]:
    """List who spoke in a thread, in the order of their first word.

    Raises: NotFound when the entry is missing or invisible.
    """
    entry = entry_for(work, entry_id)
    query = (
        select(Person.id, Person.name, func.max(Comment.author_role))
        .join(Comment, Comment.author_id == Person.id)
        .where(in_thread(work, entry), *spoken())
        .group_by(Person.id, Person.name)
        .order_by(func.min(Comment.created_at), Person.id)
    )
    return [Participant(person_id, name, role) for person_id, name, role in work.session.execute(query)]


def last_words(work: Work, entry_ids: Collection[UUID]) -> Mapping[UUID, Comment]:
    """Return the newest comment that the actor may read under each entry, with its author."""
    newest = (
        select(
            Comment.id,
            func.row_number()
            .over(partition_by=Comment.entry_id, order_by=(Comment.created_at.desc(), Comment.id.desc()))
            .label("place"),
        )
        .join(StatusEntry, entry_of_comment())
        .where(visible_comments(work.actor, work.now), Comment.entry_id.in_(entry_ids), *spoken())
        .subquery()
    )
    query = _visible(work).join(newest, and_(newest.c.id == Comment.id, newest.c.place == 1))
    return {comment.entry_id: comment for comment in work.session.scalars(query)}


def _visible(work: Work) -> Select[Comment]:
    return (
        select(Comment)
        .join(StatusEntry, entry_of_comment())
        .where(visible_comments(work.actor, work.now))
        .options(*SPEAKERS)
    )


def in_thread(work: Work, entry: StatusEntry) -> ColumnElement[bool]:
    """Keep the comments of an entry that was found visible."""
    return and_(
        Comment.organisation_id == entry.organisation_id,
        Comment.entry_id == entry.id,
        audience_reaches(work.actor, Comment.audience, Comment.organisation_id),
    )


def spoken() -> tuple[ColumnElement[bool], ...]:
    """Keep what people said and still stand by."""
    return (Comment.kind != CommentKind.SYSTEM, Comment.state == CommentState.VISIBLE)


def _oldest_page(work: Work, entry: StatusEntry, wanted: Slice) -> Page[Comment]:
    query = select(Comment).where(in_thread(work, entry)).options(*SPEAKERS)
    position = wanted.position(str)
    if position is not None:
        query = query.where(Comment.path > position[0])
    rows = work.session.scalars(query.order_by(Comment.path).limit(wanted.limit + 1)).all()
    return page_of(rows, wanted, lambda comment: (comment.path,))


def _turned_page(
    work: Work, entry: StatusEntry, sort: ThreadSort, wanted: Slice, helpful: Mapping[UUID, int]
) -> Page[Comment]:
    """Read one page of rows after the place of the cursor, in an order that no index has."""
    paths = places_of(work, entry, sort, helpful)
    position = wanted.position(str)
    begin = _place_after(paths, str(position[0])) if position else 0
    page = page_of(paths[begin : begin + wanted.limit + 1], wanted, lambda path: (path,))
    return Page(comments_at(work, entry, page.items), page.next_cursor)


def _place_after(paths: Sequence[str], path: str) -> int:
    """Return where the list goes on after a place; nowhere for one that is not in it."""
    return paths.index(path) + 1 if path in paths else len(paths)


def places_of(work: Work, entry: StatusEntry, sort: ThreadSort, helpful: Mapping[UUID, int]) -> Sequence[str]:
    """Order the places of a whole thread in memory; the rows are read a page at a time."""
    found = work.session.execute(select(Comment.path, Comment.id).where(in_thread(work, entry))).all()
    weights = {path: helpful[comment_id] for path, comment_id in found if comment_id in helpful}
    return ordered((path for path, _id in found), sort, weights)


def comments_at(work: Work, entry: StatusEntry, paths: Sequence[str]) -> Sequence[Comment]:
    """Return the comments at some places of a thread, in the given order; what may not be read is left out."""
    if not paths:
        return []
    query = select(Comment).where(in_thread(work, entry), Comment.path.in_(paths)).options(*SPEAKERS)
    by_path = {comment.path: comment for comment in work.session.scalars(query)}
    return [by_path[path] for path in paths if path in by_path]


def reply_counts(work: Work, entry: StatusEntry, comment_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Count the direct replies that speak under each comment. Shape: a comment without any is left out."""
    query = (
        select(Comment.parent_id, func.count())
        .where(in_thread(work, entry), Comment.parent_id.in_(comment_ids), *spoken())
        .group_by(Comment.parent_id)
    )
    return {parent_id: count for parent_id, count in work.session.execute(query) if parent_id is not None}


def _unread(work: Work, key: InstrumentedAttribute[UUID]) -> Select[UUID, int]:
    mark = and_(
        ReadMark.organisation_id == Comment.organisation_id,
        ReadMark.entry_id == Comment.entry_id,
        ReadMark.person_id == work.actor.person_id,
    )
    return (
        select(key, func.count())
        .select_from(Comment)
        .join(StatusEntry, entry_of_comment())
        .outerjoin(ReadMark, mark)
        .where(
            visible_comments(work.actor, work.now),
            *spoken(),
            Comment.author_id.is_distinct_from(work.actor.person_id),
            or_(ReadMark.read_at.is_(None), Comment.created_at > ReadMark.read_at),
        )
    )
