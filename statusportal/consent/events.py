"""What happened to questions that staff put to an owner."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentAsked(Event):
    """Staff asked the owner to let more people read it."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentAskedOf(Event):
    """One of the people who decide for the owner was asked; each gets a letter of their own."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentAnswered(Event):
    """The owner answered, or the question was taken back."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID
