"""View models of share links: the page that a link opens, and the pages on which links are made, watched and ended."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from statusportal.http.views.devices import DevicePage
from statusportal.http.views.entries import EntryPage
from statusportal.http.views.shell import Form, Health, Option, Pages


@dataclass(frozen=True, slots=True)
class Linked:
    """Fragment `_linked.html`: who shared this page, for whom, what it allows, and until when.

    `maker_place` is where the maker belongs ("Nordværk"); `sign_in_href` leads to the same page for who has an account.
    """

    maker: str
    maker_place: str
    to_name: str
    is_device: bool
    may_comment: bool
    expires_at: datetime
    sign_in_href: str


@dataclass(frozen=True, slots=True)
class GuestComposer:
    """Where a guest writes. Fields: name, body, idempotency_key; posts to `action`."""

    action: str
    audience_words: str
    form: Form = field(default_factory=Form)
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True)
class SharedEntryPage:
    """Template `shared/entry.html`. `back_href` leads to the device's page, where the link opens that too."""

    linked: Linked
    entry: EntryPage
    composer: GuestComposer | None = None
    back_href: str = ""


@dataclass(frozen=True, slots=True)
class SharedDevicePage:
    """Template `shared/device.html`. Addresses in `device` lead to pages of the same link."""

    linked: Linked
    device: DevicePage


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link in a list: what it opens, for whom, by whom, and whether it was opened. `end_action` ends it."""

    title: str
    is_device: bool
    device: str
    to_name: str
    may_comment: bool
    maker: str
    made_at: datetime
    state: Literal["open", "paused", "expired", "revoked"]
    ends_at: datetime
    opened_count: int = 0
    first_opened_at: datetime | None = None
    last_opened_at: datetime | None = None
    was_on_phone: bool = False
    comment_count: int = 0
    end_action: str = ""
    is_by_letter: bool = False
    mailed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ThingChoice:
    """A page that can be sent: `value` is `entry:ID` or `device:ID`. What has no trouble has no health."""

    value: str
    label: str
    detail: str
    health: Health | None = None


@dataclass(frozen=True, slots=True)
class ReceiverChoice:
    """Somebody of the customer to whom a link can be sent; `value` is their id."""

    value: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link just made. `address` is told this once; `mail_href` opens a mail with it."""

    address: str
    mail_href: str
    to_name: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class LinksPage:
    """Template `links.html`: make a link, and see those there are.

    Fields: thing (where there is a choice), to, to_other, by_letter, email, scope, lasts (days). `place` is the
    customer or the thing, and `back_href` its page. `made` is set right after making one.
    """

    title: str
    place: str
    back_href: str
    things: tuple[ThingChoice, ...]
    receivers: tuple[ReceiverChoice, ...]
    lasts: tuple[Option, ...]
    links: tuple[LinkRow, ...]
    action: str
    made: NewLink | None = None
    sends_mail: bool = False
    form: Form = field(default_factory=Form)
    pages: Pages = field(default_factory=Pages)
