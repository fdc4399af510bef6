"""Reading forwardings and their parcels."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.queries import organisation_for
from statusportal.fleet.models import Device
from statusportal.fleet.queries import devices_by_serial
from statusportal.forwarding.models import Forwarding, Parcel
from statusportal.forwarding.policy import visible_forwardings
from statusportal.forwarding.vocabulary import ForwardingState, ParcelState
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.work import Work

_SHOWN = 100


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

    Raises: NotFound, Forbidden.
    """
    require(work.actor, Permission.FORWARDING_ADMINISTER, organisation_for(work, organisation_id).id)
    query = select(Forwarding).where(Forwarding.organisation_id == organisation_id, visible_forwardings(work.actor))
    return work.session.scalars(query.order_by(Forwarding.created_at.desc(), Forwarding.id.desc())).all()


def my_forwardings(work: Work) -> Sequence[Forwarding]:
    """List whom the actor's organisations chose: those that go on first, then the newest, as many as fit a page."""
    query = select(Forwarding).where(visible_forwardings(work.actor))
    is_over = Forwarding.state == ForwardingState.ENDED.value
    return work.session.scalars(
        query.order_by(is_over, Forwarding.created_at.desc(), Forwarding.id.desc()).limit(_SHOWN)
    ).all()


def count_going_on(work: Work, organisation_id: UUID) -> int:
    """Count an organisation's forwardings that have not ended."""
    query = select(func.count()).where(
        Forwarding.organisation_id == organisation_id, Forwarding.state != ForwardingState.ENDED.value
    )
    return work.session.scalar(query) or 0


def machines_named(work: Work, organisation_id: UUID, serials: Sequence[str]) -> Mapping[str, Device]:
    """Return an organisation's machines by serial number, for who may forward their data and for nobody else.

    Raises: Forbidden.
    """
    require(work.actor, Permission.FORWARDING_ADMINISTER, organisation_id)
    return devices_by_serial(work, organisation_id, serials)


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


def fed_forwardings(work: Work, organisation_id: UUID | None = None) -> Sequence[Forwarding]:
    """Return those for which what is new is kept, paused ones too: of one organisation, or all."""
    query = select(Forwarding).where(Forwarding.state != ForwardingState.ENDED.value, has_time_left(work))
    if organisation_id is not None:
        query = query.where(Forwarding.organisation_id == organisation_id)
    return work.session.scalars(query.order_by(Forwarding.id)).all()


def next_parcels(work: Work) -> Sequence[Parcel]:
    """Return the first parcel that waits of each running forwarding, where it is due: nothing overtakes it."""
    place = func.row_number().over(partition_by=Parcel.forwarding_id, order_by=Parcel.id).label("place")
    running = select(Forwarding.id).where(Forwarding.state == ForwardingState.RUNNING.value, has_time_left(work))
    waiting = select(Parcel.id, place).where(is_waiting(), Parcel.forwarding_id.in_(running)).subquery()
    first = select(waiting.c.id).where(waiting.c.place == 1)
    query = select(Parcel).where(Parcel.id.in_(first), Parcel.next_try_at <= work.now)
    return work.session.scalars(query.order_by(Parcel.next_try_at)).all()


def find_last_waiting(work: Work, row: Forwarding) -> Parcel | None:
    """Return the parcel to which the newest may be added: the last that waits, held against being sent meanwhile."""
    query = select(Parcel).where(is_waiting(), Parcel.organisation_id == row.organisation_id)
    query = query.where(Parcel.forwarding_id == row.id).order_by(Parcel.id.desc()).limit(1)
    return work.session.scalar(query.with_for_update())


def waiting_for(work: Work, forwardings: Sequence[Forwarding]) -> Mapping[UUID, int]:
    """Count the items that wait for each receiver."""
    query = select(Parcel.forwarding_id, func.sum(Parcel.item_count)).where(
        is_waiting(),
        Parcel.organisation_id.in_({one.organisation_id for one in forwardings}),
        Parcel.forwarding_id.in_([one.id for one in forwardings]),
    )
    counted = {
        forwarding_id: int(count) for forwarding_id, count in work.session.execute(query.group_by(Parcel.forwarding_id))
    }
    return {one.id: counted.get(one.id, 0) for one in forwardings}


def is_waiting() -> ColumnElement[bool]:
    """Limit parcels to those that are to be sent."""
    return Parcel.state == ParcelState.WAITING.value


def has_time_left(work: Work) -> ColumnElement[bool]:
    """Limit forwardings to those whose last day has not come."""
    return or_(Forwarding.ends_at.is_(None), Forwarding.ends_at > work.now)
