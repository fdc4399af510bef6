"""Reading what rests."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from statusportal.conditions.models import RestingCondition
from statusportal.conditions.policy import visible_rests
from statusportal.work import Work


def rests_of(work: Work, device_id: UUID, ownership_ids: Iterable[UUID]) -> dict[str, RestingCondition]:
    """Return by code what rests on a device under these ownerships, each with who put it aside.

    Shape: a shelf that is over is left out, whether the portal has cleared it yet or not.
    """
    query = (
        select(RestingCondition)
        .where(
            visible_rests(work.actor, work.now),
            RestingCondition.device_id == device_id,
            RestingCondition.ownership_id.in_(set(ownership_ids)),
            or_(RestingCondition.until.is_(None), RestingCondition.until > work.now),
        )
        .options(joinedload(RestingCondition.person))
    )
    return {row.code: row for row in work.session.scalars(query)}
