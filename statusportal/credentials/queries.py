"""Reads of credentials, for who administers them. No token is among them: digests are all that is kept."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.queries import organisation_for
from statusportal.credentials.models import DeviceCredential
from statusportal.credentials.vocabulary import CredentialKind
from statusportal.fleet.queries import device_for
from statusportal.fleet.service import present_ownership
from statusportal.foundation.errors import NotFound
from statusportal.work import Work


def credentials_of(work: Work, organisation_id: UUID, device_id: UUID | None = None) -> Sequence[DeviceCredential]:
    """List an organisation's credentials that still open something or will, the newest first: of one device, or all.

    Raises: Forbidden.
    """
    require(work.actor, Permission.CREDENTIAL_ADMINISTER, organisation_id)
    query = select(DeviceCredential).where(DeviceCredential.organisation_id == organisation_id, is_alive(work))
    if device_id is not None:
        query = query.where(DeviceCredential.device_id == device_id)
    return work.session.scalars(query.order_by(DeviceCredential.created_at.desc(), DeviceCredential.id.desc())).all()


def credentials_of_device(work: Work, device_id: UUID) -> Sequence[DeviceCredential]:
    """List the credentials that a device has under its present owner, the newest first.

    Raises: NotFound, Forbidden.
    """
    ownership = present_ownership(work, device_for(work, device_id), Permission.CREDENTIAL_ADMINISTER)
    return credentials_of(work, ownership.organisation_id, device_id)


def gateway_credentials_of(work: Work, organisation_id: UUID) -> Sequence[DeviceCredential]:
    """List an organisation's gateway tokens, the newest first.

    Raises: NotFound, Forbidden.
    """
    rows = credentials_of(work, organisation_for(work, organisation_id).id)
    return [row for row in rows if row.kind == CredentialKind.GATEWAY]


def credential_for(work: Work, credential_id: UUID) -> DeviceCredential:
    """Return a credential of an organisation of the actor's that the actor administers; ended ones too.

    Raises: NotFound, Forbidden.
    """
    query = select(DeviceCredential).where(DeviceCredential.id == credential_id)
    if not work.actor.is_operator:
        query = query.where(DeviceCredential.organisation_id.in_(work.actor.organisations))
    row = work.session.scalar(query)
    if row is None:
        raise NotFound
    require(work.actor, Permission.CREDENTIAL_ADMINISTER, row.organisation_id)
    return row


def is_alive(work: Work) -> ColumnElement[bool]:
    """Limit to credentials that were not revoked and have not run out."""
    has_time = or_(DeviceCredential.expires_at.is_(None), DeviceCredential.expires_at > work.now)
    return DeviceCredential.revoked_at.is_(None) & has_time
