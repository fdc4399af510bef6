"""View models of forwarding: whom an organisation gives its data to, how it goes, and what was sent."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.shell import Form, Option, Pages


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingRow:
    """A receiver in a list. `what` says what it gets in words; `trouble` what is wrong now, or nothing."""

    id: str
    name: str
    organisation: str
    state: str
    what: str
    created_at: datetime
    last_sent_at: datetime | None = None
    ends_at: datetime | None = None
    waiting: int = 0
    trouble: str = ""

    @property
    def is_ended(self) -> bool:
        """Tell whether it is over for good."""
        return self.state == "ended"


@dataclass(frozen=True, slots=True)
class ForwardingsPage:
    """Template `forwardings.html`. Fields of `form`: those of `forwarding_form`."""

    forwardings: tuple[ForwardingRow, ...] = ()
    organisations: tuple[Option, ...] = ()
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """One call, made or waiting: what was in it, and what came of it in words."""

    kind: str
    count: int
    state: str
    tries: int
    at: datetime
    next_try_at: datetime | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingPage:
    """Template `forwarding.html`. `secret` is set in the answer to its beginning alone."""

    row: ForwardingRow
    address: str
    devices: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sent: int = 0
    unsent: int = 0
    has_refused: bool = False
    waits_most: int = 0
    waits_days: int = 0
    deliveries: tuple[DeliveryRow, ...] = ()
    pages: Pages = field(default_factory=Pages)
    secret: str = ""
