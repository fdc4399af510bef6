"""View models of articles and of an alarm code."""

from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from statusportal.http.views.answers import MeTooView
from statusportal.http.views.shell import Form, Health


@dataclass(frozen=True, slots=True)
class Fixed:
    """Fragment `_fixed.html`: on how many machines it worked, of how many; `watched` are not decided yet."""

    worked: int
    tried: int
    confirmed: int = 0
    watched: int = 0


@dataclass(frozen=True, slots=True)
class KnownFix:
    """Fragment `_known_fixes.html`: an article on the entry of a machine that is in the condition it is about.

    `apply_action` is where somebody says that it was done; empty for who may not, and where that is watched already.
    """

    id: str
    title: str
    href: str
    fix: Markup
    fixed: Fixed
    apply_action: str = ""
    watching: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What an entry's page knows beyond its own machine: others that have the same, and what helped them.

    `model_slug` leads to the page of the alarm code; empty where there is no way to it.
    """

    me_too: MeTooView | None = None
    known: tuple[KnownFix, ...] = ()
    model_slug: str = ""


@dataclass(frozen=True, slots=True)
class ArticleEdition:
    """One wording in an article's history."""

    number: int
    title: str
    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class TriedMachine:
    """A machine of the reader's, and how it went there: worked, did_not, watched, or empty."""

    id: str
    name: str
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Template `article.html`. Posts device and outcome; what staff may do with it stands in `acts`."""

    id: str
    title: str
    model_name: str
    model_slug: str
    code: str
    number: int
    state: str
    symptom: Markup
    cause: Markup
    fix: Markup
    firmware: str
    at: datetime
    fixed: Fixed
    edition: int = 0
    history: tuple[ArticleEdition, ...] = ()
    machines: tuple[TriedMachine, ...] = ()
    acts: tuple[str, ...] = ()
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class ArticleForm:
    """Template `edit_article.html`: title, symptom, cause, fix, firmware_from, firmware_to."""

    action: str
    back_href: str
    heading: str
    form: Form


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in a list."""

    title: str
    href: str
    firmware: str
    fixed: Fixed
    state: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that it happened on a machine that the reader sees, as its entry tells."""

    title: str
    href: str
    device: str
    at: datetime
    health: Health | None
    lifecycle: str
    is_answered: bool = False
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class SharedRow:
    """What another owner shared with the community, under an alias."""

    title: str
    href: str
    alias: str
    at: datetime
    is_resolved: bool = False
    is_answered: bool = False


@dataclass(frozen=True, slots=True)
class CodePage:
    """Template `alarm_code.html`: what a code of a model means, what fixed it, and where it happened."""

    code: str
    model_name: str
    model_slug: str
    meaning: str
    advice: str
    articles: tuple[ArticleRow, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    shared: tuple[SharedRow, ...] = ()
    search_href: str = ""
