"""Facts of status. They are emitted only while a device has an owner, under whom their rows will stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from statusportal.foundation.events import Event
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.history.retelling import Times


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged(Event):
    """A device's health or connectivity is another since `at`; `reason` says why, as `reasons.sentences` reads it."""

    device_id: UUID
    organisation_id: UUID
    ownership_id: UUID
    at: datetime
    health_before: Health
    health_after: Health
    connectivity_before: Connectivity
    connectivity_after: Connectivity
    reason: Mapping[str, Any]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryCorrected(Event):
    """Samples that came late changed a device's history from `since_ms` on; `active` is all that was active there."""

    device_id: UUID
    organisation_id: UUID
    ownership_id: UUID
    since_ms: int
    active: tuple[Times, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionRaised(Event):
    """A condition is active since `at`; `value` and `signal_name` are None for one that a person declared."""

    device_id: UUID
    organisation_id: UUID
    ownership_id: UUID
    code: str
    health: Health
    reason: Mapping[str, Any]
    at: datetime
    value: float | None
    signal_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionCleared(Event):
    """A condition that was active since `active_since` is so no more."""

    device_id: UUID
    organisation_id: UUID
    ownership_id: UUID
    code: str
    health: Health
    reason: Mapping[str, Any]
    at: datetime
    active_since: datetime
    value: float | None
    signal_name: str | None
