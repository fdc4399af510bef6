"""Verbs of threads: post, edit, delete, mark as read."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, delete, func, insert, select, update

from statusportal.access.actor import LinkReach
from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import Right
from statusportal.discussion.events import CommentDeleted, CommentEdited, CommentPosted
from statusportal.discussion.models import Comment, CommentRevision, ReadMark
from statusportal.discussion.queries import comment_for, own_comment_for, revisions_of, with_speakers
from statusportal.discussion.restoring import set_words_aside
from statusportal.discussion.tree import depth_of, next_path
from statusportal.discussion.vocabulary import WORKERS_KINDS, CommentKind, CommentState
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import audience_reaches
from statusportal.entries.queries import entry_for, locked_entry, require_on
from statusportal.entries.service import note_words
from statusportal.entries.vocabulary import CHOSEN_AUDIENCES, Audience
from statusportal.foundation.errors import Conflict, Faults, Invalid, NotFound, Sentence, Stale, TooMany
from statusportal.foundation.ids import new_id
from statusportal.prose.checking import text_checked
from statusportal.prose.markdown import render_markdown
from statusportal.work import Work

_MINUTE = timedelta(minutes=1)
_LONGEST_GUEST = 80


def post_comment(
    work: Work,
    entry_id: UUID,
    body: str,
    *,
    parent_id: UUID | None = None,
    kind: CommentKind = CommentKind.COMMENT,
    audience: Audience | None = None,
) -> Comment:
    """Say something under an entry, or in reply to a comment. Without an audience it is its parent's.

    Raises: NotFound for an invisible entry; Forbidden; TooMany; Invalid with pointers, also for an audience wider
    than the parent's.
    """
    entry = locked_entry(work, entry_id)
    require_on(work, entry, Permission.COMMENT_POST, Right.COMMENT)
    if work.actor.link is not None:
        raise Invalid.field("/name", Sentence("must not be empty"))
    if kind is CommentKind.SYSTEM:
        raise Invalid.field("/kind", Sentence("must be comment, update or field_report"))
    if kind in WORKERS_KINDS:
        require(work.actor, Permission.COMMENT_UPDATE, entry.organisation_id)
    parent = _parent(work, entry, parent_id) if parent_id else None
    chosen = _audience_within(work, entry, parent, audience)
    text = _words(work, body)
    _slow_down(work)
    comment = add_comment(work, entry, parent, text, kind=kind, audience=chosen)
    note_words(work, entry, chosen, 1)
    work.session.flush()
    return with_speakers(work, comment)


def post_as_guest(work: Work, entry_id: UUID, guest_name: str, body: str) -> Comment:
    """Say something under an entry that a share link opened, under a name of one's own choice.

    Raises: NotFound for what the link does not open; Forbidden for one that is for reading; TooMany; Invalid with
    pointers.
    """
    link = work.actor.link
    if link is None:
        raise NotFound
    entry = locked_entry(work, entry_id)
    require_on(work, entry, Permission.COMMENT_POST, Right.COMMENT)
    faults = Faults()
    name = faults.line("/name", guest_name, most=_LONGEST_GUEST)
    faults.close()
    text = _words(work, body)
    _slow_down_link(work, link)
    comment = add_comment(work, entry, None, text, kind=CommentKind.COMMENT, audience=entry.audience)
    comment.guest_name, comment.link_id, comment.shared_by_id = name, link.link_id, link.maker_id
    note_words(work, entry, comment.audience, 1)
    work.session.flush()
    return with_speakers(work, comment)


def add_comment(
    work: Work, entry: StatusEntry, parent: Comment | None, text: str, *, kind: CommentKind, audience: str
) -> Comment:
    """Put a comment into its place and tell. The caller holds the entry's lock: two writers never get one place."""
    path = _free_path(work, entry, parent)
    comment = Comment(
        organisation_id=entry.organisation_id,
        entry_id=entry.id,
        id=new_id(),
        parent_id=parent.id if parent else None,
        path=path,
        depth=depth_of(path),
        kind=kind,
        audience=audience,
        state=CommentState.VISIBLE,
        author_id=work.actor.person_id,
        author_role=work.actor.badge_in(entry.organisation_id),
        body_markdown=text,
        body_html=render_markdown(text),
        created_at=work.now,
    )
    work.session.add(comment)
    work.session.flush()
    work.emit(
        CommentPosted(
            organisation_id=entry.organisation_id,
            device_id=entry.device_id,
            entry_id=entry.id,
            comment_id=comment.id,
        )
    )
    return comment


def edit_comment(work: Work, comment_id: UUID, body: str, edition: int | None = None) -> Comment:
    """Change one's own words; what stood before stays readable. `edition` is the wording that was read.

    Raises: NotFound, Forbidden for another's, Conflict for a deleted one, Invalid with pointers; Stale when there is
    another wording by now.
    """
    comment, entry = _own(work, comment_id)
    if comment.state != CommentState.VISIBLE:
        raise Conflict(Sentence("This comment was deleted."))
    text = _words(work, body)
    if edition not in (None, comment.edition):
        raise Stale(comment.edition)
    if text == comment.body_markdown:
        return comment
    work.session.add(
        CommentRevision(
            organisation_id=comment.organisation_id,
            entry_id=comment.entry_id,
            comment_id=comment.id,
            number=comment.edition,
            body_markdown=comment.body_markdown,
            replaced_at=work.now,
        )
    )
    comment.body_markdown = text
    comment.body_html = render_markdown(text)
    comment.edited_at, comment.edition, comment.report = work.now, comment.edition + 1, None
    note_words(work, entry, comment.audience, 0)
    work.session.flush()
    work.emit(
        CommentEdited(
            organisation_id=entry.organisation_id,
            device_id=entry.device_id,
            entry_id=entry.id,
            comment_id=comment.id,
        )
    )
    return comment


def delete_comment(work: Work, comment_id: UUID) -> Comment:
    """Take one's own words back, with what they said before: for good once nobody can restore them any more.

    The place and the replies stay.

    Raises: NotFound, Forbidden for another's.
    """
    comment, entry = _own(work, comment_id)
    if comment.state == CommentState.DELETED:
        return comment
    set_words_aside(work, comment, revisions_of(work, comment.id))
    comment.state = CommentState.DELETED
    comment.report = None
    comment.body_markdown = ""
    comment.body_html = ""
    comment.deleted_at = work.now
    work.session.execute(delete(CommentRevision).where(*_revisions_of(comment)))
    note_words(work, entry, comment.audience, -1)
    work.session.flush()
    work.emit(
        CommentDeleted(
            organisation_id=entry.organisation_id,
            device_id=entry.device_id,
            entry_id=entry.id,
            comment_id=comment.id,
        )
    )
    return comment


def mark_read(work: Work, entry_id: UUID) -> None:
    """Note that the actor has read everything under an entry that is there to be read.

    Raises: NotFound.
    """
    entry = entry_for(work, entry_id)
    person_id = work.actor.person_id
    if person_id is None:
        return
    newest = work.session.scalar(
        select(func.max(Comment.created_at)).where(
            Comment.organisation_id == entry.organisation_id,
            Comment.entry_id == entry.id,
            audience_reaches(work.actor, Comment.audience, Comment.organisation_id),
        )
    )
    read_at = newest or entry.created_at
    key = {"organisation_id": entry.organisation_id, "entry_id": entry.id, "person_id": person_id}
    conditions = [getattr(ReadMark, name) == value for name, value in key.items()]
    changed = cast(
        "CursorResult[None]", work.session.execute(update(ReadMark).where(*conditions).values(read_at=read_at))
    )
    if changed.rowcount == 0:
        # Two tabs at once: the second waits here for the first one's lock, and then finds the mark.
        locked_entry(work, entry_id)
        if work.session.scalar(select(ReadMark.read_at).where(*conditions)) is None:
            work.session.execute(insert(ReadMark).values(**key, read_at=read_at))


def _own(work: Work, comment_id: UUID) -> tuple[Comment, StatusEntry]:
    """Return a comment of the actor's own, fresh, under the lock of its entry."""
    entry = locked_entry(work, comment_for(work, comment_id).entry_id)
    comment = own_comment_for(work, comment_id)
    work.session.refresh(comment)
    return comment, entry


def _parent(work: Work, entry: StatusEntry, parent_id: UUID) -> Comment:
    parent = work.session.scalars(
        select(Comment).where(
            Comment.organisation_id == entry.organisation_id,
            Comment.entry_id == entry.id,
            Comment.id == parent_id,
            audience_reaches(work.actor, Comment.audience, Comment.organisation_id),
        )
    ).one_or_none()
    if parent is None:
        raise Invalid.field("/parent_id", Sentence("is not a comment of this thread"))
    if parent.state != CommentState.VISIBLE:
        raise Invalid.field("/parent_id", Sentence("was deleted meanwhile. Send it to the whole conversation instead."))
    return parent


def _audience_within(work: Work, entry: StatusEntry, parent: Comment | None, audience: Audience | None) -> Audience:
    """Return the audience, never wider than the parent's nor the entry's."""
    widest = min((Audience(one.audience) for one in (entry, parent) if one is not None), key=lambda one: one.width)
    chosen = audience or widest
    if chosen is Audience.INTERNAL:
        require(work.actor, Permission.COMMENT_INTERNAL, entry.organisation_id)
    elif audience is not None and chosen not in CHOSEN_AUDIENCES | {widest}:
        raise Invalid.field("/audience", Sentence("must be internal, organisation or shared"))
    if chosen is Audience.ORGANISATION and not work.actor.reads_inside(entry.organisation_id):
        raise Invalid.field("/audience", Sentence("can be chosen by the owner's people and staff only"))
    if chosen.width > widest.width:
        raise Invalid.field(
            "/audience", Sentence("cannot be wider than what it answers, which is %(widest)s", widest=widest)
        )
    return chosen


def _words(work: Work, body: str) -> str:
    text = text_checked(work, "/body", body)
    if not text:
        raise Invalid.field("/body", Sentence("must not be empty"))
    return text


def _free_path(work: Work, entry: StatusEntry, parent: Comment | None) -> str:
    siblings = select(func.max(Comment.path)).where(
        Comment.organisation_id == entry.organisation_id,
        Comment.entry_id == entry.id,
        Comment.parent_id == parent.id if parent else Comment.parent_id.is_(None),
    )
    try:
        return next_path(parent.path if parent else None, work.session.scalar(siblings))
    except OverflowError as err:
        raise Conflict(Sentence("This comment has all the replies it can hold.")) from err


def _slow_down(work: Work) -> None:
    """Hold a person to `comments_per_minute`.

    Counted in the table itself: that holds across processes and restarts, and deleted words still count.
    """
    most = work.settings.comments_per_minute
    if not most or work.actor.person_id is None:
        return
    since = work.now - _MINUTE
    recent = select(func.count(), func.min(Comment.created_at)).where(
        Comment.author_id == work.actor.person_id, Comment.kind != CommentKind.SYSTEM, Comment.created_at > since
    )
    count, oldest = work.session.execute(recent).one()
    if count >= most:
        wait_s = max(1, int((oldest - since).total_seconds()) + 1)
        raise TooMany(Sentence("You may post %(most)s comments a minute.", most=most), wait_s)


def _slow_down_link(work: Work, link: LinkReach) -> None:
    """Hold everybody who came by one link to `link_comments_per_minute` together."""
    most = work.settings.link_comments_per_minute
    if not most:
        return
    recent = select(func.count()).where(Comment.link_id == link.link_id, Comment.created_at > work.now - _MINUTE)
    if (work.session.scalar(recent) or 0) >= most:
        raise TooMany(Sentence("You may post %(most)s comments a minute.", most=most), _MINUTE.seconds)


def _revisions_of(comment: Comment) -> tuple[ColumnElement[bool], ...]:
    return (
        CommentRevision.organisation_id == comment.organisation_id,
        CommentRevision.entry_id == comment.entry_id,
        CommentRevision.comment_id == comment.id,
    )
