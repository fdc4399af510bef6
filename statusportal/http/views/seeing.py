"""View models of seeing as a customer: the frame, the form that begins it, and the list for whom it concerns."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.shell import Form, Pages


@dataclass(frozen=True, slots=True)
class SeenAsFrame:
    """Fragment `_seen_as.html`, around every page while somebody sees as a customer; global `seen_as`."""

    person: str
    organisation: str
    reason: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class BeginPage:
    """Template `support/see_as.html`. Fields: reason, minutes."""

    person: str
    organisation: str
    back_href: str
    action: str
    longest_minutes: int
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit in a list. `ended_at` is None while it lasts."""

    staff: str
    person: str
    is_me: bool
    organisation: str
    reason: str
    began_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    page_count: int = 0


@dataclass(frozen=True, slots=True)
class VisitsPage:
    """Template `visits.html`: who of the operator looked as the reader, or as people they look after."""

    visits: tuple[VisitRow, ...]
    pages: Pages = field(default_factory=Pages)
