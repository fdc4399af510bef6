"""Whom letters are due to."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorLetIn(Event):
    """Somebody of the operator let somebody at an owner's device; each who decides for the owner gets a letter."""

    grant_id: UUID
    organisation_id: UUID
    person_id: UUID
