"""Reading follows: one's own, and for the portal's jobs those of a thing."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import and_, or_, select

from statusportal.entries.models import StatusEntry
from statusportal.fleet.models import Device
from statusportal.following.models import Follow
from statusportal.following.vocabulary import FollowedKind
from statusportal.work import Work


def find_follow(work: Work, kind: FollowedKind, thing_id: UUID) -> Follow | None:
    """Return the actor's own follow of a thing that they were found to see; None where there is none."""
    if work.actor.person_id is None:
        return None
    return work.session.get(Follow, (work.actor.person_id, kind.value, thing_id))


def my_follows(work: Work) -> Sequence[Follow]:
    """List what the actor follows, the newest first."""
    query = select(Follow).where(Follow.person_id == work.actor.person_id)
    return work.session.scalars(query.order_by(Follow.since_at.desc(), Follow.thing_id).limit(200)).all()


def followers_of(work: Work, entry: StatusEntry, device: Device) -> Mapping[UUID, Follow]:
    """Return who follows an entry, for the portal's jobs: by the entry itself, else by its machine, else by its model.

    It says nothing of rights: they are asked of each when something is told.
    """
    things = {FollowedKind.ENTRY: entry.id, FollowedKind.DEVICE: device.id, FollowedKind.MODEL: device.model_id}
    named = [and_(Follow.kind == kind.value, Follow.thing_id == thing_id) for kind, thing_id in things.items()]
    nearest = [kind.value for kind in things]
    rows = work.session.scalars(select(Follow).where(or_(*named)))
    return {row.person_id: row for row in sorted(rows, key=lambda row: -nearest.index(row.kind))}
