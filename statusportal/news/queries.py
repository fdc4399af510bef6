"""Reading one's own news, with the rights that hold now: what may not be read any more is in no list and no count."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, false, or_, select
from sqlalchemy.orm import joinedload

from statusportal.discussion.models import Comment
from statusportal.discussion.vocabulary import CommentState
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import audience_reaches, visible_entries
from statusportal.fleet.queries import words_seen
from statusportal.following.vocabulary import FollowReason
from statusportal.foundation.ids import secret_digest
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.news.models import Notification
from statusportal.news.vocabulary import NewsItem, NewsKind
from statusportal.prose.markdown import plain_text
from statusportal.work import Work

# For how long a letter can end letters: it may lie in another's mailbox, or in an archive.
STOPS_FOR: Final = timedelta(days=90)


def news_page(work: Work, wanted: Slice) -> Page[NewsItem]:
    """List one's own news, the newest first. Two queries, whatever their number."""
    query = _seen(work).order_by(Notification.at.desc(), Notification.id.desc())
    position = wanted.position(datetime, UUID)
    if position is not None:
        at, after_id = position
        query = query.where(
            or_(Notification.at < at, and_(Notification.at == at, Notification.id < after_id)),
        )
    rows = work.session.execute(query.limit(wanted.limit + 1)).all()
    page = page_of(rows, wanted, lambda row: (row.Notification.at, row.Notification.id))
    return Page(_items(work, page.items), page.next_cursor)


def news_items(work: Work, ids: Collection[UUID]) -> list[NewsItem]:
    """Return those of one's own news that may still be read, the oldest first."""
    query = _seen(work).where(Notification.id.in_(ids)).order_by(Notification.at, Notification.id)
    return _items(work, work.session.execute(query).all())


def unread_ids(work: Work, most: int) -> list[UUID]:
    """Return the newest of one's own news that were not read yet, as far as they may be read."""
    query = _seen(work).with_only_columns(Notification.id).where(Notification.read_at.is_(None))
    return list(work.session.scalars(query.order_by(Notification.at.desc()).limit(most)))


def find_by_stop_secret(work: Work, secret: str) -> Notification | None:
    """Return a piece of news whose letter held a secret, for the door that needs no sign-in; None for an old letter."""
    named = (Notification.stop_digest == secret_digest(secret), Notification.mailed_at > work.now - STOPS_FOR)
    return work.session.scalars(select(Notification).where(*named).limit(1)).one_or_none()


def _seen(work: Work) -> Select[Notification, StatusEntry, Comment]:
    """Select one's own news that may be read now, and none while somebody sees as one."""
    said = and_(
        Comment.organisation_id == Notification.organisation_id,
        Comment.entry_id == Notification.entry_id,
        Comment.id == Notification.comment_id,
    )
    entry = and_(StatusEntry.organisation_id == Notification.organisation_id, StatusEntry.id == Notification.entry_id)
    return (
        select(Notification, StatusEntry, Comment)
        .join(StatusEntry, entry)
        .outerjoin(Comment, said)
        .where(_is_mine(work), visible_entries(work.actor, work.now))
        .where(or_(Notification.comment_id.is_(None), _stands(work)))
        .options(joinedload(StatusEntry.device), joinedload(StatusEntry.author), joinedload(Comment.author))
    )


def _is_mine(work: Work) -> ColumnElement[bool]:
    is_shown = work.actor.person_id is not None and work.actor.seen_by is None
    return Notification.person_id == work.actor.person_id if is_shown else false()


def _stands(work: Work) -> ColumnElement[bool]:
    reaches = audience_reaches(work.actor, Comment.audience, Comment.organisation_id)
    return and_(Comment.state == CommentState.VISIBLE, reaches)


def _items(work: Work, rows: Sequence[Row[Notification, StatusEntry, Comment]]) -> list[NewsItem]:
    names = words_seen(work, {entry.device for _, entry, _ in rows})
    return [_item(news, entry, comment, names[entry.device_id].name) for news, entry, comment in rows]


def _item(news: Notification, entry: StatusEntry, comment: Comment | None, device_name: str) -> NewsItem:
    author = comment.author if comment else entry.author
    guest = comment.guest_name if comment else None
    return NewsItem(
        id=news.id,
        kind=NewsKind(news.kind),
        because=FollowReason(news.because),
        entry_id=entry.id,
        comment_id=news.comment_id,
        title=entry.title,
        headline=entry.headline,
        words=plain_text(comment.body_markdown if comment else entry.body_markdown),
        author=author.name if author else guest or "",
        device_name=device_name,
        code=entry.code,
        health=entry.health,
        at=news.at,
        is_read=news.read_at is not None,
    )
