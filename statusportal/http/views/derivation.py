"""View model of the machines whose status cannot be derived."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.shell import Pages


@dataclass(frozen=True, slots=True)
class AsideRow:
    """One machine: since when, and under which id the portal's log says why."""

    name: str
    serial: str
    href: str
    since: datetime
    error: str
    error_id: str
    failed_again: int
    retry_at: datetime


@dataclass(frozen=True, slots=True)
class DerivationPage:
    """Template `admin/derivation.html`."""

    rows: tuple[AsideRow, ...] = ()
    pages: Pages = field(default_factory=Pages)
