"""Verbs of the tokens that machines sign in with."""

from uuid import UUID

from sqlalchemy import select, update

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.audit.service import record_act
from statusportal.credentials.errors import SecretTaken
from statusportal.credentials.events import CredentialRevoked
from statusportal.credentials.models import DeviceCredential
from statusportal.credentials.vocabulary import CredentialKind
from statusportal.fleet.queries import device_for
from statusportal.fleet.service import present_ownership
from statusportal.foundation.errors import Faults, NotFound, Sentence
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


def hand_on_credentials(work: Work, device_id: UUID, from_organisation_id: UUID, to_organisation_id: UUID) -> None:
    """Let a device's own tokens speak for its new owner, for a verb that has checked its right to.

    It is for a machine that leaves the maker's stock with the key that was put into it there; a sale ends keys.
    """
    query = update(DeviceCredential).where(
        DeviceCredential.organisation_id == from_organisation_id,
        DeviceCredential.device_id == device_id,
        DeviceCredential.revoked_at.is_(None),
    )
    work.session.execute(query.values(organisation_id=to_organisation_id))


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
