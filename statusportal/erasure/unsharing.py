"""What an erased person or organisation shared and said in communities, as the portal itself."""

from uuid import UUID

from sqlalchemy import Select, select, update

from statusportal.community.forgetting import SILENT, silence_lines
from statusportal.community.models import Publication, PublicationConsent, PublicationLine, PublicationVoice
from statusportal.community.vocabulary import PublicationState
from statusportal.entries.models import StatusEntry
from statusportal.work import Work

_TAKEN_BACK = {
    "state": PublicationState.REVOKED.value,
    **dict.fromkeys(("title", "body_markdown", "body_html", "alias", "firmware"), ""),
    "code": None,
    "health": None,
    "line_count": 0,
}


def forget_speaker(work: Work, person_id: UUID) -> None:
    """Leave no word of a person's in any community; what they shared has no words then."""
    silence_lines(work, select(PublicationVoice.line_id).where(PublicationVoice.person_id == person_id))
    root = PublicationVoice.line_id == PublicationVoice.publication_id
    _blank(work, select(PublicationVoice.publication_id).where(PublicationVoice.person_id == person_id, root))


def forget_owner(work: Work, organisation_id: UUID) -> None:
    """Take back everything that an organisation shared."""
    consents = PublicationConsent
    silence_lines(work, select(PublicationVoice.line_id).where(PublicationVoice.organisation_id == organisation_id))
    _blank(work, select(consents.publication_id).where(consents.organisation_id == organisation_id))


def _blank(work: Work, which: Select[UUID]) -> None:
    """Leave of publications what one that its owner took back leaves; a later one of the entry has other aliases."""
    ids = work.session.scalars(which).all()
    consents = PublicationConsent
    given = consents.publication_id.in_(ids) & consents.revoked_at.is_(None)
    # Nobody else takes it back: whoever said yes is the one who is let go of.
    taken_back = {"revoked_at": work.now, "revoked_by": consents.given_by}
    work.session.execute(update(consents).where(given).values(taken_back))
    copies = PublicationLine.publication_id.in_(ids) & PublicationLine.is_reply.is_(False)
    work.session.execute(update(PublicationLine).where(copies).values(SILENT))
    work.session.execute(update(Publication).where(Publication.id.in_(ids)).values(_TAKEN_BACK))
    entries = StatusEntry.publication_id.in_(ids)
    work.session.execute(update(StatusEntry).where(entries).values(publication_id=None))
