"""Facts of planned work. A fact names the work; what it is now, its row says."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTouched(Event):
    """Something about planned work is another; the facts below say what."""

    organisation_id: UUID
    work_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPlanned(WorkTouched):
    """There is new planned work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkMoved(WorkTouched):
    """It has another time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitConfirmed(WorkTouched):
    """The other side agreed to the time of a visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFinished(WorkTouched):
    """It is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCancelled(WorkTouched):
    """It will not be."""
