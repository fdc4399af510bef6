"""A real browser makes a passkey with a key of its own, signs in with it alone, and after the password."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.servers.serving import COMMAND, ROOT, ServeProcess

pytestmark = pytest.mark.browser

EMAIL, PASSWORD = "mette@example.com", "a long walk by the sea"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[str]:
    served = ServeProcess(tmp_path / "instance", tmp_path / "serve.log", {})
    command = [*COMMAND, "user", "create", "--email", EMAIL, "--password-stdin", "--name", "Mette Kragh"]
    subprocess.run(command, input=PASSWORD.encode(), env=served.environment, cwd=ROOT, check=True, capture_output=True)
    served.start()
    yield served.url.replace("127.0.0.1", "localhost")
    served.stop()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def key_of(page: Page) -> tuple[CDPSession, str]:
    """Give the browser a key that holds its user for verified, as long as it is told nothing else."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    return devtools, devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]


def sign_in(page: Page, portal: str) -> None:
    page.goto(f"{portal}/sign-in?next=/profile")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_passkey_is_made_and_signs_in_alone_and_after_the_password(page: Page, portal: str) -> None:
    devtools, key = key_of(page)
    sign_in(page, portal)
    page.goto(f"{portal}/profile/sign-in")
    page.get_by_role("link", name="Make a passkey").click()
    page.get_by_label("What you call it").fill("Work phone")

    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="Work phone")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    page.context.clear_cookies()
    page.goto(f"{portal}/sign-in?next=/profile/sign-in")
    page.get_by_role("link", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Show the passkey").click()
    expect(page).to_have_url(f"{portal}/profile/sign-in")

    page.context.clear_cookies()
    sign_in(page, portal)
    expect(page).to_have_url(f"{portal}/sign-in/second")
    page.get_by_role("link", name="Use a passkey instead").click()
    page.get_by_role("button", name="Show the passkey").click()
    expect(page).to_have_url(f"{portal}/profile")

    page.context.clear_cookies()
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.goto(f"{portal}/sign-in/passkey")
    page.get_by_role("button", name="Show the passkey").click()
    expect(page.get_by_text("Nothing was made or shown.")).to_be_visible()


def test_page_says_why_there_are_no_passkeys_at_a_bare_number(page: Page, portal: str) -> None:
    numbered = portal.replace("localhost", "127.0.0.1")
    page.goto(f"{numbered}/sign-in")
    expect(page.get_by_role("link", name="Sign in with a passkey")).to_have_count(0)

    sign_in(page, numbered)
    page.goto(f"{numbered}/profile/sign-in")

    expect(page.get_by_text("It works only over https")).to_be_visible()
    expect(page.get_by_role("link", name="Make a passkey")).to_have_count(0)
