"""Verbs of sharing: letting somebody at a device for a time, and the tokens that machines sign in with."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import Right
from statusportal.accounts.models import Organisation, Person
from statusportal.audit.service import record_act
from statusportal.fleet.errors import SecretTaken
from statusportal.fleet.events import AccessGranted, AccessRevoked, CredentialRevoked
from statusportal.fleet.models import AccessGrant, DeviceCredential, Ownership
from statusportal.fleet.policy import visible_grants
from statusportal.fleet.queries import device_for
from statusportal.fleet.service import present_ownership
from statusportal.fleet.vocabulary import CredentialKind
from statusportal.foundation.errors import Faults, Forbidden, Invalid, NotFound, Sentence
from statusportal.foundation.ids import new_secret, secret_digest
from statusportal.work import Work

_SHORTEST_SECRET = 8
_LONGEST_SECRET = 200


def grant_access(
    work: Work,
    device_id: UUID,
    receiver: Organisation | Person,
    rights: Right,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
) -> AccessGrant:
    """Let an organisation or a person at one's device, from now or `from_at` until `to_at`, or until it is revoked.

    Shape: VIEW is always in: nobody can comment on what they cannot see. The grant stands under the ownership that
    holds at `from_at`, so that an owner can hand over the history of their own time, and no other.
    Raises: NotFound, Forbidden, Invalid.
    """
    device = device_for(work, device_id)
    begins = from_at or work.now
    if to_at is not None and to_at <= max(begins, work.now):
        raise Invalid.field("/to_at", Sentence("must lie ahead, after the beginning"))
    ownership = _ownership_to_share(work, device.id, begins)
    if isinstance(receiver, Organisation) and receiver.id == ownership.organisation_id:
        raise Invalid.field("/to", Sentence("has the device already"))
    row = AccessGrant(
        organisation_id=ownership.organisation_id,
        device_id=device.id,
        ownership_id=ownership.id,
        to_organisation_id=receiver.id if isinstance(receiver, Organisation) else None,
        to_person_id=receiver.id if isinstance(receiver, Person) else None,
        rights=(rights | Right.VIEW).value,
        from_at=begins,
        to_at=to_at,
        created_at=work.now,
        created_by=work.actor.person_id,
    )
    work.session.add(row)
    work.session.flush()
    _record(work, "grant.made", row)
    work.emit(AccessGranted(grant_id=row.id, organisation_id=row.organisation_id, device_id=device.id))
    return row


def revoke_grant(work: Work, grant_id: UUID) -> None:
    """End a grant at once.

    Raises: NotFound, Forbidden.
    """
    row = work.session.scalar(select(AccessGrant).where(AccessGrant.id == grant_id, visible_grants(work.actor)))
    if row is None:
        raise NotFound
    require(work.actor, Permission.DEVICE_SHARE, row.organisation_id)
    row.revoked_at = row.revoked_at or work.now
    _record(work, "grant.revoked", row)
    work.emit(AccessRevoked(grant_id=row.id, organisation_id=row.organisation_id, device_id=row.device_id))


def _record(work: Work, act: str, row: AccessGrant) -> None:
    receiver = str(row.to_organisation_id or row.to_person_id)
    codes: dict[str, str | float | None] = {"grant_id": str(row.id), "rights": row.rights, "receiver": receiver}
    record_act(work, act, "device", row.device_id, organisation_id=row.organisation_id, **codes)


def issue_device_credential(
    work: Work, device_id: UUID, name: str = "", secret: str | None = None
) -> tuple[DeviceCredential, str]:
    """Issue a token that speaks for one device; it is shown this once. `secret` keeps one the machine has already.

    Raises: NotFound, Forbidden, Invalid, SecretTaken.
    """
    device = device_for(work, device_id)
    ownership = present_ownership(work, device, Permission.CREDENTIAL_ADMINISTER)
    row = DeviceCredential(
        organisation_id=ownership.organisation_id, kind=CredentialKind.DEVICE.value, device_id=device.id
    )
    return _issue(work, row, name or device.serial, secret)


def issue_gateway_credential(
    work: Work, organisation_id: UUID, name: str = "", secret: str | None = None
) -> tuple[DeviceCredential, str]:
    """Issue a token that speaks for every device of an organisation; it is shown this once.

    Raises: Forbidden, Invalid, SecretTaken.
    """
    require(work.actor, Permission.CREDENTIAL_ADMINISTER, organisation_id)
    row = DeviceCredential(organisation_id=organisation_id, kind=CredentialKind.GATEWAY.value, device_id=None)
    return _issue(work, row, name or "Gateway", secret)


def revoke_credential(work: Work, credential_id: UUID) -> DeviceCredential:
    """Let a machine's token open nothing any more.

    Raises: NotFound, Forbidden.
    """
    query = select(DeviceCredential).where(DeviceCredential.id == credential_id)
    if not work.actor.is_operator:
        query = query.where(DeviceCredential.organisation_id.in_(work.actor.organisations))
    row = work.session.scalar(query)
    if row is None:
        raise NotFound
    require(work.actor, Permission.CREDENTIAL_ADMINISTER, row.organisation_id)
    row.revoked_at = row.revoked_at or work.now
    record_act(work, "credential.revoked", "credential", row.id, organisation_id=row.organisation_id)
    work.emit(CredentialRevoked(credential_id=row.id, organisation_id=row.organisation_id))
    return row


def _ownership_to_share(work: Work, device_id: UUID, at: datetime) -> Ownership:
    """Return the ownership of one's own that holds at an instant, whoever's it is when staff asks."""
    query = select(Ownership).where(Ownership.device_id == device_id).order_by(Ownership.from_at.desc())
    if not work.actor.is_operator:
        query = query.where(Ownership.organisation_id.in_(work.actor.organisations))
    rows: Sequence[Ownership] = work.session.scalars(query).all()
    if not rows and not work.actor.is_operator:
        raise Forbidden(Permission.DEVICE_SHARE.value, "the owner")
    fitting = [row for row in rows if row.from_at <= at and (row.to_at is None or at < row.to_at)]
    if not fitting:
        raise Invalid.field("/from", Sentence("lies outside the time in which the device is yours"))
    require(work.actor, Permission.DEVICE_SHARE, fitting[0].organisation_id)
    return fitting[0]


def _issue(work: Work, row: DeviceCredential, name: str, secret: str | None) -> tuple[DeviceCredential, str]:
    faults = Faults()
    row.name = faults.line("/name", name, most=200)
    if secret is not None:
        _check_secret(faults, secret)
    faults.close()
    kept = secret or new_secret("spd")
    row.secret_digest = secret_digest(kept)
    row.created_at = work.now
    known = select(DeviceCredential.id).where(DeviceCredential.secret_digest == row.secret_digest)
    if work.session.scalar(known) is not None:
        raise SecretTaken(Sentence("This token cannot be used. Choose another one."))
    work.session.add(row)
    work.session.flush()
    record_act(work, "credential.issued", "credential", row.id, organisation_id=row.organisation_id, kind=row.kind)
    return row, kept


def _check_secret(faults: Faults, secret: str) -> None:
    if not _SHORTEST_SECRET <= len(secret) <= _LONGEST_SECRET:
        faults.note(
            "/secret",
            Sentence("must have %(least)s to %(most)s characters", least=_SHORTEST_SECRET, most=_LONGEST_SECRET),
        )
    elif not (secret.isascii() and secret.isprintable()) or any(sign in secret for sign in " /"):
        faults.note("/secret", Sentence("must be printable ASCII without blanks and slashes"))
    elif secret.startswith(("spp_", "sps_", "spi_")):
        faults.note("/secret", Sentence("looks like a person's secret"))
