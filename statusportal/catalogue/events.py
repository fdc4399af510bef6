"""Facts of the catalogue."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChanged(Event):
    """A model's rules have another version: states that were derived by the old one are looked at again."""

    model_id: UUID
    version: int
