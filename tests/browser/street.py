"""A portal in a process of its own with the people of the story, and how they use it in a real browser."""

import uuid
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.servers.portal_process import PASSWORD, PortalProcess

OVEN = """
name = "Oven"
expected_interval_s = 60

[[signals]]
name = "heat"
unit = "°C"
label_en = "Heat"
label_da = "Varme"

[[signals.limits]]
code = "heat_high"
side = "high"
threshold = 80.0
hysteresis = 2.0
health = "off_spec"
"""
ANN, CATO, BENT, JONAS, AISHA, ROOT = (
    f"{name}@example.com" for name in ("ann", "cato", "bent", "jonas", "aisha", "root")
)


@dataclass
class Street:
    """The running portal and what is in it: alpha's oven, with the token by which it reports."""

    portal: PortalProcess
    device_id: str
    token: str
    entry_id: str = ""

    def report(self, heat: float, **more: object) -> None:
        """Let the oven report its heat."""
        answer = self.portal.send(self.token, {"heat": heat, **more})
        assert answer.status_code == 200, answer.text

    def address(self, path: str) -> str:
        """Return a path as an address."""
        return f"{self.portal.url}{path}"


@dataclass
class Watched:
    """A page whose every complaint is kept: script errors, console errors, refusals of the content policy."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note_said)
        self.page.on("requestfailed", lambda request: self._note_failed(request.url, request.failure or ""))

    def _note_said(self, said: ConsoleMessage) -> None:
        # That a page is missing is an answer, not a complaint.
        if said.type == "error" and "status of 404" not in said.text:
            self.complaints.append(said.text)

    def _note_failed(self, address: str, why: str) -> None:
        if "ERR_ABORTED" not in why:
            self.complaints.append(f"{address}: {why}")


def open_street(folder: Path) -> PortalProcess:
    """Start a portal without limits on how often one asks."""
    return PortalProcess(folder, requests_per_minute=0, comments_per_minute=0)


def people_street(portal: PortalProcess) -> Street:
    """Fill the portal by its commands, as an operator would."""
    portal.make_organisation("alpha")
    portal.make_organisation("beta")
    portal.make_person(ANN, name="Ann", organisation="alpha", role="customer")
    portal.make_person(CATO, name="Cato", organisation="alpha", role="customer")
    portal.make_person(BENT, name="Bent", organisation="beta", role="customer_admin")
    for email, name, role in ((JONAS, "Jonas", "engineer"), (AISHA, "Aisha", "support"), (ROOT, "Root", "admin")):
        portal.make_person(email, name=name, staff=role)
    portal.make_model("oven", OVEN)
    device_id = portal.make_device("alpha", "oven", "OVN-100", "Big oven")
    portal.make_device("beta", "oven", "OVN-200", "Small oven")
    return Street(portal, device_id, portal.device_token(device_id))


def context_of(chromium: Browser, **more: object) -> BrowserContext:
    """Open a browser of somebody's own."""
    given = {"viewport": {"width": 1200, "height": 900}, "reduced_motion": "reduce", "timezone_id": "UTC"}
    return chromium.new_context(**(given | {"locale": "en-GB"} | more))


def sign_in(street: Street, page: Page, email: str, path: str = "/") -> None:
    """Sign in through the form, on the way to a page."""
    page.goto(street.address(path))
    page.locator("#si-email").fill(email)
    page.locator("#si-password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(street.address(path))


def wait_until_live(page: Page) -> None:
    """Wait until the page says that it is live."""
    expect(page.locator("[data-behaviour=live-state]")).to_have_attribute("data-live", "on")


def ask(street: Street, email: str, title: str, body: str = "") -> str:
    """Publish a question through the API and return its id."""
    session = street.portal.sign_in(email)
    wanted = {"kind": "question", "title": title, "body": body}
    answer = session.post(street.address(f"/api/v1/devices/{street.device_id}/entries"), json=wanted, timeout=20)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def unlike_any() -> str:
    """Return a word that nothing else holds."""
    return f"zq{uuid.uuid4().hex[:10]}"
