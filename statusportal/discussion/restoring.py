"""Verbs of second thoughts: words that were just deleted come back whole, and for good they go a little later."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from statusportal.discussion.events import CommentDropped, CommentRestored
from statusportal.discussion.models import Comment, CommentRevision, TakenBack
from statusportal.discussion.queries import comment_for, own_comment_for
from statusportal.discussion.vocabulary import CommentState
from statusportal.entries.queries import locked_entry
from statusportal.entries.service import note_words
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.errors import Conflict, Sentence
from statusportal.prose.markdown import render_markdown
from statusportal.work import Work

# Five seconds are promised; the rest is the way there and back, and a finger.
UNDO: Final = timedelta(seconds=15)


def set_words_aside(work: Work, comment: Comment, editions: Sequence[CommentRevision]) -> None:
    """Keep what a comment said, where nobody reads it, for as long as its author may want it back."""
    before = [[one.number, one.body_markdown, to_ms(one.replaced_at)] for one in editions]
    words = {"body": comment.body_markdown, "report": comment.report, "before": before}
    named = {"organisation_id": comment.organisation_id, "entry_id": comment.entry_id, "comment_id": comment.id}
    work.session.merge(TakenBack(**named, words=words, until_at=work.now + UNDO))


def restore_comment(work: Work, comment_id: UUID) -> Comment:
    """Let one's own words stand again, with every earlier wording.

    Raises: NotFound; Forbidden for another's; Conflict when they are gone for good.
    """
    entry = locked_entry(work, comment_for(work, comment_id).entry_id)
    comment = own_comment_for(work, comment_id)
    work.session.refresh(comment)
    if comment.state == CommentState.VISIBLE:
        return comment
    kept = work.session.get(TakenBack, (comment.organisation_id, comment.entry_id, comment.id))
    if kept is None or kept.until_at < work.now or comment.state != CommentState.DELETED:
        raise Conflict(Sentence("These words are gone for good."))
    _put_back(work, comment, kept.words)
    work.session.delete(kept)
    note_words(work, entry, comment.audience, 1)
    work.session.flush()
    work.emit(
        CommentRestored(
            organisation_id=entry.organisation_id,
            device_id=entry.device_id,
            entry_id=entry.id,
            comment_id=comment.id,
        )
    )
    return comment


def forget_taken_back(work: Work) -> None:
    """Let go for good of what nobody wanted back in time, and say so to whom something hung on it."""
    for row in work.session.scalars(select(TakenBack).where(TakenBack.until_at < work.now)).all():
        work.emit(CommentDropped(organisation_id=row.organisation_id, entry_id=row.entry_id, comment_id=row.comment_id))
        work.session.delete(row)


def _put_back(work: Work, comment: Comment, words: dict[str, Any]) -> None:
    comment.state, comment.deleted_at = CommentState.VISIBLE, None
    comment.body_markdown, comment.report = words["body"], words["report"]
    comment.body_html = render_markdown(comment.body_markdown)
    named = {"organisation_id": comment.organisation_id, "entry_id": comment.entry_id, "comment_id": comment.id}
    for number, body, replaced_ms in words["before"]:
        at = from_ms(replaced_ms)
        work.session.add(CommentRevision(**named, number=number, body_markdown=body, replaced_at=at))
