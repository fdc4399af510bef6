"""Troubles of claims."""

from statusportal.foundation.errors import Conflict, FieldError, Invalid, Sentence


class ClaimRefused(Invalid):
    """Say that a secret opens nothing, never whether it is unknown, spent, withdrawn or expired."""

    def __init__(self) -> None:
        super().__init__([FieldError("/secret", Sentence("opens nothing. Ask who gave it to you for a new one"))])


class DeviceHasOwner(Conflict):
    """Say that a device is not in stock: it changes hands by a transfer."""
