"""Words of news."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from statusportal.following.vocabulary import FollowLevel, FollowReason


class NewsKind(StrEnum):
    """What happened."""

    FAILURE = "failure"
    ENTRY = "entry"
    UPDATE = "update"
    COMMENT = "comment"
    REPLY = "reply"
    ANSWER = "answer"
    MENTION = "mention"


class ByMail(StrEnum):
    """When a letter tells it."""

    AT_ONCE = "at_once"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Happened:
    """A happening under an entry, as far as it matters for who hears of it.

    `by` is who did it, None for the portal itself; `asker` wrote the entry, `answered` the comment that is replied to,
    and `called` is named in what was said.
    """

    kind: NewsKind
    by: UUID | None
    asker: UUID | None = None
    answered: UUID | None = None
    called: UUID | None = None


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who might hear of it, how closely they listen, and why."""

    person_id: UUID
    level: FollowLevel
    reason: FollowReason


@dataclass(frozen=True, slots=True)
class Delivery:
    """Somebody hears of it on their page, and by letter where `mail` says so."""

    person_id: UUID
    kind: NewsKind
    because: FollowReason
    mail: ByMail | None


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One piece of news as its reader may know it now."""

    id: UUID
    kind: NewsKind
    because: FollowReason
    entry_id: UUID
    comment_id: UUID | None
    title: str
    headline: dict[str, str] | None
    words: str
    author: str
    device_name: str
    code: str | None
    health: str | None
    at: datetime
    is_read: bool
