"""View models of the audit log."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.shell import FilterLink, Pages


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act in words. `subject` and `organisation` are names where they are still known, ids where not.

    `codes` are the further ids and codes of the act, as term and value.
    """

    at: datetime
    actor: str
    act: str
    subject: str
    subject_kind: str
    organisation: str = ""
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Template `admin/audit.html`."""

    rows: tuple[AuditRow, ...]
    filters: tuple[FilterLink, ...] = ()
    pages: Pages = field(default_factory=Pages)
