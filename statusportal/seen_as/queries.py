"""Reads of seeing as a customer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import aliased

from statusportal.accounts.models import Organisation, Person
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.seen_as.models import SeenAs
from statusportal.seen_as.policy import visible_visits
from statusportal.seen_as.vocabulary import Visit
from statusportal.work import Work

_Staff = aliased(Person, name="staff")


def visits_page(work: Work, wanted: Slice) -> Page[Visit]:
    """List who looked as whom, the newest first, as far as it is the actor's to know. One query."""
    query = _visits().where(visible_visits(work.actor))
    if position := wanted.position(datetime, UUID):
        before_at, before_id = position
        same_instant = and_(SeenAs.began_at == before_at, SeenAs.id < before_id)
        query = query.where(or_(SeenAs.began_at < before_at, same_instant))
    ordered = query.order_by(SeenAs.began_at.desc(), SeenAs.id.desc()).limit(wanted.limit + 1)
    page = page_of(work.session.execute(ordered).all(), wanted, lambda row: (row.SeenAs.began_at, row.SeenAs.id))
    return Page([_visit(row) for row in page.items], page.next_cursor)


def find_open_visit(work: Work) -> Visit | None:
    """Return as whom the actor's session sees now, or None. Asked as the portal's job or as the one who is seen as."""
    open_now = (SeenAs.session_id == work.actor.session_id, SeenAs.ended_at.is_(None), SeenAs.ends_at > work.now)
    row = work.session.execute(_visits().where(*open_now).order_by(SeenAs.began_at.desc()).limit(1)).one_or_none()
    return _visit(row) if row else None


def _visits() -> Select[SeenAs, str, str, str]:
    return (
        select(SeenAs, Organisation.name, Person.name, _Staff.name)
        .join(Organisation, Organisation.id == SeenAs.organisation_id)
        .join(Person, Person.id == SeenAs.person_id)
        .join(_Staff, _Staff.id == SeenAs.staff_id)
    )


def _visit(row: Row[SeenAs, str, str, str]) -> Visit:
    found, organisation_name, person_name, staff_name = row
    return Visit(
        id=found.id,
        organisation_id=found.organisation_id,
        organisation_name=organisation_name,
        person_id=found.person_id,
        person_name=person_name,
        staff_id=found.staff_id,
        staff_name=staff_name,
        reason=found.reason,
        began_at=found.began_at,
        ends_at=found.ends_at,
        ended_at=found.ended_at,
        page_count=found.page_count,
    )
