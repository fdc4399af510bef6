"""Words of custody."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class TransferState(StrEnum):
    """How far a transfer has come. Accepted and not yet due, it can still be withdrawn; done is never undone."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ReceiverKind(StrEnum):
    """What somebody who was let in is to the owner: for words alone, no right hangs on it."""

    DEALER = "dealer"
    SERVICE_PARTNER = "service_partner"
    ADVISER = "adviser"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a word names: one organisation, one person, or nobody; who wrote the word is not told which."""

    word: str
    organisation_id: UUID | None = None
    person_id: UUID | None = None

    @property
    def id(self) -> UUID | None:
        """Return who it is, where it is somebody."""
        return self.organisation_id or self.person_id
