"""What happened in threads."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPosted(Event):
    """Somebody said something, or the portal wrote a line."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID
    comment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEdited(Event):
    """An author changed the words."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID
    comment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDeleted(Event):
    """An author took the words back; the place is kept."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID
    comment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRestored(Event):
    """An author let just deleted words stand again."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID
    comment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDropped(Event):
    """Nobody can have a deleted comment's words back any more: what hung on it goes too."""

    organisation_id: UUID
    entry_id: UUID
    comment_id: UUID
