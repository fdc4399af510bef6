"""Reads of credentials."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.credentials.models import DeviceCredential
from statusportal.work import Work


def credentials_of(work: Work, organisation_id: UUID, device_id: UUID | None = None) -> Sequence[DeviceCredential]:
    """List an organisation's machine tokens that still work, the newest first: of one device, or all.

    Raises: Forbidden.
    """
    require(work.actor, Permission.CREDENTIAL_ADMINISTER, organisation_id)
    query = select(DeviceCredential).where(
        DeviceCredential.organisation_id == organisation_id, DeviceCredential.revoked_at.is_(None)
    )
    if device_id is not None:
        query = query.where(DeviceCredential.device_id == device_id)
    return work.session.scalars(query.order_by(DeviceCredential.created_at.desc(), DeviceCredential.id.desc())).all()
