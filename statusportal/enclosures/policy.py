"""Who opens files: whoever reads the comment that holds them, and before there is one their sender alone."""

from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, and_, false, or_

from statusportal.access.actor import Actor
from statusportal.discussion.models import Comment
from statusportal.discussion.policy import visible_comments
from statusportal.discussion.vocabulary import CommentState
from statusportal.enclosures.models import Attachment
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import visible_entries

# A condition on rows.
Limit: TypeAlias = ColumnElement[bool]


def entry_of_attachment() -> ColumnElement[bool]:
    """Join a file to its entry."""
    return and_(StatusEntry.organisation_id == Attachment.organisation_id, StatusEntry.id == Attachment.entry_id)


def comment_of_attachment() -> ColumnElement[bool]:
    """Join a file to its comment, from outside: it may have none yet."""
    return and_(
        Comment.organisation_id == Attachment.organisation_id,
        Comment.entry_id == Attachment.entry_id,
        Comment.id == Attachment.comment_id,
    )


def visible_attachments(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Keep what the actor may open. Entry and, from outside, comment must be joined; what was taken back holds none.

    What waits is its sender's alone, also from who looks through the sender's eyes.
    """
    said = and_(
        Attachment.comment_id.is_not(None),
        Comment.state == CommentState.VISIBLE.value,
        visible_comments(actor, now),
    )
    is_sender = actor.person_id is not None and actor.seen_by is None
    mine = Attachment.author_id == actor.person_id if is_sender else false()
    return or_(said, and_(Attachment.comment_id.is_(None), mine, visible_entries(actor, now)))
