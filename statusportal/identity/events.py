"""Facts of identity."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInEnded(Event):
    """A session ended: every process forgets it and cuts its sockets."""

    sign_in_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInBegan(Event):
    """A session began."""

    sign_in_id: UUID
    person_id: UUID
