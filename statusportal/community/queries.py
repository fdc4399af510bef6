"""Reading what owners of a model share with each other. Every read starts from `visible_publications`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, or_, select, true

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.anonymity.knowing import count_owners, firmwares_of_many
from statusportal.anonymity.vocabulary import LEAST_OWNERS
from statusportal.catalogue.models import DeviceModel
from statusportal.community.models import Publication, PublicationConsent, PublicationLine, PublicationVoice
from statusportal.community.policy import models_of, visible_publications
from statusportal.community.vocabulary import LineState, PublicationState
from statusportal.entries.models import StatusEntry
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.work import Work

_CODES_SHOWN, _ANSWERS_SHOWN = 5, 20


@dataclass(frozen=True, slots=True)
class PublicationFilters:
    """Narrow a community's publications; what is left out narrows nothing."""

    firmware: str | None = None
    code: str | None = None


def publication_for(work: Work, publication_id: UUID) -> Publication:
    """Return a publication; one that was taken back is its place alone.

    Raises: NotFound when it is missing or for owners of another model.
    """
    require(work.actor, Permission.COMMUNITY_READ)
    query = select(Publication).where(Publication.id == publication_id, visible_publications(work.actor))
    row = work.session.scalars(query).one_or_none()
    if row is None or work.session.scalar(query.where(told_of(work, [row.model_id]))) is None:
        raise NotFound
    return row


def told_of(work: Work, model_ids: Collection[UUID]) -> ColumnElement[bool]:
    """Keep what was shared about those of the models that enough organisations own still; one's own stays in sight."""
    few = [one for one in model_ids if work.once(("owners", one), partial(count_owners, work, one)) < LEAST_OWNERS]
    if work.actor.is_operator or not few:
        return true()
    own = PublicationConsent.organisation_id.in_(sorted(work.actor.organisations))
    return or_(
        Publication.model_id.not_in(few), Publication.id.in_(select(PublicationConsent.publication_id).where(own))
    )


def lines_page(work: Work, publication_id: UUID, wanted: Slice) -> Page[PublicationLine]:
    """List what stands under a publication, in reading order; nothing under one that was taken back.

    Raises: NotFound.
    """
    row = publication_for(work, publication_id)
    if row.state != PublicationState.STANDING:
        return Page(())
    place = (PublicationLine.position, PublicationLine.id)
    query = select(PublicationLine).where(PublicationLine.publication_id == row.id).order_by(*place)
    after = wanted.position(int, UUID)
    if after is not None:
        query = query.where(or_(place[0] > after[0], and_(place[0] == after[0], place[1] > after[1])))
    rows = work.session.scalars(query.limit(wanted.limit + 1)).all()
    return page_of(rows, wanted, lambda line: (line.position, line.id))


def own_lines(work: Work, publication_id: UUID) -> Collection[UUID]:
    """Return which lines under a publication the actor said themselves."""
    mine = select(PublicationVoice.line_id).where(
        PublicationVoice.publication_id == publication_id, PublicationVoice.person_id == work.actor.person_id
    )
    return set(work.session.scalars(mine))


def community_model(work: Work, *, slug: str = "", model_id: UUID | None = None) -> DeviceModel:
    """Return a model whose community the actor belongs to.

    Raises: NotFound when it is missing, or the actor's organisations have no machine of it.
    """
    require(work.actor, Permission.COMMUNITY_READ)
    named = DeviceModel.slug == slug if model_id is None else DeviceModel.id == model_id
    query = select(DeviceModel).where(named)
    if not work.actor.is_operator:
        query = query.where(DeviceModel.id.in_(models_of(work.actor)))
    row = work.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def publications_page(work: Work, model_id: UUID, wanted: Slice, filters: PublicationFilters) -> Page[Publication]:
    """List what was shared about a model, what nobody has answered first, then by the last word."""
    silent = case((Publication.line_count == 0, 0), else_=1)
    query = select(Publication).where(*standing_about(work, model_id))
    if filters.firmware is not None:
        query = query.where(Publication.firmware.in_({filters.firmware} & firmwares_of_many(work, model_id)))
    if filters.code is not None:
        query = query.where(Publication.code == filters.code)
    position = wanted.position(int, datetime, UUID)
    if position is not None:
        is_answered, last_word_at, row_id = position
        older = or_(
            Publication.last_word_at < last_word_at,
            and_(Publication.last_word_at == last_word_at, Publication.id < row_id),
        )
        query = query.where(or_(silent > is_answered, and_(silent == is_answered, older)))
    ordered = query.order_by(silent, Publication.last_word_at.desc(), Publication.id.desc())
    rows = work.session.scalars(ordered.limit(wanted.limit + 1)).all()
    return page_of(rows, wanted, lambda row: (int(row.line_count > 0), row.last_word_at, row.id))


def answers_to(work: Work, entry: StatusEntry) -> Sequence[PublicationLine]:
    """List the last of the community's words under a shared entry, for its owner and staff; one query, or none."""
    if entry.publication_id is None or not work.actor.belongs_to(entry.organisation_id):
        return ()
    query = select(PublicationLine).where(
        PublicationLine.publication_id == entry.publication_id,
        PublicationLine.is_reply.is_(True),
        PublicationLine.state == LineState.VISIBLE,
    )
    return work.session.scalars(query.order_by(PublicationLine.position.desc()).limit(_ANSWERS_SHOWN)).all()[::-1]


def standing_about(work: Work, model_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Keep what owners of a model share that the actor may read."""
    return (
        Publication.model_id == model_id,
        Publication.state == PublicationState.STANDING,
        visible_publications(work.actor),
        told_of(work, [model_id]),
    )
