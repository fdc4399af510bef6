"""View models of me too."""

from dataclasses import dataclass, field

from statusportal.http.views.shell import Form, Option


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
