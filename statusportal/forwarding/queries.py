"""Reading forwardings and their parcels."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from statusportal.accounts.queries import organisation_for
from statusportal.forwarding.models import Forwarding, Parcel
from statusportal.forwarding.policy import visible_forwardings
from statusportal.forwarding.vocabulary import ForwardingState, ParcelState
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.work import Work


def forwarding_for(work: Work, forwarding_id: UUID) -> Forwarding:
    """Return one forwarding.

    Raises: NotFound.
    """
    query = select(Forwarding).where(Forwarding.id == forwarding_id, visible_forwardings(work.actor))
    found = work.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def forwardings_of(work: Work, organisation_id: UUID) -> Sequence[Forwarding]:
    """List whom an organisation chose, the newest first; ended ones too.

    Raises: NotFound.
    """
    organisation_for(work, organisation_id)
    query = select(Forwarding).where(Forwarding.organisation_id == organisation_id, visible_forwardings(work.actor))
    return work.session.scalars(query.order_by(Forwarding.created_at.desc(), Forwarding.id.desc())).all()


def parcels_page(work: Work, forwarding_id: UUID, wanted: Slice) -> Page[Parcel]:
    """List what was sent and what was not, the newest first.

    Raises: NotFound.
    """
    row = forwarding_for(work, forwarding_id)
    query = select(Parcel).where(Parcel.organisation_id == row.organisation_id, Parcel.forwarding_id == row.id)
    if position := wanted.position(datetime, UUID):
        query = query.where(tuple_(Parcel.created_at, Parcel.id) < tuple_(*position))
    newest = query.order_by(Parcel.created_at.desc(), Parcel.id.desc()).limit(wanted.limit + 1)
    return page_of(work.session.scalars(newest).all(), wanted, lambda parcel: (parcel.created_at, parcel.id))


def running_forwardings(work: Work, organisation_id: UUID | None = None) -> Sequence[Forwarding]:
    """Return those that get what is new, for the queue: of one organisation, or all."""
    query = select(Forwarding).where(*_is_running(work))
    if organisation_id is not None:
        query = query.where(Forwarding.organisation_id == organisation_id)
    return work.session.scalars(query.order_by(Forwarding.id)).all()


def next_parcels(work: Work) -> Sequence[Parcel]:
    """Return the first parcel that waits of each running forwarding, where it is due: order is kept for each."""
    place = func.row_number().over(partition_by=Parcel.forwarding_id, order_by=Parcel.id).label("place")
    running = select(Forwarding.id).where(*_is_running(work))
    waiting = (
        select(Parcel.id, place)
        .where(Parcel.state == ParcelState.WAITING.value, Parcel.forwarding_id.in_(running))
        .subquery()
    )
    first = select(waiting.c.id).where(waiting.c.place == 1)
    query = select(Parcel).where(Parcel.id.in_(first), Parcel.next_try_at <= work.now)
    return work.session.scalars(query.order_by(Parcel.next_try_at)).all()


def count_waiting(work: Work, forwarding_id: UUID) -> int:
    """Count the parcels that wait for one receiver."""
    query = select(func.count()).where(Parcel.forwarding_id == forwarding_id, Parcel.state == ParcelState.WAITING.value)
    return work.session.scalar(query) or 0


def _is_running(work: Work) -> tuple[ColumnElement[bool], ...]:
    still = or_(Forwarding.ends_at.is_(None), Forwarding.ends_at > work.now)
    return Forwarding.state == ForwardingState.RUNNING.value, still
