"""Verbs of evidence: pin it to a comment that was just said, and take it away with the comment."""

from collections.abc import Sequence

from sqlalchemy import delete

from statusportal.discussion.events import CommentDropped
from statusportal.discussion.models import Comment
from statusportal.entries.queries import entry_for
from statusportal.entries.vocabulary import Audience
from statusportal.evidence.letters import letter_of
from statusportal.evidence.models import Evidence
from statusportal.evidence.queries import last_number
from statusportal.work import Work


def pin_evidence(work: Work, comment: Comment, copies: Sequence[Evidence]) -> None:
    """Hang copies on a comment under this entry, which `copied_evidence` read for it, and give each its letter."""
    if not copies:
        return
    entry = entry_for(work, comment.entry_id)
    number = last_number(work, entry, comment.audience)
    for place, row in enumerate(copies):
        row.organisation_id, row.entry_id, row.comment_id = entry.organisation_id, entry.id, comment.id
        row.device_id, row.place, row.number = entry.device_id, place, number + place + 1
        row.letter = letter_of(
            row.number, width=Audience(comment.audience).width, widest=Audience(entry.audience).width
        )
    work.session.add_all(copies)
    work.session.flush()


def drop_evidence(work: Work, event: CommentDropped) -> None:
    """Take the evidence away of a comment that was taken back and can be restored no more."""
    work.session.execute(
        delete(Evidence).where(
            Evidence.organisation_id == event.organisation_id,
            Evidence.entry_id == event.entry_id,
            Evidence.comment_id == event.comment_id,
        )
    )
