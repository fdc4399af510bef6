"""Words of custody."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

_SHOWN_OF_ID = 8


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

    def is_same(self, other: Self) -> bool:
        """Tell whether both are one, or, where they may be nobody, the same word."""
        return self.word.casefold() == other.word.casefold() or (self.id is not None and self.id == other.id)

    @property
    def written(self) -> str:
        """Return the word as a list shows it: a short name or an address whole, an id by its end."""
        try:
            return f"id …{str(UUID(self.word))[-_SHOWN_OF_ID:]}"
        except ValueError:
            return self.word


@dataclass(frozen=True, slots=True)
class Opening:
    """Whom a grant lets in, with what, from when until when."""

    receiver: Receiver
    rights: int
    from_at: datetime
    to_at: datetime | None

    def covers(self, other: Self) -> bool:
        """Tell whether another lets nobody else in than this, with no further right and at no other time."""
        lasts = self.to_at is None or (other.to_at is not None and other.to_at <= self.to_at)
        return (
            self.receiver.is_same(other.receiver)
            and lasts
            and self.from_at <= other.from_at
            and not other.rights & ~self.rights
        )
