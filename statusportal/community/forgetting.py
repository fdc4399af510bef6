"""What is not theirs to say any more goes from the copies too."""

from uuid import UUID

from sqlalchemy import Select, func, select, update

from statusportal.community.models import Publication, PublicationLine, PublicationVoice
from statusportal.community.vocabulary import LineState
from statusportal.discussion.events import CommentDeleted
from statusportal.work import Work, beyond_walls

SILENT = {"state": LineState.DELETED.value, "body_markdown": "", "body_html": ""}


def forget_copy(work: Work, event: CommentDeleted) -> None:
    """Take back the copy of a comment that its author took back; its place stays.

    Who has left the organisation in whose name they spoke may still take their words back, from the copy too.
    """
    copies = select(PublicationVoice.line_id).where(
        PublicationVoice.organisation_id == event.organisation_id, PublicationVoice.comment_id == event.comment_id
    )
    with beyond_walls(work):
        silence_lines(work, copies)


def silence_lines(work: Work, which: Select[UUID]) -> None:
    """Leave of visible lines their places, and count them no more."""
    lines = PublicationLine.id.in_(which) & (PublicationLine.state == LineState.VISIBLE.value)
    counts = select(PublicationLine.publication_id, func.count()).where(lines)
    for publication_id, count in work.session.execute(counts.group_by(PublicationLine.publication_id)).all():
        left = {"line_count": Publication.line_count - count}
        work.session.execute(update(Publication).where(Publication.id == publication_id).values(left))
    work.session.execute(update(PublicationLine).where(lines).values(SILENT))
