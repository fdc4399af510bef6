"""View models of second proofs: the step after the password, and how somebody signs in."""

from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from statusportal.http.views.providers import IdentityRow, LinkableRow
from statusportal.http.views.shell import Form


@dataclass(frozen=True, slots=True)
class SecondStepPage:
    """Template `second_step.html`. `form`: code."""

    form: Form = field(default_factory=Form)
    has_app: bool = True
    has_passkey: bool = False


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """One of my passkeys."""

    id: str
    name: str
    created_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PasskeyPage:
    """Templates `add_passkey.html` and `show_passkey.html`. `options` is JSON for the browser; `form`: name."""

    ceremony: str
    options: str
    form: Form = field(default_factory=Form)
    next: str = "/"


@dataclass(frozen=True, slots=True)
class HowISignInPage:
    """Template `how_i_sign_in.html`. `codes` are new recovery codes, shown this once.

    `is_passkey_possible` is false where no browser would make one: without TLS elsewhere than on localhost.
    """

    has_app: bool
    recovery_codes: int
    passkeys: tuple[PasskeyRow, ...] = ()
    is_passkey_possible: bool = True
    is_owed: bool = False
    reset_at: datetime | None = None
    codes: tuple[str, ...] = ()
    has_password: bool = True
    identities: tuple[IdentityRow, ...] = ()
    linkable: tuple[LinkableRow, ...] = ()


@dataclass(frozen=True, slots=True)
class AddAppPage:
    """Template `add_app.html`. `qr` is an inline drawing of the same secret; `form`: code."""

    secret: str
    address: str
    qr: Markup
    form: Form = field(default_factory=Form)
