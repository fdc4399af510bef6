"""View models of sharing with the owners of a model, of what was shared, and of a model's community."""

from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from statusportal.http.views.shell import FilterLink, Form, Health, Pages, Role


@dataclass(frozen=True, slots=True)
class ShareLine:
    """One comment of the preview: who says what now, and under which alias they would. `id` names its fields."""

    id: str
    author: str
    initials: str
    role: Role
    alias: str
    before: str


@dataclass(frozen=True, slots=True)
class TakenRow:
    """One kind of thing that is taken out, what stands there instead, and in how many places."""

    what: str
    becomes: str
    places: int


@dataclass(frozen=True, slots=True)
class SharePage:
    """Template `share.html`: both sides next to each other, what is taken out, and the decision.

    Fields: title, body, t-ID and c-ID for each comment (its words, and whether it goes along), take_out, looked.
    `is_open` is false while fewer than `least` organisations own the model. `shared_href` leads to what is shared now.
    """

    entry_id: str
    title_before: str
    body_before: str
    model_name: str
    organisation: str
    machine: str
    serial: str
    began_at: datetime
    alias: str
    owners: int
    least: int
    is_open: bool
    health: Health | None = None
    code: str = ""
    firmware: str = ""
    lines: tuple[ShareLine, ...] = ()
    taken: tuple[TakenRow, ...] = ()
    left_out: int = 0
    shared_href: str = ""
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class CommunityLine:
    """A word under a shared entry. One that was taken back is its place; `remove_action` is set on one's own."""

    id: str
    alias: str
    initials: str
    role: Role
    said_at: datetime
    body: Markup = field(default_factory=Markup)
    is_deleted: bool = False
    remove_action: str = ""


@dataclass(frozen=True, slots=True)
class PublicationPage:
    """Template `publication.html`: a shared entry. Of one that was taken back, `is_revoked` and its model alone.

    Field: body. `entry_href` leads its owner and staff to the entry itself.
    """

    id: str
    model_name: str
    model_href: str
    is_revoked: bool = False
    title: str = ""
    alias: str = ""
    initials: str = ""
    kind: str = "question"
    health: Health | None = None
    code: str = ""
    firmware: str = ""
    is_resolved: bool = False
    began_at: datetime | None = None
    body: Markup = field(default_factory=Markup)
    lines: tuple[CommunityLine, ...] = ()
    pages: Pages = field(default_factory=Pages)
    entry_href: str = ""
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class SharedRow:
    """One shared entry in a list."""

    href: str
    title: str
    alias: str
    excerpt: str
    last_word_at: datetime
    kind: str = "question"
    health: Health | None = None
    code: str = ""
    firmware: str = ""
    comments: int = 0
    is_resolved: bool = False


@dataclass(frozen=True, slots=True)
class CodeBar:
    """An alarm code, how many shared entries are about it, and how many of those are resolved. `share` of the most."""

    code: str
    count: int
    resolved: int
    share: float
    href: str


@dataclass(frozen=True, slots=True)
class RibbonPart:
    """How many machines are in one state."""

    health: Health
    count: int


@dataclass(frozen=True, slots=True)
class CommunityPage:
    """Template `community.html`: what owners of a model share. `owners` is 0 where too few own it to be counted."""

    name: str
    description: str
    owners: int
    least: int
    shared: int
    resolved: int
    unanswered: int
    ribbon: tuple[RibbonPart, ...] = ()
    filters: tuple[FilterLink, ...] = ()
    items: tuple[SharedRow, ...] = ()
    codes: tuple[CodeBar, ...] = ()
    pages: Pages = field(default_factory=Pages)

    @property
    def machines(self) -> int:
        """Count the machines that the ribbon shows."""
        return sum(part.count for part in self.ribbon)


@dataclass(frozen=True, slots=True)
class EntryCommunity:
    """Fragment `_from_community.html`: an entry's way to the owners of its model, and what they said.

    `share_href` is set for whoever decides for the owner; `shared_href` while it is shared.
    """

    entry_id: str
    model_name: str
    share_href: str = ""
    shared_href: str = ""
    lines: tuple[CommunityLine, ...] = ()
