"""A machine's telemetry becomes a status page that people talk under: the main job, with real browsers and a server."""

import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.street import (
    ANN,
    BENT,
    JONAS,
    Watched,
    context_of,
    open_street,
    people_street,
    sign_in,
    wait_until_live,
)
from tests.servers.live import Listener

pytestmark = pytest.mark.browser

QUESTION = "Is it safe to bake tonight? The **door gasket** glows."
ANSWER = "The gasket is new now. It is safe to bake."


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    with open_street(tmp_path_factory.mktemp("story") / "instance") as portal:
        yield people_street(portal)


@pytest.fixture
def opened(chromium: Browser):
    """Open a page in a browser of its own; what it complains of fails the test."""
    contexts, pages = [], []

    def _opened(**more) -> Page:
        contexts.append(context_of(chromium, **more))
        pages.append(Watched(contexts[-1].new_page()))
        return pages[-1].page

    yield _opened
    for context in contexts:
        context.close()
    assert [one.complaints for one in pages] == [[]] * len(pages)


def entry_opened(street, page):
    """Follow the time line from the machine's page to the entry that opened by itself."""
    page.locator("#timeline .timeline__title a").first.click()
    page.wait_for_url(re.compile(r"/entries/"))
    return page.url.rpartition("/")[2].partition("#")[0].partition("?")[0]


def write(page, words, **choices):
    page.locator("#say").fill(words)
    for name, value in choices.items():
        page.locator(f"#write [name={name}]").select_option(value)
    page.locator("#write [data-send]").click()
    page.wait_for_url(re.compile(r"#c-"))


def sees_nothing(street, page, entry_id):
    """Look for what is another's, everywhere."""
    answers = [
        page.goto(street.address(path)).status
        for path in (f"/devices/{street.device_id}", f"/entries/{entry_id}", f"/entries/{entry_id}/thread")
    ]
    page.goto(street.address("/"))
    mine = page.locator("main").inner_text()
    page.goto(street.address("/search?q=gasket"))
    found = page.locator("main").inner_text()
    return answers, "Big oven" in mine, "gasket glows" in found or "Big oven" in found


def test_main_job(street, opened):
    street.report(70.0)
    ann, jonas, bent = opened(), opened(), opened()
    sign_in(street, ann, ANN, f"/devices/{street.device_id}")
    wait_until_live(ann)
    listener = Listener()
    assert listener.connect(street.portal.url, auth={"token": street.portal.personal_token(BENT)})

    began_at = time.monotonic()
    street.report(95.5)
    expect(ann.locator(".verdict__say")).to_have_text("Heat is 95.5\u00a0°C, above the limit of 80.0\u00a0°C.")
    took_s = time.monotonic() - began_at
    expect(ann.locator("#timeline")).to_contain_text("Heat is 95.5")
    entry_id = entry_opened(street, ann)
    watched = listener.watch(f"entry:{entry_id}", f"device:{street.device_id}")
    write(ann, QUESTION)
    expect(ann.locator("#thread")).to_contain_text("door gasket")
    wait_until_live(ann)

    sign_in(street, jonas, JONAS, f"/entries/{entry_id}")
    expect(jonas.locator("#thread")).to_contain_text("Is it safe to bake tonight?")
    jonas.locator("#thread [data-behaviour=reply]").first.click()
    write(jonas, ANSWER)
    expect(ann.locator(".newbutton")).to_have_text("1 new")
    hidden = ann.locator("#thread").inner_text()
    ann.locator(".newbutton").click()
    expect(ann.locator("#thread")).to_contain_text(ANSWER)
    jonas.locator("button[name=lifecycle][value=resolved]").click()
    expect(ann.locator("#entry-top .steps [aria-current=step]")).to_contain_text("Resolved")

    assert took_s < 5
    assert ANSWER not in hidden
    assert watched == {name: {"state": "not_found"} for name in (f"entry:{entry_id}", f"device:{street.device_id}")}
    sign_in(street, bent, BENT, "/")
    assert sees_nothing(street, bent, entry_id) == ([404, 404, 404], False, False)
    assert listener.changed == []
    listener.leave()
    ann.goto(street.address("/search?q=gasket"))
    marked = ann.locator("#results mark")
    assert marked.count() >= 2
    assert {one.lower() for one in marked.all_inner_texts()} == {"gasket"}
    ann.locator("#results h3 a").first.click()
    expect(ann.locator("#thread")).to_contain_text(ANSWER)
