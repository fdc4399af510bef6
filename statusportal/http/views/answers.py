"""View models of what answered an entry, and of me too."""

from dataclasses import dataclass, field

from markupsafe import Markup

from statusportal.http.views.shell import Form, Option


@dataclass(frozen=True, slots=True)
class Answer:
    """The accepted answer that leads. `confirmation` is what the machine itself says; empty while it is only watched.

    Shape: `words` is sanitised HTML. `worked` counts who said that it worked for them too, `others` further answers.
    """

    words: Markup | str
    author: str
    accepted_by: str
    href: str
    confirmation: str = ""
    watching: str = ""
    relapsed: str = ""
    comment_id: str = ""
    worked: int = 0
    others: int = 0
    can_apply: bool = False
    can_take_back: bool = False
    can_write_article: bool = False
    points: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class MeTooView:
    """Fragment `_me_too.html`: how many other machines have the same, and how many of them are mine.

    `common` says what many of them share, never of fewer than five; `href` leads to who has machines to say it for.
    """

    count: int
    mine: int
    common: tuple[str, ...] = ()
    href: str = ""


@dataclass(frozen=True, slots=True)
class MeTooMachine:
    """A machine of the reader's for which it can be said, or was."""

    id: str
    name: str
    serial: str
    is_said: bool = False


@dataclass(frozen=True, slots=True)
class MeTooPage:
    """Template `me_too.html`. Posts device and site_type, or device and do=take_back."""

    entry_id: str
    entry_title: str
    affected: MeTooView
    machines: tuple[MeTooMachine, ...] = ()
    site_types: tuple[Option, ...] = ()
    form: Form = field(default_factory=Form)
