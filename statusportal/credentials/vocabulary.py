"""Words of credentials."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class CredentialKind(StrEnum):
    """Whom a credential speaks for: one device, by token or certificate, or a gateway with all of an organisation."""

    DEVICE = "device"
    GATEWAY = "gateway"
    CERTIFICATE = "certificate"


TOKENS = (CredentialKind.DEVICE.value, CredentialKind.GATEWAY.value)


@dataclass(frozen=True, slots=True)
class Machine:
    """What stands behind a machine's credential: one device, or without one a gateway of the whole organisation."""

    credential_id: UUID
    kind: CredentialKind
    organisation_id: UUID
    device_id: UUID | None
    is_touch_due: bool = False


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says of itself; `fingerprint` is the SHA-256 of its DER form in hex."""

    fingerprint: str
    common_name: str
    starts_at: datetime
    expires_at: datetime
