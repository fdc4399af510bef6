"""View models of news: what is new, and what one follows."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.shell import Health, Pages


@dataclass(frozen=True, slots=True)
class NewsRow:
    """One piece of news. `heading` says what happened, `because` why the reader hears of it."""

    heading: str
    title: str
    words: str
    href: str
    because: str
    at: datetime
    icon: str = "talk"
    health: Health | None = None
    code: str = ""
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class FollowedRow:
    """Something that is followed. Fields of its form: kind, id, level."""

    kind: str
    id: str
    name: str
    href: str
    because: str
    level: str


@dataclass(frozen=True, slots=True)
class NewsPage:
    """Template `notifications.html`. `unread` counts what may be read; failures stand first among what is new."""

    unread: int
    fresh: tuple[NewsRow, ...] = ()
    read: tuple[NewsRow, ...] = ()
    followed: tuple[FollowedRow, ...] = ()
    pages: Pages = field(default_factory=Pages)
    sends_mail: bool = True


@dataclass(frozen=True, slots=True)
class StopPage:
    """Template `stop.html`. `is_stopped` once letters have ended; `is_daily` where they are not about one entry."""

    secret: str
    is_stopped: bool = False
    is_daily: bool = False


@dataclass(frozen=True, slots=True)
class FollowView:
    """How closely the reader follows a page's thing; None for `level` where it is by what they have or did."""

    kind: str
    id: str
    level: str | None = None
    because: str = ""
    back: str = "/"
