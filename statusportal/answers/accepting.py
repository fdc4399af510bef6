"""Verbs of accepting: this answers the entry, or it does so no more."""

from uuid import UUID

from sqlalchemy import delete

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.answers.events import AnswerAccepted, AnswerUnaccepted
from statusportal.answers.fixing import forget_fix_of
from statusportal.answers.models import AcceptedAnswer
from statusportal.answers.queries import is_asker
from statusportal.answers.saying import say
from statusportal.answers.wording import line
from statusportal.discussion.events import CommentDeleted
from statusportal.discussion.models import Comment
from statusportal.discussion.queries import comment_for
from statusportal.discussion.vocabulary import CommentKind, CommentState
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import locked_entry, require_on
from statusportal.entries.service import raise_version
from statusportal.entries.vocabulary import Audience
from statusportal.foundation.errors import Conflict, Sentence
from statusportal.work import Work


def accept_answer(work: Work, comment_id: UUID) -> AcceptedAnswer:
    """Say that a comment answers its entry; several may. Who asked, the owner's people and experts say so.

    Raises: NotFound; Forbidden; Conflict for what is no answer: the portal's own line, what was deleted or is internal.
    """
    comment, entry = _judged(work, comment_id)
    _require_answer(comment)
    key = (entry.organisation_id, entry.id, comment.id)
    known = work.session.get(AcceptedAnswer, key)
    if known is not None:
        return known
    row = AcceptedAnswer(
        organisation_id=entry.organisation_id,
        entry_id=entry.id,
        comment_id=comment.id,
        accepted_by=work.actor.person_id,
        role=work.actor.badge_in(entry.organisation_id),
        at=work.now,
    )
    work.session.add(row)
    raise_version(entry, comment.audience)
    say(work, entry, line("accepted", str(comment.id)), comment.audience)
    work.emit(AnswerAccepted(**_named(entry), comment_id=comment.id))
    return row


def unaccept_answer(work: Work, comment_id: UUID) -> None:
    """Say that a comment is the answer no more; nothing happens where it was none.

    Raises: NotFound, Forbidden.
    """
    comment, entry = _judged(work, comment_id)
    known = work.session.get(AcceptedAnswer, (entry.organisation_id, entry.id, comment.id))
    if known is None:
        return
    work.session.delete(known)
    forget_fix_of(work, entry, comment.id)
    raise_version(entry, comment.audience)
    say(work, entry, line("unaccepted"), comment.audience)
    work.emit(AnswerUnaccepted(**_named(entry), comment_id=comment.id))


def forget_answer(work: Work, event: CommentDeleted) -> None:
    """Let words that were taken back answer nothing any more."""
    where = (
        AcceptedAnswer.organisation_id == event.organisation_id,
        AcceptedAnswer.entry_id == event.entry_id,
        AcceptedAnswer.comment_id == event.comment_id,
    )
    work.session.execute(delete(AcceptedAnswer).where(*where))


def _judged(work: Work, comment_id: UUID) -> tuple[Comment, StatusEntry]:
    """Return a comment under the lock of its entry, for somebody who may say what answers it."""
    entry = locked_entry(work, comment_for(work, comment_id).entry_id)
    comment = comment_for(work, comment_id)
    work.session.refresh(comment)
    if not is_asker(work.actor, entry):
        require_on(work, entry, Permission.ANSWER_ACCEPT, Right.MANAGE)
    return comment, entry


def _require_answer(comment: Comment) -> None:
    if comment.state != CommentState.VISIBLE:
        raise Conflict(Sentence("This comment was deleted."))
    if comment.kind == CommentKind.SYSTEM:
        raise Conflict(Sentence("The portal's own line is nobody's answer."))
    if comment.audience == Audience.INTERNAL:
        raise Conflict(Sentence("An internal comment cannot be the answer: who asked could not read it."))


def _named(entry: StatusEntry) -> dict[str, UUID]:
    return {"organisation_id": entry.organisation_id, "device_id": entry.device_id, "entry_id": entry.id}
