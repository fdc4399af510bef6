"""Facts of the fleet."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCreated(Event):
    """A device stands in the fleet, under its first ownership."""

    device_id: UUID
    organisation_id: UUID
    ownership_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRenamed(Event):
    """A device has another name, site or firmware on its page."""

    device_id: UUID
    organisation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipTransferred(Event):
    """A device goes from one organisation to another at `at`."""

    device_id: UUID
    at: datetime
    from_organisation_id: UUID | None
    from_ownership_id: UUID | None
    to_organisation_id: UUID
    to_ownership_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGranted(Event):
    """An owner let somebody at a device."""

    grant_id: UUID
    organisation_id: UUID
    device_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRevoked(Event):
    """A grant opens nothing any more."""

    grant_id: UUID
    organisation_id: UUID
    device_id: UUID
