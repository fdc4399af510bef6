"""What happened to entries. Each names the entry whole, so that listeners need no search for it."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.entries.vocabulary import Lifecycle
from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPublished(Event):
    """An entry appeared: a person wrote it, or the portal opened it for a condition."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryEdited(Event):
    """Its words changed."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAudienceChanged(Event):
    """Who may read it changed."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryMoved(Event):
    """Its lifecycle took a step, or the machine said something about it; the happening tells what."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID
    happening_id: UUID
    before: Lifecycle
    after: Lifecycle
