"""What surrounds every page: the signed-in person, links with counts, pages of a list, forms and their errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Health = Literal["normal", "maintenance_required", "off_spec", "check_function", "failure", "unknown"]
ConnectivityState = Literal["online", "stale", "offline", "never_seen"]
Audience = Literal["internal", "organisation", "shared", "model", "public"]
Role = Literal["customer", "customer_admin", "engineer", "support", "expert", "product", "admin", "system", "guest"]
STAFF_ROLES: frozenset[str] = frozenset({"engineer", "support", "expert", "product", "admin"})


@dataclass(frozen=True, slots=True)
class Portal:
    """The operator who runs this portal; global `portal`. `address` stands in the foot: "Nordværk A/S, Skjern"."""

    operator: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class OrganisationChoice:
    """One organisation a person may work in."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Me:
    """The signed-in person; global `me`, None before sign-in.

    `rights` holds permission strings such as "member:invite"; a link that needs one is drawn only when it is held.
    """

    id: str
    name: str
    initials: str
    role: Role
    organisations: tuple[OrganisationChoice, ...] = ()
    current_organisation: OrganisationChoice | None = None
    staff_role: Role | None = None
    rights: frozenset[str] = frozenset()
    unread: int = 0

    def may(self, permission: str) -> bool:
        """Tell whether this person holds a permission anywhere; the verb decides again about the one thing."""
        return permission in self.rights


@dataclass(frozen=True, slots=True)
class FilterLink:
    """A chip, tab or switch that is a link: its words, its address, and how many it leads to."""

    label: str
    href: str
    count: int | None = None
    is_current: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """The way on in a list. Addresses are complete; None where there is no such page."""

    next_href: str | None = None
    first_href: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select or a group of radio buttons; `detail` is its small second line."""

    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed and what is wrong with it, by field name. Errors are sentences; the empty key is the form."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return what the field shows."""
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        """Return the sentence that stands at the field, empty when it is right."""
        return self.errors.get(name, "")

    def has(self, name: str) -> bool:
        """Tell whether a checkbox is on."""
        return bool(self.values.get(name))


@dataclass(frozen=True, slots=True)
class Granter:
    """A person who can grant what is missing."""

    name: str
    role: Role
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """An error a person sees. Template `error.html`.

    `status` chooses words and picture: 400, 403, 404, 413, 429, 500, 503. `sentence` replaces the usual one.
    403 names `granters`, or says `is_operators` of a right that no customer can have; 429 and 503 say
    `retry_after_s`; 500 shows `reference` so that support finds it.
    """

    status: int
    sentence: str = ""
    granters: tuple[Granter, ...] = ()
    is_operators: bool = False
    is_reading_only: bool = False
    retry_after_s: int | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class SignInPage:
    """Template `sign_in.html`. Fields: email, password, remember; `next` is carried along unread.

    `providers` are ways in by the operator's own provider, address and name; `has_elsewhere` leads to customers' own.
    """

    form: Form = field(default_factory=Form)
    next: str = ""
    has_passkeys: bool = False
    providers: tuple[Option, ...] = ()
    has_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """Template `confirm.html`. Field: password, or code; `next` is where the reader was going.

    `provider` names the one that let the reader in, where signing in there anew is a proof.
    """

    form: Form = field(default_factory=Form)
    next: str = ""
    has_password: bool = True
    has_code: bool = False
    has_passkey: bool = False
    provider: str = ""


@dataclass(frozen=True, slots=True)
class ForgottenPage:
    """Template `forgotten.html`. Field: email. What is shown once `is_asked` is the same for every address."""

    form: Form = field(default_factory=Form)
    sends_mail: bool = True
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class ResetPage:
    """Template `reset.html`. Fields: new, again. `is_open` False: the link was used or has run out."""

    form: Form = field(default_factory=Form)
    is_open: bool = True
    shortest_password: int = 12


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """Template `accept_invitation.html`. Fields: name, password, locale. `is_open` False: used or run out.

    `provider` is the way in by the organisation's own; without `takes_password` it is the only one.
    """

    email: str
    organisation: str
    role: Role
    invited_by: str
    expires_at: datetime
    is_open: bool = True
    shortest_password: int = 12
    form: Form = field(default_factory=Form)
    provider: Option | None = None
    takes_password: bool = True
