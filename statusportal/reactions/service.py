"""Verbs of reactions: react, and take it back. Both can be said twice and count once."""

from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.discussion.models import Comment
from statusportal.discussion.queries import comment_for
from statusportal.discussion.vocabulary import CommentKind, CommentState
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import locked_entry, require_on
from statusportal.entries.service import raise_version
from statusportal.foundation.errors import Conflict, Forbidden, Sentence
from statusportal.reactions.events import ReactionsChanged
from statusportal.reactions.models import Reaction
from statusportal.reactions.vocabulary import ReactionName
from statusportal.work import Work


def react(work: Work, comment_id: UUID, name: ReactionName) -> Comment:
    """Say one word to what somebody else said.

    Raises: NotFound; Forbidden without the right to talk here; Conflict for one's own comment, the portal's line, and
    one that no longer speaks.
    """
    comment, entry, person_id = _reachable(work, comment_id)
    if comment.state != CommentState.VISIBLE:
        raise Conflict(Sentence("This comment was deleted."))
    if comment.kind == CommentKind.SYSTEM or comment.author_id == person_id:
        raise Conflict(Sentence("Reactions are for what other people said."))
    key = (entry.organisation_id, entry.id, comment.id, person_id, name.value)
    if work.session.get(Reaction, key) is None:
        named = {"organisation_id": entry.organisation_id, "entry_id": entry.id, "comment_id": comment.id}
        work.session.add(Reaction(**named, person_id=person_id, name=name, at=work.now))
        _tell(work, entry, comment)
    return comment


def take_reaction_back(work: Work, comment_id: UUID, name: ReactionName) -> Comment:
    """Unsay one's own word; without one nothing happens.

    Raises: NotFound; Forbidden without the right to talk here.
    """
    comment, entry, person_id = _reachable(work, comment_id)
    mine = delete(Reaction).where(
        Reaction.organisation_id == entry.organisation_id,
        Reaction.entry_id == entry.id,
        Reaction.comment_id == comment.id,
        Reaction.person_id == person_id,
        Reaction.name == name,
    )
    if cast("CursorResult[None]", work.session.execute(mine)).rowcount:
        _tell(work, entry, comment)
    return comment


def turn_reaction(work: Work, comment_id: UUID, name: ReactionName) -> Comment:
    """Say the word, or unsay it where it was said: what one button does.

    Raises: as `react`.
    """
    comment = comment_for(work, comment_id)
    said = select(Reaction.at).where(
        Reaction.organisation_id == comment.organisation_id,
        Reaction.entry_id == comment.entry_id,
        Reaction.comment_id == comment.id,
        Reaction.person_id == work.actor.person_id,
        Reaction.name == name,
    )
    turn = react if work.session.scalar(said) is None else take_reaction_back
    return turn(work, comment_id, name)


def _reachable(work: Work, comment_id: UUID) -> tuple[Comment, StatusEntry, UUID]:
    """Return a comment that the actor may talk to, under the lock of its entry, and who the actor is."""
    comment = comment_for(work, comment_id)
    entry = locked_entry(work, comment.entry_id)
    require_on(work, entry, Permission.COMMENT_POST, Right.COMMENT)
    if work.actor.person_id is None:
        raise Forbidden(Permission.COMMENT_POST.value)
    work.session.refresh(comment)
    return comment, entry, work.actor.person_id


def _tell(work: Work, entry: StatusEntry, comment: Comment) -> None:
    raise_version(entry, comment.audience)
    work.session.flush()
    work.emit(
        ReactionsChanged(
            organisation_id=entry.organisation_id,
            device_id=entry.device_id,
            entry_id=entry.id,
            comment_id=comment.id,
        )
    )
