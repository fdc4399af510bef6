"""Facts of what follows planned work."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTold(Event):
    """Somebody is to hear that a visit was confirmed or moved: one fact a person, so no letter waits for another."""

    organisation_id: UUID
    work_id: UUID
    person_id: UUID
    state: str
