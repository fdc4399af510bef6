"""From a machine's token to the machine. Edges ask as SYSTEM, on the way in."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select, update

from statusportal.credentials.models import DeviceCredential
from statusportal.credentials.vocabulary import CredentialKind, Machine
from statusportal.fleet.models import Ownership
from statusportal.fleet.policy import owned_at
from statusportal.foundation.ids import secret_digest
from statusportal.work import Work

# Seldom enough to cost nothing beside the samples of ten thousand devices.
_USED_STEP = timedelta(hours=1)


def machine_of_token(work: Work, secret: str) -> Machine | None:
    """Return the machine behind a token, or None when it opens nothing.

    A device's token dies with the ownership it was issued under: a seller who kept it must not speak for the machine
    of the buyer. A gateway's token lives on, and its reach follows what its organisation has.
    """
    found = work.session.execute(
        select(DeviceCredential)
        .outerjoin(
            Ownership,
            (Ownership.device_id == DeviceCredential.device_id)
            & (Ownership.organisation_id == DeviceCredential.organisation_id)
            & owned_at(work.now),
        )
        .where(
            DeviceCredential.secret_digest == secret_digest(secret),
            DeviceCredential.revoked_at.is_(None),
            or_(DeviceCredential.kind == CredentialKind.GATEWAY.value, Ownership.id.is_not(None)),
        )
    ).scalar_one_or_none()
    if found is None:
        return None
    is_touch_due = found.used_at is None or found.used_at <= work.now - _USED_STEP
    return Machine(found.id, CredentialKind(found.kind), found.organisation_id, found.device_id, is_touch_due)


def note_credential_used(work: Work, credential_id: UUID) -> None:
    """Keep when a token was last used, at most once an hour."""
    work.session.execute(
        update(DeviceCredential)
        .where(
            DeviceCredential.id == credential_id,
            or_(DeviceCredential.used_at.is_(None), DeviceCredential.used_at <= work.now - _USED_STEP),
        )
        .values(used_at=work.now)
    )
