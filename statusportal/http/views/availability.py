"""View models of availability: a device's months, and the machines of an organisation or a model."""

from dataclasses import dataclass
from datetime import date

from statusportal.http.views.devices import Availability


@dataclass(frozen=True, slots=True)
class Spent:
    """How a span was spent. Shares are percent; None where nothing is known, or nothing broke down."""

    percent: float | None
    up_s: int
    down_s: int
    planned_s: int
    unknown_s: int
    breakdowns: int
    between_s: int | None = None
    repair_s: int | None = None


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month, named by its first day; `label` in the reader's language."""

    label: str
    spent: Spent


@dataclass(frozen=True, slots=True)
class DeviceAvailabilityPage:
    """Template `availability.html`. `zone` is whose calendar the days are in."""

    id: str
    name: str
    model: str
    serial: str
    zone: str
    bars: Availability
    total: Spent
    months: tuple[MonthRow, ...] = ()


@dataclass(frozen=True, slots=True)
class FleetRow:
    """A machine of a fleet; `href` opens its own availability."""

    name: str
    serial: str
    href: str
    spent: Spent


@dataclass(frozen=True, slots=True)
class FleetAvailabilityPage:
    """Template `fleet_availability.html`: one month of an organisation's machines, or of a model's.

    `back_href` opens what they are machines of; `earlier_href` and `later_href` the months beside. `count` is how many
    machines there are, of which the first are shown.
    """

    name: str
    back_href: str
    month_on: date
    month: str
    zone: str
    total: Spent
    count: int
    rows: tuple[FleetRow, ...] = ()
    earlier_href: str = ""
    later_href: str = ""
