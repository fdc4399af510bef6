"""A real browser goes to a real provider and back: set up on a page, linked by its owner, then one click is enough."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from statusportal.access.vocabulary import MemberRole
from statusportal.config import load_settings
from statusportal.db.engine import open_engine
from statusportal.foundation.clock import SystemClock
from statusportal.migrations.upgrade import upgrade
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.servers.oidc import OidcProvider
from tests.servers.serving import ServeProcess

pytestmark = pytest.mark.browser

CLIENT, SECRET = "status-portal", "a secret of the tests: %+"
ANNA = "anna@example.com"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Serve a portal with one organisation and its administrator; its name is another site than the provider's."""
    folder = tmp_path / "instance"
    settings = load_settings({"STATUSPORTAL_INSTANCE_DIR": str(folder)})
    upgrade(settings)
    engine = open_engine(settings.database_url)
    works = Works(engine, SystemClock(), wiring(), settings)
    alpha = make_organisation(works, "alpha")
    make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, email=ANNA, name="Anna Holm", password=PASSWORD)
    engine.dispose()
    served = ServeProcess(folder, tmp_path / "serve.log", {"provider_allow": "127.0.0.0/8"})
    url = served.url.replace("127.0.0.1", "localhost")
    served.environment["STATUSPORTAL_PUBLIC_URL"] = url
    served.start()
    yield url, str(alpha.id)
    served.stop()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def sign_in(page: Page) -> None:
    page.get_by_label("E-mail").fill(ANNA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def go_to_work(page: Page, url: str) -> None:
    page.goto(f"{url}/sign-in?next=/profile")
    page.get_by_role("link", name="Your organisation's sign-in").click()
    page.get_by_label("E-mail").fill(ANNA)
    page.get_by_role("button", name="Find it").click()
    page.get_by_role("link", name="Go on to Alpha at work").click()


def test_provider_is_set_up_linked_used_and_unlinked(page: Page, portal: tuple[str, str]) -> None:
    url, alpha = portal
    with OidcProvider(CLIENT, SECRET, f"{url}/sign-in/at/alpha/callback") as provider:
        page.goto(f"{url}/sign-in?next=/admin/organisations/{alpha}/provider")
        sign_in(page)
        page.get_by_label("Name").fill("Alpha at work")
        page.get_by_label("Issuer").fill(provider.issuer)
        page.get_by_label("Client id").fill(CLIENT)
        page.get_by_label("Client secret").fill(SECRET)
        page.get_by_label("Mail domains").fill("example.com")
        page.get_by_label("Switched on").check()
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Try it").click()
        expect(page.get_by_text("The provider answers as it should.")).to_be_visible()

        page.context.clear_cookies()
        go_to_work(page, url)
        page.get_by_placeholder("Enter any login").fill(ANNA)
        page.get_by_placeholder("and password").fill("anything")
        page.get_by_role("button", name="Sign-in").click()
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", name="Is this you?")).to_be_visible()
        page.get_by_role("link", name="Sign in once more, here").click()
        sign_in(page)
        page.get_by_role("button", name="Yes, link it").click()
        expect(page.get_by_text("by single sign-on")).to_be_visible()

        page.context.clear_cookies(name="portal")
        go_to_work(page, url)
        expect(page).to_have_url(f"{url}/profile")
        expect(page.get_by_role("heading", name="Anna Holm")).to_be_visible()

        page.goto(f"{url}/profile/sign-in")
        page.get_by_role("button", name="Unlink: Alpha at work").click()
        page.get_by_role("link", name="Sign in with Alpha at work again").click()
        page.get_by_placeholder("Enter any login").fill(ANNA)
        page.get_by_placeholder("and password").fill("anything")
        page.get_by_role("button", name="Sign-in").click()
        page.get_by_role("button", name="Unlink: Alpha at work").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
