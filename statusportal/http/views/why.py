"""View models of why a machine says what it says, and of what people do about its conditions."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.shell import Form, Health, Option


@dataclass(frozen=True, slots=True)
class Because:
    """One step from the samples to the verdict: a heading, a sentence, and a quiet note beside it."""

    title: str
    words: str
    note: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What an active alarm code means by the maker's catalogue, and what to do about it."""

    code: str
    meaning: str
    words: str


@dataclass(frozen=True, slots=True)
class Clearing:
    """What it would take for one condition to clear, and how it stands with that."""

    words: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionRow:
    """One condition with what people did about it.

    `said` is who has seen it, `rests` why and until when it is put aside; empty where nobody did. `form` is the form
    of shelving it, as it was sent.
    """

    code: str
    title: str
    health: Health
    is_active: bool
    facts: tuple[str, ...]
    said: str = ""
    rests: str = ""
    entry_href: str = ""
    can_acknowledge: bool = False
    can_shelve: bool = False
    can_service: bool = False
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRow:
    """One rule of the machine: its words, where it stands, the value beside the limit, what it takes to clear.

    `state` is one of normal, pending, active, recovering, no_data, error. `done` is how many percent of its time are
    over of a pending or recovering one, None for others. `samples_href` leads to the curve of its signal.
    """

    code: str
    health: Health
    state: str
    state_word: str
    says: str
    stands: str
    now: str = ""
    takes: str = ""
    done: int | None = None
    samples_href: str = ""
    can_service: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of health: since when, how long, and why. `lasted_s` is None while it lasts."""

    health: Health
    from_at: datetime
    lasted_s: float | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyPage:
    """Template `why.html`. `meta` says how the worst of several became the verdict.

    `standing` are the rules that are not normal, `calm` those that are.
    """

    device_id: str
    name: str
    model: str
    serial: str
    health: Health
    reason: str
    since_at: datetime | None
    meta: str
    model_slug: str = ""
    steps: tuple[Because, ...] = ()
    clearing: tuple[Clearing, ...] = ()
    now: tuple[ConditionRow, ...] = ()
    before: tuple[ConditionRow, ...] = ()
    standing: tuple[StandingRow, ...] = ()
    calm: tuple[StandingRow, ...] = ()
    history: tuple[Passage, ...] = ()
    entry_href: str = ""
    ask_href: str = ""
    lengths: tuple[Option, ...] = ()
    advice: tuple[Advice, ...] = ()
    limits_href: str = ""
