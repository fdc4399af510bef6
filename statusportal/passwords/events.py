"""Facts of passwords."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    """A person has another password than before."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetAsked(Event):
    """Somebody forgot the password that belongs to an address; whose it is was not looked up."""

    reset_id: UUID
