"""Facts of custody. That a device changed hands is a fact of the fleet."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOffered(Event):
    """An owner offered a device to the next; without a receiver nobody answers to the word that was written."""

    transfer_id: UUID
    organisation_id: UUID
    device_id: UUID
    to_organisation_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDeclined(Event):
    """The receiver said no."""

    transfer_id: UUID
    organisation_id: UUID
    device_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferWithdrawn(Event):
    """One of the two took back what they said, before it was done."""

    transfer_id: UUID
    organisation_id: UUID
    device_id: UUID
