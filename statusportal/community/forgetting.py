"""What is not theirs to say any more goes from the copies too: a comment taken back, a person or an owner erased."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, update

from statusportal.community.models import Publication, PublicationConsent, PublicationLine, PublicationVoice
from statusportal.community.vocabulary import LineState, PublicationState
from statusportal.discussion.events import CommentDeleted
from statusportal.entries.models import StatusEntry
from statusportal.work import Work


def forget_copy(work: Work, event: CommentDeleted) -> None:
    """Take back the copy of a comment that its author took back; its place stays."""
    voices = PublicationVoice
    _silence(work, (voices.organisation_id == event.organisation_id) & (voices.comment_id == event.comment_id))


def forget_speaker(work: Work, person_id: UUID) -> None:
    """Leave no word of a person's in any community, as the portal itself; what they shared has no words then."""
    _silence(work, PublicationVoice.person_id == person_id)
    root = PublicationVoice.line_id == PublicationVoice.publication_id
    _blank(work, select(PublicationVoice.publication_id).where(PublicationVoice.person_id == person_id, root))


def forget_owner(work: Work, organisation_id: UUID) -> None:
    """Take back everything that an organisation shared, as the portal itself."""
    consents = PublicationConsent
    _blank(work, select(consents.publication_id).where(consents.organisation_id == organisation_id))
    _silence(work, PublicationVoice.organisation_id == organisation_id)


def _silence(work: Work, whose: ColumnElement[bool]) -> None:
    lines = PublicationLine.id.in_(select(PublicationVoice.line_id).where(whose))
    gone = {"state": LineState.DELETED.value, "body_markdown": "", "body_html": ""}
    work.session.execute(update(PublicationLine).where(lines).values(gone))


def _blank(work: Work, which: Select[UUID]) -> None:
    gone = {"state": PublicationState.REVOKED.value, "title": "", "body_markdown": "", "body_html": "", "alias": ""}
    work.session.execute(update(Publication).where(Publication.id.in_(which)).values(gone))
    entries = StatusEntry.publication_id.in_(which)
    work.session.execute(update(StatusEntry).where(entries).values(publication_id=None))
