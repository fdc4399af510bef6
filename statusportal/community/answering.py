"""Verbs of the community: say something under a publication, under an alias, and take it back."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import func, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.models import Person
from statusportal.accounts.queries import find_operator
from statusportal.anonymity.aliases import alias_for
from statusportal.anonymity.knowing import known_to, operators_name
from statusportal.anonymity.masks import hour_of
from statusportal.anonymity.readying import told_about
from statusportal.anonymity.vocabulary import Known, told_role
from statusportal.audit.service import record_act
from statusportal.catalogue.models import DeviceModel
from statusportal.community.events import PublicationAnswered
from statusportal.community.models import Publication, PublicationConsent, PublicationLine, PublicationVoice
from statusportal.community.queries import publication_for
from statusportal.community.vocabulary import LineState, PublicationState
from statusportal.fleet.models import Device, Ownership
from statusportal.foundation.errors import Conflict, Forbidden, Invalid, NotFound, Sentence, TooMany
from statusportal.prose.checking import text_checked
from statusportal.prose.markdown import render_markdown
from statusportal.work import Work

# Copied lines stand before all of these.
_REPLIES_FROM: Final = 1_000
# Times are known to the hour alone, so the limit is an hour's. Nobody answers that often with thought.
MOST_AN_HOUR: Final = 30
_HOUR_S: Final = 3_600


def answer_publication(work: Work, publication_id: UUID, body: str) -> PublicationLine:
    """Say something to all owners of the model, under an alias. What would tell who speaks is taken out by itself.

    Raises: NotFound; Forbidden; Conflict under one that was taken back; TooMany; Invalid with pointers.
    """
    publication_for(work, publication_id)
    require(work.actor, Permission.COMMUNITY_REPLY)
    row = _standing(work, publication_id)
    text = text_checked(work, "/body", body)
    if not text:
        raise Invalid.field("/body", Sentence("must not be empty"))
    person_id, organisation_id = work.actor.person_id, _speaks_for(work, row)
    if person_id is None:
        raise Forbidden(Permission.COMMUNITY_REPLY.value)
    _slow_down(work)
    model = work.session.get_one(DeviceModel, row.model_id)
    masker, _ = told_about(work, model, _known(work, row, organisation_id), (row.firmware, row.code or ""))
    said = masker.mask(text).text
    line = PublicationLine(
        publication_id=row.id,
        id=uuid4(),
        position=_next_place(work, row),
        is_reply=True,
        state=LineState.VISIBLE,
        alias=_alias(work, row, person_id),
        role=told_role(work.actor.badge_in(organisation_id)),
        body_markdown=said,
        body_html=render_markdown(said),
        said_at=hour_of(work.now),
    )
    voice = {"organisation_id": organisation_id, "publication_id": row.id, "line_id": line.id}
    work.session.add_all([line, PublicationVoice(**voice, person_id=person_id, alias=line.alias)])
    row.line_count += 1
    row.last_word_at = hour_of(work.now)
    work.session.flush()
    record_act(work, "publication.answered", "publication", row.id, organisation_id=organisation_id)
    work.emit(PublicationAnswered(publication_id=row.id, model_id=row.model_id, line_id=line.id))
    return line


def take_answer_back(work: Work, publication_id: UUID, line_id: UUID) -> None:
    """Take back one's own word; the place stays.

    Raises: NotFound; Forbidden for another's.
    """
    publication_for(work, publication_id)
    line = work.session.get(PublicationLine, (publication_id, line_id))
    if line is None or not line.is_reply:
        raise NotFound
    if find_voice(work, line_id) is None:
        raise Forbidden("community:reply", "its author")
    if line.state == LineState.DELETED:
        return
    row = _standing(work, publication_id)
    line.state, line.body_markdown, line.body_html = LineState.DELETED, "", ""
    row.line_count -= 1
    work.session.flush()
    record_act(work, "publication.answer_removed", "publication", row.id)
    work.emit(PublicationAnswered(publication_id=row.id, model_id=row.model_id, line_id=line.id))


def find_voice(work: Work, line_id: UUID) -> PublicationVoice | None:
    """Return the actor's own voice behind a line, if it is theirs."""
    mine = select(PublicationVoice).where(
        PublicationVoice.line_id == line_id, PublicationVoice.person_id == work.actor.person_id
    )
    return work.session.scalars(mine).one_or_none()


def _standing(work: Work, publication_id: UUID) -> Publication:
    row = work.session.get_one(Publication, publication_id, with_for_update=True, populate_existing=True)
    if row.state != PublicationState.STANDING:
        raise Conflict(Sentence("The owner has taken this back."))
    return row


def _speaks_for(work: Work, row: Publication) -> UUID:
    """Return in whose name the actor speaks: of their organisations the first that has such a machine."""
    if work.actor.is_staff:
        operator = find_operator(work)
        if operator is None:
            raise Conflict(Sentence("The operator has no organisation here yet, so nobody speaks for it."))
        return operator.id
    query = (
        select(Ownership.organisation_id)
        .join(Device, Device.id == Ownership.device_id)
        .where(
            Ownership.organisation_id.in_(sorted(work.actor.organisations)),
            Ownership.to_at.is_(None),
            Device.model_id == row.model_id,
        )
        .order_by(Ownership.organisation_id)
    )
    return work.session.scalars(query.limit(1)).one()


def _known(work: Work, row: Publication, organisation_id: UUID) -> Sequence[Known]:
    """Return what the speaker could tell: of all that they belong to; staff know of the owner too."""
    owner = select(PublicationConsent.organisation_id).where(PublicationConsent.publication_id == row.id)
    owners = work.session.scalars(owner).all() if work.actor.is_staff else ()
    speaker = work.session.get_one(Person, work.actor.person_id)
    return known_to(work, speaker, [organisation_id, *work.actor.organisations, *owners])


def _alias(work: Work, row: Publication, person_id: UUID) -> str:
    if work.actor.is_staff:
        return operators_name(work)
    mine = select(PublicationVoice.alias).where(
        PublicationVoice.publication_id == row.id, PublicationVoice.person_id == person_id
    )
    known = work.session.scalars(mine.limit(1)).one_or_none()
    if known is not None:
        return known
    lines = select(PublicationLine.alias).where(PublicationLine.publication_id == row.id)
    return alias_for(work.settings.secret_key, str(row.id), str(person_id), {row.alias, *work.session.scalars(lines)})


def _next_place(work: Work, row: Publication) -> int:
    last = select(func.max(PublicationLine.position)).where(PublicationLine.publication_id == row.id)
    return max(_REPLIES_FROM, (work.session.scalar(last) or 0) + 1)


def _slow_down(work: Work) -> None:
    lately = select(func.count()).where(
        PublicationVoice.person_id == work.actor.person_id,
        PublicationVoice.publication_id == PublicationLine.publication_id,
        PublicationVoice.line_id == PublicationLine.id,
        PublicationLine.is_reply.is_(True),
        PublicationLine.said_at >= hour_of(work.now),
    )
    if (work.session.scalar(lately) or 0) >= MOST_AN_HOUR:
        raise TooMany(Sentence("You may answer %(most)s times an hour in communities.", most=MOST_AN_HOUR), _HOUR_S)
