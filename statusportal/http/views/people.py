"""View models of the profile and of the administration of people and organisations."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.shell import FilterLink, Form, Option, Pages, Role


@dataclass(frozen=True, slots=True)
class SessionView:
    """A place where someone is signed in. `icon` is laptop, mobile or key; `way` says how it began."""

    id: str
    label: str
    started_at: datetime
    seen_at: datetime
    icon: str = "laptop"
    detail: str = ""
    is_current: bool = False
    way: str = ""


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """Template `profile.html`. `form`: name, locale, theme, timezone; `password_form`: current, new, again.

    `is_password_breached` asks above everything else for another password.
    """

    name: str
    email: str
    initials: str
    role: Role
    organisation: str
    form: Form
    time_zones: tuple[str, ...]
    locales: tuple[Option, ...]
    sessions: tuple[SessionView, ...] = ()
    password_form: Form = field(default_factory=Form)
    shortest_password: int = 12
    is_password_breached: bool = False
    has_password: bool = True
    is_address_proved: bool = True


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A personal token that works. `may` says what it is for; empty means everything that its person may do."""

    id: str
    name: str
    may: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TokensPage:
    """Template `tokens.html`. `form` makes one: name, expires, scopes (checkboxes, those ticked in `ticked`).

    Without `may_make` the page asks for a proof first. `token` is shown once, and `calendar`, the address that it opens
    where it was made for nothing else.
    """

    tokens: tuple[TokenRow, ...]
    scopes: tuple[Option, ...]
    spans: tuple[Option, ...]
    ticked: frozenset[str] = frozenset()
    form: Form = field(default_factory=Form)
    token: str = ""
    calendar: str = ""
    may_make: bool = True


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list. `second_proof` says what they have beside a password, empty for nothing."""

    id: str
    name: str
    email: str
    initials: str
    organisation: str
    role: Role
    seen_at: datetime | None = None
    is_active: bool = True
    href: str = ""
    see_as_href: str = ""
    second_proof: str = ""


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that waits, or has run out."""

    id: str
    email: str
    role: Role
    organisation: str
    invited_by: str
    sent_at: datetime
    expires_at: datetime
    is_expired: bool = False


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Template `admin/people.html`. `form` invites: email, name, organisation, role. `link` is shown once."""

    headline: str
    people: tuple[PersonRow, ...]
    invitations: tuple[InvitationRow, ...]
    organisations: tuple[Option, ...]
    roles: tuple[Option, ...]
    filters: tuple[FilterLink, ...] = ()
    query: str = ""
    form: Form = field(default_factory=Form)
    link: str = ""
    pages: Pages = field(default_factory=Pages)


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A person's role in one organisation. `form`: role; removing is a button of the same form."""

    organisation_id: str
    organisation: str
    form: Form


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Template `admin/person.html`.

    `form`: role (a staff role, or none), is_active (a checkbox); drawn where `roles` are given. `standings` are the
    memberships that the reader may change, `membership_form` adds one: organisation, role. Ending a session takes
    effect everywhere. `link` for a new password is shown once, where the portal sends no mail.
    """

    id: str
    name: str
    email: str
    initials: str
    organisation: str
    form: Form
    roles: tuple[Option, ...] = ()
    sessions: tuple[SessionView, ...] = ()
    standings: tuple[StandingRow, ...] = ()
    member_roles: tuple[Option, ...] = ()
    organisations: tuple[Option, ...] = ()
    membership_form: Form = field(default_factory=Form)
    is_active: bool = True
    link: str = ""
    sends_mail: bool = False
    second_proof: str = ""
    can_reset: bool = False


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation in a list."""

    id: str
    name: str
    slug: str
    people: int
    devices: int
    is_operator: bool = False


@dataclass(frozen=True, slots=True)
class OrganisationsPage:
    """Template `admin/organisations.html`. `form` creates one: name, slug."""

    organisations: tuple[OrganisationRow, ...]
    query: str = ""
    form: Form = field(default_factory=Form)
    pages: Pages = field(default_factory=Pages)
    can_create: bool = True


@dataclass(frozen=True, slots=True)
class OrganisationDevice:
    """A machine that an organisation owns now."""

    id: str
    name: str
    model: str
    serial: str
    since_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InsidePart:
    """Who of an organisation's people sees its machines. Fields of `form`: mode, and role_… each, as `roles` names."""

    form: Form
    modes: tuple[Option, ...]
    roles: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class TreeShown:
    """An organisation in its tree, with those below it."""

    id: str
    name: str
    people: int
    devices: int
    below: tuple["TreeShown", ...] = ()
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class TreePart:
    """The tree around an organisation, and whom it may stand under. Field of `form`: parent; empty is nobody."""

    top: TreeShown
    parents: tuple[Option, ...]
    form: Form


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """Template `admin/organisation.html`. `form` changes it: name, time_zone.

    `is_customer` leads on to the customer page of support. `inside` and `tree` are there for who decides them.
    """

    id: str
    name: str
    slug: str
    people: tuple[PersonRow, ...]
    devices: tuple[OrganisationDevice, ...]
    form: Form = field(default_factory=Form)
    time_zones: tuple[str, ...] = ()
    has_more_devices: bool = False
    can_add_devices: bool = True
    is_customer: bool = True
    inside: InsidePart | None = None
    tree: TreePart | None = None
    can_ask_proof: bool = False
    is_proof_asked: bool = False
    can_have_provider: bool = False
