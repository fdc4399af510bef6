"""What happened to reactions."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionsChanged(Event):
    """Somebody reacted to a comment, or took it back. It tells neither who nor how."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID
    comment_id: UUID
