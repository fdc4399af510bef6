"""Words of the fleet."""

from enum import StrEnum


class SignalKind(StrEnum):
    """What the values of a signal are."""

    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"


class Side(StrEnum):
    """On which side of its threshold a limit is broken."""

    HIGH = "high"
    LOW = "low"


class CredentialKind(StrEnum):
    """Whom a machine's token speaks for: one device, or a gateway with all devices of an organisation behind it."""

    DEVICE = "device"
    GATEWAY = "gateway"
