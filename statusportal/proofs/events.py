"""Facts of second proofs."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondProofsRevoked(Event):
    """Somebody else took away what a person proved themselves with; the person is to be told."""

    person_id: UUID
