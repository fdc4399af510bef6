"""Reading takeouts, one's own."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_

from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.takeout.models import Takeout
from statusportal.takeout.policy import visible_takeouts
from statusportal.takeout.vocabulary import UNDERWAY, TakeoutState
from statusportal.work import Work


def takeout_for(work: Work, takeout_id: UUID) -> Takeout:
    """Return one of the actor's takeouts.

    Raises: NotFound.
    """
    query = select(Takeout).where(Takeout.id == takeout_id, visible_takeouts(work.actor))
    found = work.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def takeouts_page(work: Work, wanted: Slice) -> Page[Takeout]:
    """List the actor's takeouts, the newest first."""
    query = select(Takeout).where(visible_takeouts(work.actor))
    if position := wanted.position(datetime, UUID):
        query = query.where(tuple_(Takeout.asked_at, Takeout.id) < tuple_(*position))
    newest = query.order_by(Takeout.asked_at.desc(), Takeout.id.desc()).limit(wanted.limit + 1)
    return page_of(work.session.scalars(newest).all(), wanted, lambda row: (row.asked_at, row.id))


def find_underway(work: Work, organisation_id: UUID | None) -> Takeout | None:
    """Return what the actor asked for and is still being made, of themselves or of an organisation."""
    same = Takeout.organisation_id == organisation_id if organisation_id else Takeout.organisation_id.is_(None)
    query = select(Takeout).where(visible_takeouts(work.actor), same, Takeout.state.in_(UNDERWAY))
    return work.session.scalars(query.limit(1)).one_or_none()


def next_to_make(work: Work) -> Takeout | None:
    """Return the oldest takeout that waits or was begun, for the job."""
    query = select(Takeout).where(visible_takeouts(work.actor), Takeout.state.in_(UNDERWAY))
    return work.session.scalars(query.order_by(Takeout.asked_at, Takeout.id).limit(1)).one_or_none()


def due_to_expire(work: Work) -> Sequence[Takeout]:
    """Return the files whose time is over, for the job."""
    query = select(Takeout).where(
        visible_takeouts(work.actor), Takeout.state == TakeoutState.READY.value, Takeout.expires_at <= work.now
    )
    return work.session.scalars(query).all()


def kept_keys(work: Work) -> frozenset[str]:
    """Return the names of the files that are still wanted, for the job that removes the others."""
    wanted = (*UNDERWAY, TakeoutState.READY)
    return frozenset(work.session.scalars(select(Takeout.storage_key).where(Takeout.state.in_(wanted))))
