"""View models of configured adapters: their list, their form made from option descriptions, and their health."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from statusportal.http.views.shell import Form, Option, Pages

ConnectionState = Literal["running", "connecting", "failing", "stopped", "draft"]


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """A connection in a list. `problem` is the last error as a sentence."""

    id: str
    name: str
    adapter: str
    organisation: str
    state: ConnectionState
    samples: int = 0
    last_sample_at: datetime | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionsPage:
    """Template `admin/connections.html`."""

    connections: tuple[ConnectionRow, ...]
    pages: Pages = field(default_factory=Pages)


@dataclass(frozen=True, slots=True)
class OptionField:
    """One option of an adapter as its form draws it; sent as `options.<name>`.

    `kind` "list" is one value a line; "secret" is never filled back: `is_kept` says that one is stored.
    """

    name: str
    label: str
    kind: Literal["text", "number", "boolean", "choice", "list", "secret"] = "text"
    hint: str = ""
    choices: tuple[Option, ...] = ()
    is_required: bool = False
    is_kept: bool = False
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class AdapterChoice:
    """An adapter that can be configured, and the address of its empty form."""

    name: str
    label: str
    summary: str
    href: str


@dataclass(frozen=True, slots=True)
class NewConnectionPage:
    """Template `admin/new_connection.html`: choose an adapter."""

    adapters: tuple[AdapterChoice, ...]


@dataclass(frozen=True, slots=True)
class TestStep:
    """A step of a connection test: what, with what result, how long."""

    __test__ = False

    title: str
    detail: str
    is_ok: bool
    took_ms: int | None = None


@dataclass(frozen=True, slots=True)
class TestResult:
    """What the last test saw. Nothing is stored while testing."""

    __test__ = False

    at: datetime
    took_s: float
    steps: tuple[TestStep, ...]
    samples: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class GapRow:
    """A time in which nothing was read, and why."""

    from_at: datetime
    to_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A message that was acknowledged and not kept: when, where from, why, and how it began."""

    at: datetime
    reason: str
    topic: str = ""
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """The same device, signal and moment with two values: the first stands, the second is shown."""

    device: str
    signal: str
    at: datetime
    kept: str
    refused: str


@dataclass(frozen=True, slots=True)
class UnknownSerial:
    """A serial number that sends but belongs to no device. `add_href` opens the form for it."""

    serial: str
    first_at: datetime
    count: int
    add_href: str


@dataclass(frozen=True, slots=True)
class Count:
    """A figure with its words: accepted, duplicates, conflicts, rejected."""

    label: str
    value: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionPage:
    """Template `admin/connection.html`; `id` empty makes a new one.

    `form`: name, organisation, device (the map), create_devices, and `options.<name>` for each option.
    """

    id: str
    name: str
    adapter: str
    adapter_label: str
    form: Form
    options: tuple[OptionField, ...]
    organisations: tuple[Option, ...]
    state: ConnectionState = "draft"
    problem: str = ""
    problem_at: datetime | None = None
    test: TestResult | None = None
    counts: tuple[Count, ...] = ()
    gaps: tuple[GapRow, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    conflicts: tuple[ConflictRow, ...] = ()
    unknown: tuple[UnknownSerial, ...] = ()
