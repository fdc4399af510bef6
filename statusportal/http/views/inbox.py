"""View models of the inbox."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.shell import FilterLink, Health, Pages


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An entry that waits. `late_s` is how long a first answer is overdue, below zero while there is time."""

    title: str
    href: str
    words: str
    organisation: str
    device: str
    since_at: datetime
    health: Health | None = None
    code: str = ""
    late_s: int | None = None
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Template `inbox.html`. `middle_s` is the middle wait for a first answer in the last seven days."""

    waiting: int
    unanswered: int
    late: int
    promise_s: int
    middle_s: int | None = None
    queues: tuple[FilterLink, ...] = ()
    scopes: tuple[FilterLink, ...] = ()
    rows: tuple[InboxRow, ...] = ()
    pages: Pages = field(default_factory=Pages)
