"""What happened to an entry's me-toos. Whose machine it was is no part of the fact."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MeTooChanged(Event):
    """Another machine is affected, or one is no more. The ids are those of the entry."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID
