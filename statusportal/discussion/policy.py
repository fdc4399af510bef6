"""Who reads comments, and which roles may say what."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import EVERY_STAFF, EVERYONE, declare, declare_grantable
from statusportal.access.vocabulary import Right, StaffRole
from statusportal.discussion.models import Comment
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import audience_reaches, visible_entries

declare(
    {
        Permission.COMMENT_POST: EVERYONE,
        Permission.COMMENT_UPDATE: (StaffRole.ENGINEER, StaffRole.SUPPORT, StaffRole.EXPERT, StaffRole.ADMIN),
        Permission.COMMENT_INTERNAL: EVERY_STAFF,
    }
)
declare_grantable({Permission.COMMENT_POST: Right.COMMENT})


def entry_of_comment() -> ColumnElement[bool]:
    """Join a comment to its entry."""
    return and_(StatusEntry.organisation_id == Comment.organisation_id, StatusEntry.id == Comment.entry_id)


def visible_comments(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Keep what the actor may read: the entry first, then the comment's own audience. The entry must be joined."""
    return and_(visible_entries(actor, now), audience_reaches(actor, Comment.audience, Comment.organisation_id))
