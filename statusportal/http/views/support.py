"""View models of support: finding a customer, and seeing what waits for us."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.devices import DeviceCard
from statusportal.http.views.people import PersonRow
from statusportal.http.views.shell import Health, Pages


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer in a list, with the worst health among its machines."""

    id: str
    name: str
    people: int
    devices: int
    open_entries: int
    worst: Health
    waiting_since_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CustomersPage:
    """Template `support/customers.html`. Field: q (name, person, serial number)."""

    customers: tuple[CustomerRow, ...]
    query: str = ""
    total: int | None = None
    pages: Pages = field(default_factory=Pages)


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """An entry that is not resolved, as support sees it in a row. `waits` is a sentence ("answer in 26 min").

    `link` is the entry's full address, to be copied. Words about no trouble of the machine have no `health`.
    """

    title: str
    href: str
    health: Health | None
    device: str
    at: datetime
    excerpt: str = ""
    code: str = ""
    waits: str = ""
    is_unread: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Template `support/customer.html`. `link` is the page's own address: it survives a sign-in."""

    id: str
    name: str
    summary: str
    link: str
    opened_at: datetime
    entries: tuple[OpenEntry, ...] = ()
    devices: tuple[DeviceCard, ...] = ()
    people: tuple[PersonRow, ...] = ()
