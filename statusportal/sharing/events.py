"""What happened to share links."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMade(Event):
    """Somebody opened a page to whoever holds an address."""

    organisation_id: UUID
    device_id: UUID
    link_id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRevoked(Event):
    """Somebody ended a link before its time."""

    organisation_id: UUID
    device_id: UUID
    link_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPosted(Event):
    """A link is to go out by letter."""

    organisation_id: UUID
    device_id: UUID
    link_id: UUID
