"""View models of a status entry, its thread and the composer."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from markupsafe import Markup

from statusportal.http.views.answers import Answer
from statusportal.http.views.articles import Around
from statusportal.http.views.community import EntryCommunity
from statusportal.http.views.devices import Chart, Reader, SignalValue, SimilarEntry
from statusportal.http.views.news import FollowView
from statusportal.http.views.shell import Audience, FilterLink, Form, Health, Option, Role


@dataclass(frozen=True, slots=True)
class AudienceView:
    """Who may read, in words: "Engdal Mejeri and Nordværk"."""

    key: Audience
    words: str


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote. Across organisations the name is an alias. `note` stands behind it ("Engdal Mejeri, owner")."""

    name: str
    initials: str
    role: Role
    note: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A letter, its moment and what it means, with its own small curve (`points`, limits in the same unit).

    Without a `title` the card says `at`, or `at` to `to_at`, with the values; `rows` are what was copied.
    """

    letter: str
    title: str
    detail: str = ""
    href: str = "#chart"
    points: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None
    label: str = ""
    unit: str = ""
    at: datetime | None = None
    to_at: datetime | None = None
    value: float | bool | str | None = None
    last_value: float | bool | str | None = None
    rows: tuple[tuple[datetime, float | bool | str], ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file opened through the comment that holds it: `href` shows it, `file_href` gives it.

    Images carry `image_href`, and their words; a text its first lines as `excerpt`.
    """

    name: str
    href: str
    size_bytes: int
    image_href: str = ""
    words: str = ""
    id: str = ""
    kind: Literal["image", "video", "text", "pdf"] = "pdf"
    media_type: str = ""
    file_href: str = ""
    excerpt: str = ""
    keeps_details: bool = False


@dataclass(frozen=True, slots=True)
class AttachmentPage:
    """Template `attachment.html`: one file. `words` are a text's own, as far as a screen shows them."""

    file: Attachment
    entry_title: str
    back_href: str
    sha256: str
    sent_at: datetime
    width: int | None = None
    height: int | None = None
    words: str = ""
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class FieldReport:
    """The four lines of a field report; an empty line is left out."""

    found: str = ""
    did: str = ""
    parts: str = ""
    next: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Reaction:
    """A reaction with its count and whether it is mine; at one's own words it is a count and no button."""

    name: Literal["helpful", "worked", "thanks"]
    count: int = 0
    is_mine: bool = False
    can_press: bool = True


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What stays where a comment was. `reason` is empty when its author deleted it."""

    at: datetime
    reason: str = ""
    decision_href: str = ""
    can_restore: bool = False


@dataclass(frozen=True, slots=True)
class SystemLine:
    """The machine or the portal speaks, in one line."""

    words: str
    at: datetime
    health: Health | None = None
    icon: str = "info"
    href: str = ""
    link_words: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """What a folded branch says: how many replies are in it, how many are new, and its newest word."""

    count: int
    new_count: int = 0
    newest_author: str = ""
    newest_words: str = ""
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class CommentView:
    """One comment with its replies below it. `tombstone` set means that nothing else of it is shown.

    Shape: `body` is sanitised HTML; `body_markdown` fills the edit form. `depth` 0 stands at the top.
    `audience` is given only where it is narrower than the entry's. `is_above` is there so that its replies hang on
    something: they begin on this page, and it stands on the one before.
    """

    id: str
    author: Author
    created_at: datetime
    body: Markup = field(default_factory=Markup)
    kind: Literal["comment", "update", "field_report", "system"] = "comment"
    depth: int = 0
    parent_id: str = ""
    to_name: str = ""
    is_internal: bool = False
    audience: AudienceView | None = None
    edited_at: datetime | None = None
    body_markdown: str = ""
    report: FieldReport | None = None
    evidence: tuple[Evidence, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    replies: "tuple[CommentView | SystemLine, ...]" = ()
    reply_count: int = 0
    fold: Fold | None = None
    is_above: bool = False
    href: str = ""
    tombstone: Tombstone | None = None
    is_new: bool = False
    accepted_by: str = ""
    can_reply: bool = False
    can_edit: bool = False
    can_delete: bool = False
    can_undo: bool = False
    can_accept: bool = False
    can_unaccept: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """Fragment `_thread.html`. `items` are comments and system lines in reading order; replies hang on their comment.

    The line "n new since" stands before the first top item whose branch is new, when `new_count` is not zero.
    """

    entry_id: str
    items: tuple[CommentView | SystemLine, ...] = ()
    count: int = 0
    new_count: int = 0
    new_since_at: datetime | None = None
    first_new_href: str = ""
    earlier_href: str = ""
    later_href: str = ""
    live_href: str = ""
    version: int = 0
    orders: tuple[FilterLink, ...] = ()
    composer: "Composer | None" = None


@dataclass(frozen=True, slots=True)
class AudienceChoice:
    """An audience the writer may choose: its key, its words, and how many people that is (None when not counted)."""

    key: Audience
    words: str
    readers: int | None = None


@dataclass(frozen=True, slots=True)
class Composer:
    """Fragment `_composer.html`. Posts body, audience, kind, parent_id; a field report posts found, did, parts, next.

    `steps` are those of the lifecycle that an official update may take; `preview` is what was typed, as it would look.
    `files` were sent before and wait for the words; `signals` are those of which a moment can be pinned.
    `draft_key` names the draft kept in this browser, and whose it is. `kinds` beyond "comment" are offered to those who
    may write them.
    """

    entry_id: str
    draft_key: str
    audiences: tuple[AudienceChoice, ...]
    parent_id: str = ""
    to_name: str = ""
    placeholder: str = ""
    kinds: tuple[Option, ...] = ()
    steps: tuple[Option, ...] = ()
    preview: Markup | None = None
    form: Form = field(default_factory=Form)
    idempotency_key: str = ""
    files: tuple[Attachment, ...] = ()
    signals: tuple[Option, ...] = ()
    picks: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class LifecycleStep:
    """A step of the lifecycle with when it was reached, or a note about what is planned."""

    key: str
    at: datetime | None = None
    note: str = ""
    state: Literal["done", "current", "ahead"] = "ahead"


@dataclass(frozen=True, slots=True)
class Now:
    """The now line: what is true at this minute."""

    health: Health
    sentence: str
    values: str = ""
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EarlierUpdate:
    """An official update that a newer one replaced."""

    at: datetime
    author: str
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class OfficialUpdate:
    """The newest official word. `do_now`, `on_it` and `next_at` are drawn where given."""

    author: str
    at: datetime
    body: Markup
    do_now: str = ""
    on_it: str = ""
    next_at: datetime | None = None
    earlier: tuple[EarlierUpdate, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the machine looked like then; frozen with the entry."""

    frozen_at: datetime
    values: tuple[SignalValue, ...] = ()
    chart: Chart | None = None
    firmware: str = ""
    codes: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MachineEvent:
    """One time that something was active; `until` and `lasted_s` are None while it is."""

    at: datetime
    until: datetime | None
    words: str
    code: str
    health: Health
    lasted_s: int | None = None


@dataclass(frozen=True, slots=True)
class MachineEvents:
    """Fragment `_events.html`: how often it was active, the first and the last time, and each of the newest."""

    count: int
    first_at: datetime
    last_at: datetime
    items: tuple[MachineEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsentView:
    """Fragment `_consent.html`: what staff ask the owner for. `may_answer` gives yes and no, `may_end` takes it back.

    `look_href` leads to what others would see, where that is how the question is answered.
    `wanted` are what this reader may ask for, and `choices` what is theirs to choose; then `words` are empty.
    """

    entry_id: str
    words: str = ""
    at: datetime | None = None
    may_answer: bool = False
    may_end: bool = False
    look_href: str = ""
    wanted: tuple[Option, ...] = ()
    choices: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Template `entry.html`. `lasted_s` counts to the clearing, or to now while it is active.

    `next_lifecycles` are the legal next states for this reader; empty for a reader who may not move it. `confirmation`
    is the machine's own word that it is over, and `watching` what is waited for until then.
    """

    id: str
    title: str
    kind: str
    device_id: str
    device_name: str
    health: Health | None
    lifecycle: str
    audience: AudienceView
    thread: Thread
    author: Author
    created_at: datetime
    code: str = ""
    body: Markup = field(default_factory=Markup)
    edited_at: datetime | None = None
    lasted_s: int | None = None
    steps: tuple[LifecycleStep, ...] = ()
    lifecycle_sentence: str = ""
    now: Now | None = None
    official: OfficialUpdate | None = None
    answer: Answer | None = None
    confirmation: str = ""
    watching: str = ""
    events: MachineEvents | None = None
    around: Around = field(default_factory=Around)
    snapshot: Snapshot | None = None
    readers: tuple[Reader, ...] = ()
    consent: ConsentView | None = None
    community: EntryCommunity | None = None
    similar: tuple[SimilarEntry, ...] = ()
    people: tuple[Author, ...] = ()
    people_note: str = ""
    next_lifecycles: tuple[Option, ...] = ()
    can_dispute: bool = False
    disputed_at: datetime | None = None
    edit_href: str = ""
    links_href: str = ""
    follow: FollowView | None = None
    version: int = 0
