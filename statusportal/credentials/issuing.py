"""Verbs of giving a machine what it signs in with, and of taking it back."""

from uuid import UUID

from sqlalchemy import select, update

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.audit.service import record_act
from statusportal.credentials.certificates import read_certificate
from statusportal.credentials.errors import SecretTaken
from statusportal.credentials.events import CredentialRevoked
from statusportal.credentials.models import DeviceCredential
from statusportal.credentials.queries import credential_for
from statusportal.credentials.vocabulary import CredentialKind
from statusportal.fleet.queries import device_for
from statusportal.fleet.service import present_ownership
from statusportal.foundation.errors import Faults, Sentence
from statusportal.foundation.ids import new_secret, secret_digest
from statusportal.work import Work

_SHORTEST_SECRET = 8
_LONGEST_SECRET = 200


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
    return keep_token(work, row, name or device.serial, secret)


def issue_gateway_credential(
    work: Work, organisation_id: UUID, name: str = "", secret: str | None = None
) -> tuple[DeviceCredential, str]:
    """Issue a token that speaks for every device of an organisation; it is shown this once.

    Raises: Forbidden, Invalid, SecretTaken.
    """
    require(work.actor, Permission.CREDENTIAL_ADMINISTER, organisation_id)
    row = DeviceCredential(organisation_id=organisation_id, kind=CredentialKind.GATEWAY.value, device_id=None)
    return keep_token(work, row, name or "Gateway", secret)


def accept_certificate(work: Work, device_id: UUID, pem: str, name: str = "") -> DeviceCredential:
    """Let a client certificate speak for one device while it is valid. Its fingerprint is kept, and no key.

    Raises: NotFound, Forbidden, Invalid, SecretTaken.
    """
    device = device_for(work, device_id)
    ownership = present_ownership(work, device, Permission.CREDENTIAL_ADMINISTER)
    faults = Faults()
    facts = read_certificate(faults, "/certificate", pem)
    if facts is not None and facts.expires_at <= work.now:
        faults.note("/certificate", Sentence("has run out"))
    row = DeviceCredential(
        organisation_id=ownership.organisation_id, kind=CredentialKind.CERTIFICATE.value, device_id=device.id
    )
    row.name = faults.line("/name", name or (facts.common_name[:200] if facts else "") or device.serial, most=200)
    faults.close()
    if facts is not None:
        row.secret_digest, row.starts_at, row.expires_at = facts.fingerprint, facts.starts_at, facts.expires_at
    _keep(work, row, Sentence("This certificate cannot be used. Choose another one."))
    return row


def hand_on_credentials(work: Work, device_id: UUID, from_organisation_id: UUID, to_organisation_id: UUID) -> None:
    """Let a device's own credentials speak for its new owner, for a verb that has checked its right to.

    It is for a machine that leaves the maker's stock with the key that was put into it there; a sale ends keys.
    """
    query = update(DeviceCredential).where(
        DeviceCredential.organisation_id == from_organisation_id, DeviceCredential.device_id == device_id
    )
    work.session.execute(query.values(organisation_id=to_organisation_id))


def revoke_credential(work: Work, credential_id: UUID) -> DeviceCredential:
    """Let a machine's credential open nothing any more.

    Raises: NotFound, Forbidden.
    """
    row = credential_for(work, credential_id)
    end_credential(work, row)
    return row


def end_credential(work: Work, row: DeviceCredential) -> None:
    """End a credential for a verb that has checked its right to."""
    row.revoked_at = row.revoked_at or work.now
    record_act(work, "credential.revoked", "credential", row.id, organisation_id=row.organisation_id)
    work.emit(CredentialRevoked(credential_id=row.id, organisation_id=row.organisation_id))


def keep_token(work: Work, row: DeviceCredential, name: str, secret: str | None) -> tuple[DeviceCredential, str]:
    """Fill a token's row in and return it with the token, which is kept as a digest alone.

    Raises: Invalid, SecretTaken.
    """
    faults = Faults()
    row.name = faults.line("/name", name, most=200)
    if secret is not None:
        _check_secret(faults, secret)
    faults.close()
    kept = secret or new_secret("spd")
    row.secret_digest = secret_digest(kept)
    _keep(work, row, Sentence("This token cannot be used. Choose another one."))
    return row, kept


def _keep(work: Work, row: DeviceCredential, if_taken: Sentence) -> None:
    row.created_at = work.now
    known = select(DeviceCredential.id).where(DeviceCredential.secret_digest == row.secret_digest)
    if work.session.scalar(known) is not None:
        raise SecretTaken(if_taken)
    work.session.add(row)
    work.session.flush()
    record_act(work, "credential.issued", "credential", row.id, organisation_id=row.organisation_id, kind=row.kind)


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
