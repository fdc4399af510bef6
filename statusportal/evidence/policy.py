"""Who sees evidence: whoever reads the comment that it is pinned to."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_

from statusportal.access.actor import Actor
from statusportal.discussion.models import Comment
from statusportal.discussion.policy import visible_comments
from statusportal.discussion.vocabulary import CommentState
from statusportal.evidence.models import Evidence


def comment_of_evidence() -> ColumnElement[bool]:
    """Join evidence to its comment."""
    return and_(
        Comment.organisation_id == Evidence.organisation_id,
        Comment.entry_id == Evidence.entry_id,
        Comment.id == Evidence.comment_id,
    )


def visible_evidence(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Keep what the actor may see. Comment and entry must be joined; what was taken back shows none."""
    return and_(Comment.state == CommentState.VISIBLE.value, visible_comments(actor, now))
