"""Words of credentials."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class CredentialKind(StrEnum):
    """Whom a machine's token speaks for: one device, or a gateway with all devices of an organisation behind it."""

    DEVICE = "device"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Machine:
    """What stands behind a machine's token: one device, or without one a gateway of the whole organisation."""

    credential_id: UUID
    kind: CredentialKind
    organisation_id: UUID
    device_id: UUID | None
    is_touch_due: bool = False
