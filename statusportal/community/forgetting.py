"""What is not theirs to say any more goes from the copies too: a comment taken back, a person or an owner erased."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, update

from statusportal.community.models import Publication, PublicationConsent, PublicationLine, PublicationVoice
from statusportal.community.vocabulary import LineState, PublicationState
from statusportal.discussion.events import CommentDeleted
from statusportal.entries.models import StatusEntry
from statusportal.work import Work, beyond_walls

_SILENT = {"state": LineState.DELETED.value, "body_markdown": "", "body_html": ""}
_TAKEN_BACK = {
    "state": PublicationState.REVOKED.value,
    **dict.fromkeys(("title", "body_markdown", "body_html", "alias", "firmware"), ""),
    "code": None,
    "health": None,
    "line_count": 0,
}


def forget_copy(work: Work, event: CommentDeleted) -> None:
    """Take back the copy of a comment that its author took back; its place stays.

    Who has left the organisation in whose name they spoke may still take their words back, from the copy too.
    """
    voices = PublicationVoice
    with beyond_walls(work):
        _silence(work, (voices.organisation_id == event.organisation_id) & (voices.comment_id == event.comment_id))


def forget_speaker(work: Work, person_id: UUID) -> None:
    """Leave no word of a person's in any community, as the portal itself; what they shared has no words then."""
    _silence(work, PublicationVoice.person_id == person_id)
    root = PublicationVoice.line_id == PublicationVoice.publication_id
    _blank(work, select(PublicationVoice.publication_id).where(PublicationVoice.person_id == person_id, root))


def forget_owner(work: Work, organisation_id: UUID) -> None:
    """Take back everything that an organisation shared, as the portal itself."""
    consents = PublicationConsent
    _silence(work, PublicationVoice.organisation_id == organisation_id)
    _blank(work, select(consents.publication_id).where(consents.organisation_id == organisation_id))


def _silence(work: Work, whose: ColumnElement[bool]) -> None:
    """Leave of visible lines their places, and count them no more."""
    voices = select(PublicationVoice.line_id).where(whose)
    lines = PublicationLine.id.in_(voices) & (PublicationLine.state == LineState.VISIBLE.value)
    counts = select(PublicationLine.publication_id, func.count()).where(lines)
    for publication_id, count in work.session.execute(counts.group_by(PublicationLine.publication_id)).all():
        left = {"line_count": Publication.line_count - count}
        work.session.execute(update(Publication).where(Publication.id == publication_id).values(left))
    work.session.execute(update(PublicationLine).where(lines).values(_SILENT))


def _blank(work: Work, which: Select[UUID]) -> None:
    """Leave of publications what one that its owner took back leaves; a later one of the entry has other aliases."""
    ids = work.session.scalars(which).all()
    consents = PublicationConsent
    given = consents.publication_id.in_(ids) & consents.revoked_at.is_(None)
    # Nobody else takes it back: whoever said yes is the one who is let go of.
    taken_back = {"revoked_at": work.now, "revoked_by": consents.given_by}
    work.session.execute(update(consents).where(given).values(taken_back))
    copies = PublicationLine.publication_id.in_(ids) & PublicationLine.is_reply.is_(False)
    work.session.execute(update(PublicationLine).where(copies).values(_SILENT))
    work.session.execute(update(Publication).where(Publication.id.in_(ids)).values(_TAKEN_BACK))
    entries = StatusEntry.publication_id.in_(ids)
    work.session.execute(update(StatusEntry).where(entries).values(publication_id=None))
