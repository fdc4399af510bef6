"""Sample views of single sign-on: the way in, the yes to an identity, and an administrator's page."""

from statusportal.http.views import providers, shell
from tests.factories.views import NOW, ago

IDENTITY = providers.IdentityRow("o1", "Engdal Mejeri", "Engdal work account", ago(days=40), NOW)
LINKABLE = providers.LinkableRow("o2", "Nordværk", "Nordværk account")
_ADDRESS = "https://status.example.com/sign-in/at/engdal-mejeri"


def elsewhere() -> providers.ElsewherePage:
    found = providers.ProviderLink("Engdal work account", "login.engdal.example", "/sign-in/at/engdal-mejeri")
    return providers.ElsewherePage(shell.Form({"email": "mette.kragh@engdal.example"}), "/", is_asked=True, found=found)


def linking() -> providers.LinkIdentityPage:
    return providers.LinkIdentityPage(
        "link", "Engdal work account", "Engdal Mejeri", "mette.kragh@engdal.example", shell.Form({}, {"": "Taken."})
    )


def joining() -> providers.LinkIdentityPage:
    form = shell.Form({"name": "Jens Holm"})
    return providers.LinkIdentityPage("join", "Engdal work account", "Engdal Mejeri", "jens.holm@engdal.example", form)


def provider() -> providers.ProviderPage:
    form = {
        "name": "Engdal work account",
        "issuer": "https://login.engdal.example/a-tenant-with-a-long-name/v2.0",
        "client_id": "0f6b2a1e-7c3d-4b8a-9e21-5d4c3b2a1f00",
        "scopes": "openid email profile",
        "domains": "engdal.example",
        "is_enabled": "1",
    }
    return providers.ProviderPage(
        "o1",
        "Engdal Mejeri",
        f"{_ADDRESS}/callback",
        _ADDRESS,
        shell.Form(form),
        exists=True,
        is_enabled=True,
        has_secret=True,
        linked=12,
        trial=providers.TrialShown(
            "The provider calls itself “https://login.engdal.example/”, here stands “https://login.engdal.example”:"
            " each letter must be the same.",
            ("It does not say whether it takes PKCE with S256. The portal sends it all the same.",),
        ),
    )


def new_provider() -> providers.ProviderPage:
    form = shell.Form({"name": "Engdal Mejeri"}, {"issuer": "Must not be empty.", "client_id": "Must not be empty."})
    return providers.ProviderPage("o1", "Engdal Mejeri", f"{_ADDRESS}/callback", _ADDRESS, form)
