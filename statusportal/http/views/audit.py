"""View models of the audit log."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.shell import FilterLink, Form, Option, Pages, Role


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act in words. `subject` and `organisation` are names where they are still known, ids where not.

    `codes` are the further ids and codes of the act, as term and value; `role` is the one at the operator, as it was.
    """

    at: datetime
    actor: str
    act: str
    subject: str
    subject_kind: str
    organisation: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class ChainState:
    """How whole the log is: when it was walked last, up to which link, and how much was wrong; None before the first.

    `linked` and `waiting` are for administrators alone.
    """

    checked_at: datetime | None = None
    checked_to: int = 0
    breaches: int = 0
    linked: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Template `admin/audit.html`. `kept` are the words that the list is narrowed by, for the form and the files."""

    rows: tuple[AuditRow, ...]
    filters: tuple[FilterLink, ...] = ()
    pages: Pages = field(default_factory=Pages)
    form: Form = field(default_factory=Form)
    organisations: tuple[Option, ...] = ()
    chain: ChainState = field(default_factory=ChainState)
    csv_href: str = ""
    lines_href: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """One act as a customer is told of it. `why` holds reasons and limits in words."""

    at: datetime
    act: str
    icon: str
    actor: str
    role: Role | None = None
    subject: str = ""
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LooksOfDay:
    """What was done on one day."""

    heading: str
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class LooksPage:
    """Templates `looks.html` and `admin/looks.html`: who looked, and what was done with what is the reader's."""

    name: str
    days: tuple[LooksOfDay, ...]
    back_href: str = ""
    filters: tuple[FilterLink, ...] = ()
    pages: Pages = field(default_factory=Pages)
    chain: ChainState = field(default_factory=ChainState)
    csv_href: str = ""
    lines_href: str = ""


@dataclass(frozen=True, slots=True)
class LooksPanel:
    """The newest looks on a device's own page, with the way to all of them."""

    looks: tuple[Look, ...]
    href: str
