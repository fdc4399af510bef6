"""View models of my devices, a device, its live values, its charts and what happened to it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from statusportal.http.views.audit import LooksPanel
from statusportal.http.views.maintenance import WorkNotice
from statusportal.http.views.shell import ConnectivityState, FilterLink, Health, Pages, Role


@dataclass(frozen=True, slots=True)
class Connectivity:
    """The quieter axis: is it heard from. `last_seen_at` is None only for never_seen."""

    state: ConnectivityState
    last_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """One machine in a list; the same for the large card and the quiet row.

    `days` are the worst healths of the last days, oldest first, today last. `reason` is one sentence.
    `note` is what is planned ("Jonas arrives 11:30"). `until_at` replaces `since_at` where an end is known.
    """

    id: str
    name: str
    model: str
    serial: str
    site: str
    health: Health
    reason: str
    connectivity: Connectivity
    days: tuple[Health, ...] = ()
    since_at: datetime | None = None
    until_at: datetime | None = None
    open_entries: int = 0
    unread: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class MyDevicesPage:
    """Template `my_devices.html`. `headline` says how many need me; the three groups keep their own order."""

    headline: str
    summary: str
    updated_at: datetime
    filters: tuple[FilterLink, ...] = ()
    attention: tuple[DeviceCard, ...] = ()
    normal: tuple[DeviceCard, ...] = ()
    silent: tuple[DeviceCard, ...] = ()
    pages: Pages = field(default_factory=Pages)
    is_filtered: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no machine to show at all."""
        return not (self.attention or self.normal or self.silent)

    @property
    def unread(self) -> int:
        """Count what is new on all machines that are shown."""
        return sum(card.unread for card in (*self.attention, *self.normal, *self.silent))


@dataclass(frozen=True, slots=True)
class SignalValue:
    """One signal as it stands: a number, boolean or word with unit, the limits that count, and the health it means.

    `was` is a sentence that replaces the limits ("limit −75, was −80.1"). Limits are in the signal's unit.
    """

    name: str
    label: str
    value: float | bool | str | None
    unit: str = ""
    decimals: int | None = None
    at: datetime | None = None
    quality: Literal["good", "stale", "bad"] = "good"
    health: Health = "normal"
    low: float | None = None
    high: float | None = None
    was: str = ""
    points: tuple[float, ...] = ()

    @property
    def is_number(self) -> bool:
        """Tell whether the value can be drawn on a range."""
        return isinstance(self.value, int | float) and not isinstance(self.value, bool)


@dataclass(frozen=True, slots=True)
class Pin:
    """A letter on the curve and the comment it belongs to."""

    letter: str
    at: datetime
    value: float
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class HealthInterval:
    """A stretch of time with one health."""

    health: Health
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class Chart:
    """One curve with everything around it; drawn by the server, taken over by the behaviour `chart`.

    Shape: `points` are (moment, value or None), oldest first; None is a gap and is never bridged.
    `source` is the API address without from, to and max_points; empty for a frozen chart.
    """

    signal: str
    label: str
    unit: str
    from_at: datetime
    to_at: datetime
    points: tuple[tuple[datetime, float | None], ...]
    caption: str = ""
    decimals: int | None = None
    low: float | None = None
    high: float | None = None
    health: Health = "off_spec"
    pins: tuple[Pin, ...] = ()
    intervals: tuple[HealthInterval, ...] = ()
    frozen_at: datetime | None = None
    ranges: tuple[FilterLink, ...] = ()
    signals: tuple[FilterLink, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class NotNormalDay:
    """A day that stands out of the 90, or the entry that tells about it."""

    label: str
    health: Health
    lasted_s: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Availability:
    """Ninety days, oldest first. Shares are percent; None where nothing is known."""

    days: tuple[Health, ...]
    first_on: date
    normal_percent: float | None = None
    reported_percent: float | None = None
    exceptions: tuple[NotNormalDay, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One thing that happened. `icon`, a name without `i-`, stands where there is no health."""

    at: datetime
    title: str
    href: str = ""
    health: Health | None = None
    icon: str = "talk"
    code: str = ""
    role: Role | None = None
    facts: tuple[str, ...] = ()
    unread: int = 0
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class TimelineGroup:
    """The events under one heading, newest first. The heading is a day near by, a month further back."""

    heading: str
    events: tuple[TimelineEvent, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Fragment `_timeline.html`. An empty one says so in its own words."""

    device_id: str
    filters: tuple[FilterLink, ...]
    groups: tuple[TimelineGroup, ...]
    pages: Pages = field(default_factory=Pages)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the machine says now, who is on it, what to do, and the last word. Missing parts are empty and not drawn."""

    health: Health
    reason: str
    since_at: datetime | None = None
    until_at: datetime | None = None
    outlook: str = ""
    on_it_name: str = ""
    on_it_initials: str = ""
    on_it_role: Role = "engineer"
    on_it_note: str = ""
    can_do: str = ""
    can_do_note: str = ""
    last_word: str = ""
    last_word_href: str = ""
    last_word_by: str = ""
    last_word_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LivePart:
    """Fragment `_live.html`: verdict and signals, the part of the device page that is fetched again.

    `why_href` is empty for whoever came by a link.
    """

    device_id: str
    verdict: Verdict
    connectivity: Connectivity
    signals: tuple[SignalValue, ...] = ()
    version: int = 0
    why_href: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """One rung of the ladder of who can read: an icon name, the words, and whether it is reached."""

    icon: str
    words: str
    is_in: bool = True


@dataclass(frozen=True, slots=True)
class SimilarEntry:
    """An entry or article that may already answer. `icon` where there is no health."""

    title: str
    href: str
    detail: str = ""
    health: Health | None = None
    icon: str = "book"
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and its value; `is_code` sets it in the mono face."""

    term: str
    value: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class DevicePage:
    """Template `device.html`."""

    id: str
    name: str
    model: str
    serial: str
    site: str
    firmware: str
    live: LivePart
    availability: Availability
    timeline: Timeline
    chart: Chart | None = None
    facts: tuple[Fact, ...] = ()
    maintenance: tuple[Fact, ...] = ()
    readers: tuple[Reader, ...] = ()
    similar: tuple[SimilarEntry, ...] = ()
    organisation: str = ""
    can_ask: bool = True
    export_formats: tuple[str, ...] = ("csv", "json", "xlsx")
    administer_href: str = ""
    access_href: str = ""
    looks: LooksPanel | None = None
    links_href: str = ""
    availability_href: str = ""
    planned: WorkNotice | None = None
    maintenance_href: str = ""
    model_href: str = ""
