"""View models of the page My data."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.forwardings import ForwardingRow
from statusportal.http.views.shell import Form, OrganisationChoice


@dataclass(frozen=True, slots=True)
class TakeoutRow:
    """A file that was asked for. `about` is empty for the person's own data."""

    id: str
    about: str
    state: str
    asked_at: datetime
    parts_done: int = 0
    parts_whole: int = 0
    size_bytes: int = 0
    expires_at: datetime | None = None

    @property
    def is_underway(self) -> bool:
        """Tell whether it is still being made."""
        return self.state in {"asked", "making"}


@dataclass(frozen=True, slots=True)
class RecordedRow:
    """One kind of record: what, why, for how long, and how many there are now."""

    what: str
    why: str
    kept: str
    count: int


@dataclass(frozen=True, slots=True)
class MyDataPage:
    """Template `my_data.html`. `form`: own_words, taken; `due_at` is set once it was asked to erase."""

    first_name: str
    recorded: tuple[RecordedRow, ...]
    takeouts: tuple[TakeoutRow, ...] = ()
    organisations: tuple[OrganisationChoice, ...] = ()
    erase_after_days: int = 7
    due_at: datetime | None = None
    checked_at: datetime | None = None
    words_written: int = 0
    forwardings: tuple[ForwardingRow, ...] = ()
    may_forward: bool = False
    form: Form = field(default_factory=Form)
