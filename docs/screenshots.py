"""Take the screenshots of docs/ from the running product: a fresh demo, served, looked at with Debian's Chromium.

Run by `make screenshots`. Each picture is one page as one person sees it, on a desk and on a phone, light and dark.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM: Final = "/usr/bin/chromium"
FOLDER: Final = Path(__file__).parent / "screenshots"
LARGEST_BYTES: Final = 400_000
PORTAL: Final = (sys.executable, "-c", "from statusportal.cli import main; main()")
FREEZER: Final = "PL86-0931"
CUSTOMER: Final = "mette@engdal.example"
ADMINISTRATOR: Final = "henrik@nordvaerk.example"
# Long enough for the first visitor's machine to drift, so that the pictures show a change of status.
DRIFT_S: Final = 110
SCREENS: Final[Mapping[str, dict[str, Any]]] = {
    "desktop": {"viewport": {"width": 1440, "height": 1500}},
    "phone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True},
}


def free_port() -> int:
    """Ask the system for a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running_demo() -> Iterator[tuple[str, dict[str, Any]]]:
    """Seed a demo in a folder of its own and serve it; give its address and its sign-ins."""
    with tempfile.TemporaryDirectory(prefix="screenshots-") as folder:
        port = free_port()
        environment = {**os.environ, "STATUSPORTAL_INSTANCE_DIR": folder, "STATUSPORTAL_PORT": str(port)}
        seeded = subprocess.run([*PORTAL, "demo", "--json"], env=environment, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own command
        signs: dict[str, Any] = json.loads(seeded.stdout)
        server = subprocess.Popen([*PORTAL, "serve"], env=environment)  # noqa: S603 - our own command
        try:
            wait_until_ready(signs["address"], server)
            yield signs["address"], signs
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the portal can store.

    Raises: SystemExit when it ended, or is not ready within a minute.
    """
    for _ in range(120):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/readyz"):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The portal did not become ready.")


@contextmanager
def page_of(browser: Browser, address: str, person: tuple[str, str], **screen: Any) -> Iterator[Page]:  # noqa: ANN401 - Playwright's options
    """Open a page signed in as a person."""
    context = browser.new_context(
        base_url=address, reduced_motion="reduce", locale="en-GB", timezone_id="Europe/Copenhagen", **screen
    )
    email, password = person
    signed = context.request.post(
        "/api/v1/session", data={"email": email, "password": password}, headers={"Origin": address}
    )
    if not signed.ok:
        raise SystemExit(f"{email} cannot sign in: {signed.status}")
    yield context.new_page()
    context.close()


def places(page: Page) -> dict[str, str]:
    """Find the addresses of the pages to be shown."""
    devices = page.request.get("/api/v1/devices?limit=200").json()["items"]
    freezer = next(one["id"] for one in devices if one["serial"] == FREEZER)
    entries = page.request.get(f"/api/v1/devices/{freezer}/entries").json()["items"]
    entry = max(entries, key=lambda one: int(one["comment_count"]))["id"]
    return {
        "my-devices": "/",
        "device": f"/devices/{freezer}",
        "entry": f"/entries/{entry}",
        "search": "/search?q=inlet+filter",
        "admin": "/admin/connections",
    }


def take(page: Page, place: str, file: Path) -> None:
    """Photograph what a visitor sees first.

    Raises: SystemExit for a page that does not answer, or a picture that is too large for a repository.
    """
    answer = page.goto(place, wait_until="load")
    if answer is None or not answer.ok:
        raise SystemExit(f"{place} answered {answer.status if answer else 'nothing'}")
    page.wait_for_timeout(1_500)
    page.screenshot(path=file, animations="disabled")
    size = file.stat().st_size
    print(f"{file.name}: {size // 1_000} kB")
    if size > LARGEST_BYTES:
        raise SystemExit(f"{file.name} has {size} bytes, {LARGEST_BYTES} allowed")


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with running_demo() as (address, signs), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        time.sleep(DRIFT_S)
        for screen, options in SCREENS.items():
            for theme in ("light", "dark"):
                photograph(browser, address, signs["password"], screen, {**options, "color_scheme": theme})
        browser.close()


def photograph(browser: Browser, address: str, password: str, screen: str, options: dict[str, Any]) -> None:
    """Take every page on one screen in one theme: the customer's pages as a customer, the others as administrator."""
    theme = options["color_scheme"]
    with page_of(browser, address, (CUSTOMER, password), **options) as page:
        shown = places(page)
        for name, place in shown.items():
            if name != "admin":
                take(page, place, FOLDER / f"{name}-{screen}-{theme}.png")
    with page_of(browser, address, (ADMINISTRATOR, password), **options) as page:
        take(page, shown["admin"], FOLDER / f"admin-{screen}-{theme}.png")


if __name__ == "__main__":
    main()
