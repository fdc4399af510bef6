"""Reading whose erasing waits, and the ledger of what was done, which names nobody."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.models import Membership, Person
from statusportal.erasure.models import ErasureRecord, ErasureWish
from statusportal.erasure.policy import visible_wishes
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.work import Work


def wish_for(work: Work, wish_id: UUID) -> ErasureWish:
    """Return one wish that waits.

    Raises: NotFound.
    """
    found = work.session.scalar(select(ErasureWish).where(ErasureWish.id == wish_id, visible_wishes(work.actor)))
    if found is None:
        raise NotFound
    return found


def find_wish_about(work: Work, subject_id: UUID) -> ErasureWish | None:
    """Return the wish that waits about a person or an organisation."""
    about = (ErasureWish.person_id == subject_id) | (ErasureWish.erased_organisation_id == subject_id)
    return work.session.scalar(select(ErasureWish).where(about, visible_wishes(work.actor)))


def waiting_wishes_page(work: Work, wanted: Slice) -> Page[ErasureWish]:
    """List whose erasing waits, the next due first.

    Raises: Forbidden.
    """
    require(work.actor, Permission.PERSON_ERASE)
    query = select(ErasureWish).where(visible_wishes(work.actor))
    if position := wanted.position(datetime, UUID):
        query = query.where(tuple_(ErasureWish.due_at, ErasureWish.id) > tuple_(*position))
    rows = work.session.scalars(query.order_by(ErasureWish.due_at, ErasureWish.id).limit(wanted.limit + 1)).all()
    return page_of(rows, wanted, lambda row: (row.due_at, row.id))


def done_page(work: Work, wanted: Slice) -> Page[ErasureRecord]:
    """List what was erased, the last asked for first: a kind and a day, never whom.

    Raises: Forbidden.
    """
    require(work.actor, Permission.PERSON_ERASE)
    query = select(ErasureRecord)
    if position := wanted.position(datetime, UUID):
        query = query.where(tuple_(ErasureRecord.at, ErasureRecord.id) < tuple_(*position))
    newest = query.order_by(ErasureRecord.at.desc(), ErasureRecord.id.desc()).limit(wanted.limit + 1)
    return page_of(work.session.scalars(newest).all(), wanted, lambda row: (row.at, row.id))


def members_of_it_alone(work: Work, organisation_id: UUID) -> Sequence[UUID]:
    """Return who belongs to an organisation and to nothing else: they go with it."""
    elsewhere = select(Membership.person_id).where(Membership.organisation_id != organisation_id)
    query = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.person_id.not_in(elsewhere),
            Person.staff_role.is_(None),
        )
    )
    return work.session.scalars(query).all()
