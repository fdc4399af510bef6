"""Verbs of an owner: share an entry with the other owners of the model, and take it back.

Source: docs/adr/0056-sharing-without-a-name.md.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.anonymity.masks import hour_of
from statusportal.anonymity.vocabulary import LEAST_OWNERS
from statusportal.audit.service import record_act
from statusportal.community.drafting import draft_of
from statusportal.community.events import PublicationRevoked, PublicationShared
from statusportal.community.models import Publication, PublicationConsent, PublicationLine, PublicationVoice
from statusportal.community.vocabulary import Draft, DraftLine, LineState, PublicationState, SharedWords
from statusportal.consent.widening import settle_model_wish
from statusportal.entries.events import EntryAudienceChanged
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import locked_entry
from statusportal.entries.service import raise_version
from statusportal.entries.vocabulary import Audience, Lifecycle
from statusportal.foundation.errors import Conflict, Faults, Sentence
from statusportal.prose.checking import text_checked, title_checked
from statusportal.prose.markdown import render_markdown
from statusportal.work import Work


def share_entry(work: Work, entry_id: UUID, words: SharedWords) -> Publication:
    """Share exactly these words with the owners of the model, and keep who said yes to them, and when.

    Nothing else ever flows out: what is written later is shared by another look and another yes, under the same
    address and the same aliases.

    Raises: NotFound; Forbidden; Conflict while too few own the model, or for what is not theirs; Invalid with pointers
    for words that still tell who it is, so that nobody shares what they have not seen.
    """
    entry = locked_entry(work, entry_id)
    draft = draft_of(work, entry_id)
    if not draft.is_open:
        raise Conflict(
            Sentence(
                "Sharing opens once %(least)s organisations own this model; then nobody can guess.", least=LEAST_OWNERS
            )
        )
    title, body, lines = _checked(work, draft, words)
    row = _row(work, entry, draft)
    row.title, row.body_markdown, row.body_html = title, body, render_markdown(body)
    row.health, row.firmware, row.code, row.kind = entry.health, draft.firmware, draft.code or None, entry.kind
    row.is_resolved = entry.lifecycle == Lifecycle.RESOLVED
    row.last_word_at = max(row.last_word_at, hour_of(work.now))
    _write_lines(work, entry, row, lines)
    settle_model_wish(work, entry)
    _consent(work, entry, row)
    record_act(work, "publication.shared", "publication", row.id, organisation_id=entry.organisation_id)
    work.emit(PublicationShared(publication_id=row.id, model_id=row.model_id))
    return row


def revoke_publication(work: Work, entry_id: UUID) -> None:
    """Take a shared entry back at once. Its place stays, so that nobody wonders; its words, and their copies, go.

    Raises: NotFound; Forbidden; Conflict when it is not shared.
    """
    entry = locked_entry(work, entry_id)
    require(work.actor, Permission.ENTRY_CONSENT, entry.organisation_id)
    if entry.publication_id is None:
        raise Conflict(Sentence("This is not shared with the owners of the model."))
    row = work.session.get_one(Publication, entry.publication_id, with_for_update=True)
    row.state = PublicationState.REVOKED
    row.title = row.body_markdown = row.body_html = row.firmware = row.alias = ""
    row.code, row.health, row.line_count = None, None, 0
    _drop_copies(work, row)
    work.session.execute(delete(PublicationVoice).where(PublicationVoice.line_id == row.id))
    consent = work.session.get_one(PublicationConsent, (entry.organisation_id, row.id))
    consent.revoked_at, consent.revoked_by = work.now, work.actor.person_id
    entry.publication_id = None
    _tell(work, entry)
    record_act(work, "publication.revoked", "publication", row.id, organisation_id=entry.organisation_id)
    work.emit(PublicationRevoked(publication_id=row.id, model_id=row.model_id))


def _checked(work: Work, draft: Draft, words: SharedWords) -> tuple[str, str, Sequence[tuple[DraftLine, str]]]:
    """Return the words as they can be stored, each proved to tell nothing that is known."""
    faults = Faults()
    offered = {line.comment_id: line for line in draft.lines}

    # Masking a masked text changes nothing, so what stands as it was offered is not masked again.
    masked = {draft.title, draft.body, *(line.after for line in draft.lines)}

    def silent(pointer: str, text: str) -> str:
        if text not in masked and draft.masker.mask(text).text != text:
            faults.note(pointer, Sentence("still holds something that tells who you are"))
        return text

    title = silent("/title", title_checked(words.title))
    body = silent("/body", text_checked(work, "/body", words.body))
    lines = []
    for number, (comment_id, text) in enumerate(words.lines.items()):
        if comment_id not in offered:
            faults.note(f"/comments/{number}/id", Sentence("is no comment that can go along"))
            continue
        said = silent(f"/comments/{number}/body", text_checked(work, f"/comments/{number}/body", text))
        if said:
            lines.append((offered[comment_id], said))
    faults.close()
    order = {line.comment_id: place for place, line in enumerate(draft.lines)}
    return title, body, sorted(lines, key=lambda one: order[one[0].comment_id])


def _row(work: Work, entry: StatusEntry, draft: Draft) -> Publication:
    """Return the standing publication, locked, or a new one under a random id."""
    if entry.publication_id is not None:
        return work.session.get_one(Publication, entry.publication_id, with_for_update=True)
    row = Publication(
        id=uuid4(),
        model_id=entry.device.model_id,
        state=PublicationState.STANDING,
        alias=draft.alias,
        kind=entry.kind,
        title="",
        body_markdown="",
        body_html="",
        began_at=hour_of(entry.opened_at),
        shared_at=hour_of(work.now),
        last_word_at=hour_of(work.now),
        line_count=0,
    )
    work.session.add(row)
    work.session.flush()
    work.session.add(_voice(entry, row.id, draft, row))
    return row


def _write_lines(work: Work, entry: StatusEntry, row: Publication, lines: Sequence[tuple[DraftLine, str]]) -> None:
    _drop_copies(work, row)
    replies = select(PublicationLine).where(
        PublicationLine.publication_id == row.id, PublicationLine.state == LineState.VISIBLE
    )
    row.line_count = len(lines) + len(work.session.scalars(replies).all())
    for place, (line, text) in enumerate(lines):
        copy = PublicationLine(
            publication_id=row.id,
            id=uuid4(),
            position=place,
            is_reply=False,
            state=LineState.VISIBLE,
            alias=line.alias,
            role=line.role,
            body_markdown=text,
            body_html=render_markdown(text),
            said_at=hour_of(line.said_at),
        )
        work.session.add_all([copy, _voice(entry, copy.id, line, row)])
    work.session.flush()


def _voice(entry: StatusEntry, line_id: UUID, spoken: Draft | DraftLine, row: Publication) -> PublicationVoice:
    """Say, for the owner alone, who is behind a word and what it was copied from."""
    return PublicationVoice(
        organisation_id=entry.organisation_id,
        publication_id=row.id,
        line_id=line_id,
        person_id=spoken.person_id,
        comment_id=spoken.comment_id if isinstance(spoken, DraftLine) else None,
        alias=spoken.alias,
    )


def _drop_copies(work: Work, row: Publication) -> None:
    """Delete what was copied from the thread, with who said it; what the community said stays theirs."""
    copies = select(PublicationLine.id).where(
        PublicationLine.publication_id == row.id, PublicationLine.is_reply.is_(False)
    )
    of_copies = (PublicationVoice.publication_id == row.id) & PublicationVoice.line_id.in_(copies)
    work.session.execute(delete(PublicationVoice).where(of_copies))
    work.session.execute(
        delete(PublicationLine).where(PublicationLine.publication_id == row.id, PublicationLine.is_reply.is_(False))
    )


def _consent(work: Work, entry: StatusEntry, row: Publication) -> None:
    """Keep the yes: who gave it, when, and what the entry's version was that they looked at."""
    entry.publication_id = row.id
    _tell(work, entry)
    given: Mapping[str, object] = {"version": entry.version, "given_by": work.actor.person_id, "given_at": work.now}
    key = (entry.organisation_id, row.id)
    if work.session.get(PublicationConsent, key) is None:
        work.session.add(PublicationConsent(organisation_id=key[0], publication_id=key[1], entry_id=entry.id, **given))
    else:
        mine = (PublicationConsent.organisation_id == key[0]) & (PublicationConsent.publication_id == key[1])
        work.session.execute(update(PublicationConsent).where(mine).values(**given))
    work.session.flush()


def _tell(work: Work, entry: StatusEntry) -> None:
    """Let the owner's open pages follow."""
    raise_version(entry, Audience.ORGANISATION)
    named = {"organisation_id": entry.organisation_id, "device_id": entry.device_id, "entry_id": entry.id}
    work.emit(EntryAudienceChanged(**named))
