"""Words of the fleet."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from statusportal.access.vocabulary import Right

# No sample is older than this. The first owner has a device from here on: what its buffer or an import brings may be
# older than its registration, and is theirs.
BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)

# Levels of organisations one above the other, the top one not counted: group, country, company, site, hall.
DEEPEST_TREE = 5

EVERY_RIGHT = Right.VIEW | Right.COMMENT | Right.ACK | Right.EXPORT | Right.MANAGE


class Held(Protocol):
    """An ownership, as far as who judges a device needs to know it."""

    @property
    def device_id(self) -> UUID:
        """Return the device."""
        ...

    @property
    def organisation_id(self) -> UUID:
        """Return whose it is."""
        ...

    @property
    def id(self) -> UUID:
        """Return the ownership's own id."""
        ...


class GrantState(StrEnum):
    """Whether a grant opens something now."""

    AHEAD = "ahead"
    NOW = "now"
    ENDED = "ended"


def state_of_grant(now: datetime, from_at: datetime, to_at: datetime | None, revoked_at: datetime | None) -> GrantState:
    """Tell whether a grant with these times opens something now."""
    if revoked_at is not None or (to_at is not None and to_at <= now):
        return GrantState.ENDED
    return GrantState.AHEAD if now < from_at else GrantState.NOW


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of a device's time that an actor may read, half-open: `to_at` is outside it, None means still.

    `is_own` where the actor reads as one of the owner's people: what they may do there, their role says. Elsewhere the
    `rights` alone say it.
    """

    organisation_id: UUID
    ownership_id: UUID
    from_at: datetime
    to_at: datetime | None
    rights: Right
    is_own: bool = False

    def covers(self, at: datetime) -> bool:
        """Tell whether an instant lies in the period."""
        return self.from_at <= at and (self.to_at is None or at < self.to_at)


@dataclass(frozen=True, slots=True)
class WordsSeen:
    """What a reader may know a device by: its owner's words, or for who may not look at it now its model and serial."""

    name: str
    site: str = ""
    firmware: str = ""
    installed_on: date | None = None
