"""View models of identity providers: the way in by them, and an administrator's page about one."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.shell import Form


@dataclass(frozen=True, slots=True)
class ProviderLink:
    """A way on to somebody's provider: its name, the host it stands at, and where the link leads."""

    name: str
    host: str
    href: str


@dataclass(frozen=True, slots=True)
class ElsewherePage:
    """Template `sign_in_elsewhere.html`. `form`: email; `is_asked` without a `found` says that nothing fits."""

    form: Form = field(default_factory=Form)
    next: str = "/"
    is_asked: bool = False
    found: ProviderLink | None = None


@dataclass(frozen=True, slots=True)
class LinkIdentityPage:
    """Template `link_identity.html`: an identity that nobody has yet, and whose yes it waits for.

    `step` is "sign_in" for somebody with an account who is not signed in, "link" for them once they are, "join" for
    somebody invited, and "other" where somebody else is signed in. `form`: name.
    """

    step: str
    provider: str
    organisation: str
    email: str
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """One of my identities at an organisation's provider."""

    organisation_id: str
    organisation: str
    provider: str
    linked_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkableRow:
    """An organisation of mine whose provider knows no identity of mine yet."""

    organisation_id: str
    organisation: str
    provider: str


@dataclass(frozen=True, slots=True)
class TrialShown:
    """What came of trying a provider. An empty `fault` is a good word."""

    fault: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """Template `admin/provider.html`. `form`: name, issuer, client_id, client_secret, scopes, domains, is_enabled.

    `redirect_uri` is what the provider must be told; `sign_in_address` is for the organisation's people.
    """

    organisation_id: str
    organisation: str
    redirect_uri: str
    sign_in_address: str
    form: Form = field(default_factory=Form)
    exists: bool = False
    is_enabled: bool = False
    has_secret: bool = False
    is_required: bool = False
    is_operator: bool = False
    linked: int = 0
    trial: TrialShown | None = None
