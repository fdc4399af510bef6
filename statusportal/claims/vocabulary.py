"""Words of claims."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ClaimState(StrEnum):
    """What became of a claim secret."""

    OPEN = "open"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class MadeSecret:
    """A secret as it was made: its words are here, this once, and nowhere else."""

    id: UUID
    device_id: UUID
    model: str
    serial: str
    secret: str
    expires_at: datetime
