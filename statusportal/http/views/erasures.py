"""View models of erasing, as administrators see it, and of retention."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.shell import Form, Pages


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingErasure:
    """Whose erasing waits. `ordered_by` is empty where the person asked themselves."""

    id: str
    name: str
    href: str
    is_organisation: bool
    keeps_words: bool
    asked_at: datetime
    due_at: datetime
    ordered_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneErasure:
    """A line of the ledger: a kind and a day."""

    is_organisation: bool
    keeps_words: bool
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class ErasuresPage:
    """Template `admin/erasures.html`."""

    waiting: tuple[WaitingErasure, ...] = ()
    waiting_pages: Pages = field(default_factory=Pages)
    done: tuple[DoneErasure, ...] = ()
    days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePage:
    """Template `admin/erase.html`. Fields of `form`: own_words, sure. `wish` is set while an erasing waits.

    `needs_proof` asks the reader first who they are; `people` go with an organisation.
    """

    name: str
    back_href: str
    action: str
    is_organisation: bool = False
    people: int = 0
    days: int = 7
    wish: WaitingErasure | None = None
    needs_proof: bool = False
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One kind of record, for how long it is kept, and what went so far; None where none ever goes by itself."""

    what: str
    kept: str
    checked_at: datetime | None = None
    deleted: int | None = None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One look: everything of a kind that was older is gone, and how many records that were."""

    what: str
    at: datetime
    until_at: datetime
    deleted: int


@dataclass(frozen=True, slots=True)
class RetentionPage:
    """Template `admin/retention.html`."""

    kept: tuple[KeptRow, ...]
    runs: tuple[RunRow, ...] = ()
    pages: Pages = field(default_factory=Pages)
