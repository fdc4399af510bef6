"""What happened to mentions."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMentioned(Event):
    """Somebody was called in a comment for the first time; who tells them asks again whether they may read it."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID
    comment_id: UUID
    person_id: UUID
