"""Words of connections, and the values that come in and out of the room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from statusportal.foundation.errors import Sentence


class ConnectionState(StrEnum):
    """How a connection fares."""

    STOPPED = "stopped"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    FAILED = "failed"


class HappeningKind(StrEnum):
    """What is worth telling on a connection's page."""

    CONNECTED = "connected"
    LOST = "lost"
    GAP = "gap"
    REFUSED = "refused"
    TOPIC_REFUSED = "topic_refused"
    STORE_WAITING = "store_waiting"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ConnectionDraft:
    """What a form or a file says about one connection.

    `forgotten` names secret options to throw away; a secret that is neither given nor forgotten stays as it was.
    `mapping` is the file's `[map]` without `create_devices` and `model`, which stand here as values of their own.
    """

    name: str
    adapter: str
    options: Mapping[str, Any] = field(default_factory=dict)
    mapping: Mapping[str, Any] = field(default_factory=dict)
    format_options: Mapping[str, Any] = field(default_factory=dict)
    is_creating_devices: bool = False
    model_id: UUID | None = None
    forgotten: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a connection's page. A gap has `from_at`; a refused message has its topic and how it began."""

    kind: HappeningKind
    at: datetime
    detail: Sentence
    from_at: datetime | None = None
    topic: str = ""
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a running connection did since it last told.

    `unknown` counts samples by serial number; `state` and `last_error` are None where nothing changed.
    """

    accepted: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: int = 0
    heard_at: datetime | None = None
    state: ConnectionState | None = None
    last_error: Sentence | None = None
    last_error_at: datetime | None = None
    happenings: Sequence[Happening] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)
