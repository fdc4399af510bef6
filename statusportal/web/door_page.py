"""What stands on the sign-in page beside the form: passkeys, and the ways in by identity providers."""

from flask import url_for

from statusportal.access.actor import SYSTEM
from statusportal.federation.queries import open_providers
from statusportal.http import portal
from statusportal.http.passkeys import has_passkeys
from statusportal.http.views.shell import Form, Option, SignInPage


def sign_in_page(form: Form, onward: str) -> SignInPage:
    """Make the page. The operator's own provider has a button; which customers have one is nobody's business here."""
    with portal.works().reading(SYSTEM) as work:
        providers = open_providers(work)
    ways = [
        Option(url_for("single_sign_on.go", slug=slug, next=onward), name)
        for slug, name, is_operators in providers
        if is_operators
    ]
    return SignInPage(
        form,
        onward,
        has_passkeys=has_passkeys(),
        providers=tuple(ways),
        has_elsewhere=len(providers) > len(ways),
    )
