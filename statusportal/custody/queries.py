"""Reads of custody."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from statusportal.fleet.models import AccessGrant
from statusportal.fleet.policy import visible_grants
from statusportal.fleet.queries import device_for
from statusportal.work import Work


def grants_of(work: Work, device_id: UUID) -> Sequence[AccessGrant]:
    """List what the actor's organisations granted on a device, the newest first; ended ones too.

    Raises: NotFound.
    """
    device = device_for(work, device_id)
    query = select(AccessGrant).where(AccessGrant.device_id == device.id, visible_grants(work.actor))
    return work.session.scalars(query.order_by(AccessGrant.created_at.desc(), AccessGrant.id.desc())).all()
