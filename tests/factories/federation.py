"""Organisations with an identity provider, and people who come in by it."""

import msgspec
from flask import Flask
from werkzeug.test import TestResponse

from statusportal.access.actor import SYSTEM
from statusportal.accounts.models import Organisation, Person
from statusportal.federation.configuring import keep_provider
from statusportal.federation.models import LinkedIdentity
from statusportal.federation.vocabulary import ProviderDraft
from statusportal.work import Works
from tests.factories.browsing import Browser
from tests.servers.provider import CLIENT_ID, CLIENT_SECRET, Provider, Somebody


def allow_here(works: Works) -> None:
    """Let providers stand on this machine, and the portal have the test client's name."""
    works.settings = msgspec.structs.replace(
        works.settings, provider_allow="127.0.0.0/8", public_url="http://localhost", sign_in_tries_per_minute=1_000
    )


def draft_of(provider: Provider, **changes: object) -> ProviderDraft:
    """Return what an administrator says of a provider."""
    words = {"name": "Work account", "issuer": provider.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    return ProviderDraft(**{**words, "is_enabled": True, **changes})


def with_provider(works: Works, organisation: Organisation, provider: Provider, **changes: object) -> None:
    """Give an organisation a provider."""
    with works.writing(SYSTEM) as work:
        keep_provider(work, organisation.id, draft_of(provider, **changes))


def linked(works: Works, organisation: Organisation, provider: Provider, person: Person) -> Somebody:
    """Link a person to an identity at a provider, and return who they are there."""
    somebody = Somebody(f"sub-{person.id}", person.email, name=person.name)
    with works.writing(SYSTEM) as work:
        work.session.add(
            LinkedIdentity(
                organisation_id=organisation.id,
                issuer=provider.issuer,
                subject=somebody.subject,
                person_id=person.id,
                created_at=work.now,
            )
        )
    return somebody


def come_by(
    app: Flask,
    slug: str,
    provider: Provider,
    somebody: Somebody,
    browser: Browser | None = None,
    onward: str = "/profile",
) -> tuple[Browser, TestResponse]:
    """Go to an organisation's provider as somebody, and come back; return the browser and what it was answered."""
    browser = browser or Browser(app)
    sent = browser.get(f"/sign-in/at/{slug}", {"next": onward})
    back = provider.go(sent.location, somebody)
    return browser, browser.get(back.removeprefix("http://localhost"))
