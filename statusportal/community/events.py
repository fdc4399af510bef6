"""What happened in communities. Each names the publication alone: nothing in it leads to an owner."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationShared(Event):
    """An owner shared an entry with the others, or shared it anew in other words."""

    publication_id: UUID
    model_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationRevoked(Event):
    """An owner took it back; there is nothing left to find."""

    publication_id: UUID
    model_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationAnswered(Event):
    """Somebody of the community said something under it, or took it back."""

    publication_id: UUID
    model_id: UUID
    line_id: UUID
