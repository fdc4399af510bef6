"""Facts of shelving."""

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
