"""Who is told of a visit: the people that decide for the machine's owner, and whoever planned it."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from statusportal.access.vocabulary import MemberRole
from statusportal.accounts.models import Membership
from statusportal.maintenance.events import VisitConfirmed, WorkMoved
from statusportal.maintenance.models import PlannedWork
from statusportal.maintenance.vocabulary import WorkKind
from statusportal.upkeep.events import VisitTold
from statusportal.work import Work, beyond_walls


def tell_of_visit(work: Work, event: VisitConfirmed | WorkMoved) -> None:
    """Name each person who is to hear that a visit was confirmed or moved; who did it knows."""
    row = work.session.get_one(PlannedWork, (event.organisation_id, event.work_id))
    if row.kind != WorkKind.VISIT:
        return
    for person_id in _concerned(work, row):
        work.emit(VisitTold(organisation_id=row.organisation_id, work_id=row.id, person_id=person_id, state=row.state))


def _concerned(work: Work, row: PlannedWork) -> Iterator[UUID]:
    query = select(Membership.person_id).where(
        Membership.organisation_id == row.organisation_id, Membership.role == MemberRole.CUSTOMER_ADMIN
    )
    # A maker's engineer and a dealer see nobody's membership; only ids leave this block.
    with beyond_walls(work):
        administrators = set(work.session.scalars(query))
    concerned = administrators | ({row.planned_by} if row.planned_by else set())
    yield from sorted(concerned - {work.actor.person_id})
