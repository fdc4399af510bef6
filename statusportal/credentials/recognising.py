"""From a token or a certificate to the machine. Edges ask as SYSTEM, on the way in."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from statusportal.audit.service import record_act
from statusportal.credentials.events import CredentialRevoked
from statusportal.credentials.models import DeviceCredential
from statusportal.credentials.queries import is_alive
from statusportal.credentials.vocabulary import TOKENS, CredentialKind, Machine
from statusportal.fleet.models import Ownership
from statusportal.fleet.policy import owned_at
from statusportal.foundation.ids import secret_digest
from statusportal.work import Work

# Seldom enough to cost nothing beside the samples of ten thousand devices.
_USED_STEP = timedelta(hours=1)
_AT_ONCE = 500


def machine_of_token(work: Work, secret: str) -> Machine | None:
    """Return the machine behind a token, or None when it opens nothing.

    A device's token dies with the ownership it was issued under: a seller who kept it must not speak for the machine
    of the buyer. A gateway's token lives on, and its reach follows what its organisation has.
    """
    return _machine(work, (DeviceCredential.secret_digest == secret_digest(secret)) & DeviceCredential.kind.in_(TOKENS))


def machine_of_certificate(work: Work, fingerprint: str) -> Machine | None:
    """Return the machine behind a certificate that is valid now, or None; it dies with the ownership too."""
    known = (DeviceCredential.secret_digest == fingerprint) & (DeviceCredential.starts_at <= work.now)
    return _machine(work, known & (DeviceCredential.kind == CredentialKind.CERTIFICATE.value))


def machines_of_credentials(work: Work, credential_ids: Collection[UUID]) -> Sequence[Machine]:
    """Return the machines behind those credentials that still open something: for connections that stay open."""
    asked = list(credential_ids)
    found: list[Machine] = []
    for start in range(0, len(asked), _AT_ONCE):
        found += _machines(work, DeviceCredential.id.in_(asked[start : start + _AT_ONCE]))
    return found


def note_credential_used(work: Work, credential_id: UUID) -> None:
    """Keep when a credential was last used, at most once an hour; its first use ends the one it replaces."""
    query = select(DeviceCredential).where(
        DeviceCredential.id == credential_id,
        or_(DeviceCredential.used_at.is_(None), DeviceCredential.used_at <= work.now - _USED_STEP),
    )
    row = work.session.scalar(query.with_for_update())
    if row is None:
        return
    if row.used_at is None and row.replaces_id is not None:
        _end_replaced(work, row.organisation_id, row.replaces_id)
    row.used_at = work.now


def _end_replaced(work: Work, organisation_id: UUID, credential_id: UUID) -> None:
    old = work.session.get(DeviceCredential, (organisation_id, credential_id))
    if old is None or old.revoked_at is not None:
        return
    old.revoked_at = work.now
    record_act(work, "credential.replaced", "credential", old.id, organisation_id=organisation_id)
    work.emit(CredentialRevoked(credential_id=old.id, organisation_id=organisation_id))


def _machine(work: Work, which: ColumnElement[bool]) -> Machine | None:
    return next(iter(_machines(work, which)), None)


def _machines(work: Work, which: ColumnElement[bool]) -> Sequence[Machine]:
    query = (
        select(DeviceCredential)
        .outerjoin(
            Ownership,
            (Ownership.device_id == DeviceCredential.device_id)
            & (Ownership.organisation_id == DeviceCredential.organisation_id)
            & owned_at(work.now),
        )
        .where(
            which,
            is_alive(work),
            or_(DeviceCredential.kind == CredentialKind.GATEWAY.value, Ownership.id.is_not(None)),
        )
    )
    due_at = work.now - _USED_STEP
    return [
        Machine(
            found.id,
            CredentialKind(found.kind),
            found.organisation_id,
            found.device_id,
            is_touch_due=found.used_at is None or found.used_at <= due_at,
        )
        for found in work.session.scalars(query)
    ]
