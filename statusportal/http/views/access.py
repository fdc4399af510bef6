"""View models of who can see a device, of handing it over, and of what others opened to us."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from statusportal.http.views.sharing import LinkRow
from statusportal.http.views.shell import Form, Option, Pages

TenureKind = Literal["own", "now", "next", "gone"]


@dataclass(frozen=True, slots=True)
class Seat:
    """One group of those who can see: icon, whose, the initials that stand for them, and a sentence."""

    icon: str
    title: str
    words: str
    initials: tuple[str, ...] = ()
    role: str = "customer"


@dataclass(frozen=True, slots=True)
class Tenure:
    """One lane of the time axis; `kind` is own, now, next or gone, from and to are percent of the axis."""

    name: str
    note: str
    kind: TenureKind
    from_percent: float
    to_percent: float


@dataclass(frozen=True, slots=True)
class RightShown:
    """One of the five rights in their fixed order, had or not."""

    word: str
    is_had: bool


@dataclass(frozen=True, slots=True)
class GrantShown:
    """A grant as its giver reads it. `can_end` is off for ended ones and for those that come with a group.

    `change` is the form of other rights and another end, where that can be: right_… each, to_at.
    """

    id: str
    name: str
    kind: str
    initials: str
    rights: tuple[RightShown, ...]
    from_at: datetime
    to_at: datetime | None
    is_ended: bool
    can_end: bool
    ends_soon: bool = False
    change: Form | None = None


@dataclass(frozen=True, slots=True)
class AccessPage:
    """Template `access.html`. Fields of `form`: to, kind, right_… each, from, to_at; of `mode_form`: mode.

    `verbs` names what each box lets somebody do, `ticked` what all that are ticked do, as a sentence has it.
    `pages` lead to grants that ended earlier. `links` are those that open something now and that the reader may end;
    `links_href` is for who makes some.
    """

    id: str
    name: str
    model: str
    serial: str
    organisation_id: str
    headline: str
    summary: str
    seats: tuple[Seat, ...]
    tenures: tuple[Tenure, ...]
    now_percent: float
    axis: tuple[tuple[str, float], ...]
    grants: tuple[GrantShown, ...]
    rights: tuple[Option, ...]
    kinds: tuple[Option, ...]
    modes: tuple[Option, ...]
    links_words: str
    links: tuple[LinkRow, ...] = ()
    links_href: str = ""
    pages: Pages = field(default_factory=Pages)
    form: Form = field(default_factory=Form)
    verbs: Mapping[str, str] = field(default_factory=dict)
    ticked: str = ""
    mode_form: Form = field(default_factory=Form)
    is_confidential: bool = False
    may_share: bool = False
    may_transfer: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a transfer: done, current or to come."""

    words: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class TransferPage:
    """Template `transfer.html`. Without an id it is the form of an offer: organisation, from, history."""

    device_id: str
    title: str
    summary: str
    machine: str
    serial: str
    seller: str
    receiver: str = ""
    id: str = ""
    steps: tuple[Step, ...] = ()
    seller_said: str = ""
    receiver_said: str = ""
    hands_history: bool = False
    takes_history: bool = False
    form: Form = field(default_factory=Form)
    can_answer: bool = False
    can_withdraw: bool = False
    can_hand_history: bool = False
    can_take_back_history: bool = False
    can_take_history: bool = False


@dataclass(frozen=True, slots=True)
class OfferShown:
    """A transfer in a list."""

    id: str
    machine: str
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class ReceivedShown:
    """A device that was opened to us."""

    device_id: str
    machine: str
    by: str
    rights: tuple[RightShown, ...]
    to_at: datetime | None


@dataclass(frozen=True, slots=True)
class SharedPage:
    """Template `shared.html`: offers that concern us, and what is open to us."""

    offers: tuple[OfferShown, ...] = ()
    received: tuple[ReceivedShown, ...] = ()
