"""Words of takeouts."""

from enum import StrEnum


class TakeoutState(StrEnum):
    """How far a takeout has come."""

    ASKED = "asked"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    REVOKED = "revoked"
    EXPIRED = "expired"


UNDERWAY = (TakeoutState.ASKED, TakeoutState.MAKING)
