"""Words of inboxes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Queue(StrEnum):
    """What an open entry waits for. An entry may stand in several.

    `waiting`: a customer's word came last. `unanswered`: nobody of the operator has answered yet. `critical`: a failure
    that nobody has spoken of since, or a customer did last. `broken`: somebody said that it is still broken.
    `customer`: the operator's word came last.
    """

    WAITING = "waiting"
    UNANSWERED = "unanswered"
    CRITICAL = "critical"
    BROKEN = "broken"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open entry with its clocks. `since_at` is the word, or the failure, that waits; `due_at` of a first answer."""

    entry_id: UUID
    title: str
    headline: dict[str, str] | None
    health: str | None
    code: str | None
    lifecycle: str
    organisation: str
    device_id: UUID
    device_name: str
    model: str
    since_at: datetime
    answered_at: datetime | None
    due_at: datetime | None
    disputed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Clocks:
    """How first answers fare against the promise: how many wait, and the middle of the last seven days."""

    promise: timedelta
    unanswered: int
    late: int
    middle: timedelta | None
