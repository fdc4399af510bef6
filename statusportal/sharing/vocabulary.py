"""Words of sharing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from statusportal.access.vocabulary import Right


@dataclass(frozen=True, slots=True)
class OwnershipKey:
    """Name an ownership that need not be read: what arose under one carries the three."""

    organisation_id: UUID
    device_id: UUID
    id: UUID


class LinkScope(StrEnum):
    """What the holder of a link may do."""

    READ = "read"
    COMMENT = "comment"

    @property
    def rights(self) -> Right:
        """Return the rights that stand for it."""
        return Right.VIEW | Right.COMMENT if self is LinkScope.COMMENT else Right.VIEW


class LinkState(StrEnum):
    """Whether a link opens anything. A paused one has lost what it stood on, its maker's right or the thing's reach."""

    OPEN = "open"
    PAUSED = "paused"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Screen(StrEnum):
    """On what a link was followed, as far as its browser says."""

    PHONE = "phone"
    COMPUTER = "computer"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """A link as its maker and the owner see it: for whom, by whom, and whether it was opened."""

    id: UUID
    organisation_id: UUID
    device_id: UUID
    device_name: str
    entry_id: UUID | None
    entry_title: str
    entry_headline: dict[str, Any] | None
    scope: LinkScope
    state: LinkState
    to_name: str
    mail_to: str | None
    mailed_at: datetime | None
    maker_name: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    opened_count: int
    first_opened_at: datetime | None
    last_opened_at: datetime | None
    was_on_phone: bool
    comment_count: int
