"""What nobody shares any more: what an erased person or organisation shared and said, and what was hidden."""

from uuid import UUID

from sqlalchemy import Select, delete, select, update

from statusportal.audit.service import record_act
from statusportal.community.events import PublicationRevoked
from statusportal.community.forgetting import SILENT, silence_lines
from statusportal.community.models import Publication, PublicationConsent, PublicationLine, PublicationVoice
from statusportal.community.vocabulary import PublicationState
from statusportal.entries.events import EntryAudienceChanged
from statusportal.entries.models import StatusEntry
from statusportal.entries.vocabulary import Audience
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


def unshare_hidden(work: Work, event: EntryAudienceChanged) -> None:
    """Take back what was shared of an entry that its own owner may not read any more: they could not do it."""
    entry = work.session.get_one(StatusEntry, (event.organisation_id, event.entry_id))
    if entry.audience != Audience.INTERNAL or entry.publication_id is None:
        return
    row = work.session.get_one(Publication, entry.publication_id, with_for_update=True)
    _blank(work, select(Publication.id).where(Publication.id == row.id))
    work.session.execute(delete(PublicationVoice).where(PublicationVoice.line_id == row.id))
    record_act(work, "publication.revoked", "publication", row.id, organisation_id=entry.organisation_id)
    work.emit(PublicationRevoked(publication_id=row.id, model_id=row.model_id))


def _blank(work: Work, which: Select[UUID]) -> None:
    """Leave of publications what one that its owner took back leaves; a later one of the entry has other aliases."""
    ids = work.session.scalars(which).all()
    consents = PublicationConsent
    given = consents.publication_id.in_(ids) & consents.revoked_at.is_(None)
    # The portal itself is nobody: then it goes in the name of whoever said yes, who is let go of.
    taken_back = {"revoked_at": work.now, "revoked_by": work.actor.person_id or consents.given_by}
    work.session.execute(update(consents).where(given).values(taken_back))
    copies = PublicationLine.publication_id.in_(ids) & PublicationLine.is_reply.is_(False)
    work.session.execute(update(PublicationLine).where(copies).values(SILENT))
    work.session.execute(update(Publication).where(Publication.id.in_(ids)).values(_TAKEN_BACK))
    entries = StatusEntry.publication_id.in_(ids)
    work.session.execute(update(StatusEntry).where(entries).values(publication_id=None))
