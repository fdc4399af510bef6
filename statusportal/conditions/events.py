"""Facts of shelving, and of what outlasted a time of quiet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from statusportal.foundation.events import Event
from statusportal.foundation.vocabulary import Health


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionReturned(Event):
    """A condition that is active rests no more since `at`."""

    organisation_id: UUID
    device_id: UUID
    ownership_id: UUID
    code: str
    health: Health
    reason: Mapping[str, Any]
    at: datetime
    value: float | None
    signal_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceStayed(Event):
    """A machine that fell silent while that was no news is silent still; since when, its reason says."""

    organisation_id: UUID
    device_id: UUID
    ownership_id: UUID
    reason: Mapping[str, Any]
    at: datetime
