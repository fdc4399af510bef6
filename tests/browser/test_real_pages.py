"""The product's own pages, not samples of them: without scripts, by keyboard, narrow, in both lights and languages."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.narrow import NARROWEST, width_at
from tests.browser.street import (
    AISHA,
    ANN,
    CATO,
    JONAS,
    ROOT,
    Watched,
    ask,
    context_of,
    open_street,
    people_street,
    sign_in,
    unlike_any,
    wait_until_live,
)
from tests.servers.portal_process import PASSWORD

pytestmark = pytest.mark.browser

CUSTOMERS = (
    "/",
    "/devices/{device}",
    "/entries/{entry}",
    "/ask",
    "/devices/{device}/ask",
    "/search?q=gasket",
    "/profile",
)
STAFFS = ("/support/customers",)
ROOTS = (
    "/admin/people",
    "/admin/organisations",
    "/admin/models",
    "/admin/devices",
    "/admin/devices/{device}",
    "/admin/credentials",
    "/admin/connections",
    "/admin/connections/new",
    "/admin/audit",
)
VISITS = {ANN: CUSTOMERS, AISHA: STAFFS, ROOT: ROOTS}
LOOKS = {"light-en": ("light", "en"), "dark-da": ("dark", "da")}


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    with open_street(tmp_path_factory.mktemp("pages") / "instance") as portal:
        street = people_street(portal)
        street.report(95.5, door="open", fan=True)
        street.entry_id = ask(street, ANN, "The gasket glows", "Is it **safe**?\n\n- one\n- two")
        yield street


@pytest.fixture(scope="module", params=LOOKS)
def readers(request, street, chromium: Browser):
    """A signed-in page for each reader, in one look and one language."""
    theme, locale = LOOKS[request.param]
    contexts = {email: context_of(chromium, color_scheme=theme) for email in VISITS}
    pages = {email: Watched(context.new_page()) for email, context in contexts.items()}
    for email, one in pages.items():
        sign_in(street, one.page, email, "/profile")
        for name, value in (("theme", theme), ("locale", locale)):
            choose(one.page, name, value)
        one.page.locator("main form[action='/profile'] button[type=submit]").first.click()
        expect(one.page.locator("html")).to_have_attribute("lang", locale)
        expect(one.page.locator("html")).to_have_attribute("data-theme", theme)
    yield pages
    for context in contexts.values():
        context.close()


def choose(page, name, value):
    """Choose a word of a form, be it a list or a row of buttons."""
    field = page.locator(f"main form[action='/profile'] [name={name}]").first
    if field.evaluate("one => one.tagName") == "SELECT":
        field.select_option(value)
    else:
        page.locator(f"main form[action='/profile'] [name={name}][value={value}]").check(force=True)


def visits(street):
    for email, paths in VISITS.items():
        for path in paths:
            yield email, path.format(device=street.device_id, entry=street.entry_id)


def violations(page):
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in Axe().run(page).response["violations"]
    ]


def test_no_page_has_an_axe_violation_or_a_complaint_or_is_too_wide(street, readers):
    wrong = {}

    for email, path in visits(street):
        watched = readers[email]
        status = watched.page.goto(street.address(path)).status
        if watched.page.locator("[data-live-topic]").count():
            wait_until_live(watched.page)
        trouble = [*violations(watched.page), *watched.complaints]
        width = width_at(watched.page, NARROWEST)
        if status != 200 or trouble or width > NARROWEST:
            wrong[path] = (status, width, trouble)
        watched.complaints.clear()

    assert json.dumps(wrong, indent=1, ensure_ascii=False) == "{}"


@pytest.mark.parametrize("look", LOOKS)
def test_sign_in_and_error_pages_are_whole(street, chromium: Browser, look):
    theme, locale = LOOKS[look]
    context = context_of(chromium, color_scheme=theme, locale=locale)
    watched = Watched(context.new_page())
    wrong = {}

    for path in ("/sign-in", "/nowhere", "/invitations/none"):
        watched.page.set_viewport_size({"width": 320, "height": 700})
        watched.page.goto(street.address(path))
        width = watched.page.evaluate("document.documentElement.scrollWidth")
        language = watched.page.locator("html").get_attribute("lang")
        trouble = [*violations(watched.page), *watched.complaints]
        if trouble or width > 320 or language != locale:
            wrong[path] = (width, language, trouble)
    context.close()

    assert json.dumps(wrong, indent=1, ensure_ascii=False) == "{}"


def test_everything_works_without_scripts(street, chromium: Browser):
    context = context_of(chromium, java_script_enabled=False)
    page, word = context.new_page(), unlike_any()
    sign_in(street, page, CATO, f"/devices/{street.device_id}/ask")
    page.locator("[name=title]").fill(f"Smoke {word}")
    page.locator("main form[aria-labelledby=ask-h] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/entries/"))
    entry = page.url
    page.locator("#say").fill("It stopped **again**.")
    page.locator("#write [data-send]").click()
    said = page.locator("#thread .comment__body strong").inner_text()
    page.locator("#thread a[data-behaviour=reply]").first.click()
    page.locator("#say").fill("And smells.")
    page.locator("#write [data-send]").click()
    reply = page.locator("#thread .replies .comment__body").inner_text()
    page.locator("form.theme button").click()
    theme = page.locator("html").get_attribute("data-theme")
    page.locator("footer form button").click()
    language = page.locator("html").get_attribute("lang")
    page.locator("#q-top").fill(word)
    page.locator("#q-top").press("Enter")
    marked = page.locator("#results mark").first.inner_text()
    page.goto(street.address("/profile"))
    page.locator("main form[action='/sign-out'] button").click()
    page.wait_for_url(re.compile("/sign-in"))
    closed = page.goto(entry).url
    context.close()

    assert (said, reply, theme, language, marked) == ("again", "And smells.", "dark", "da", word)
    assert "/sign-in?next=/entries/" in closed


def test_lifecycle_moves_without_scripts(street, chromium: Browser):
    entry_id = ask(street, ANN, "Move me on")
    context = context_of(chromium, java_script_enabled=False)
    page = context.new_page()
    sign_in(street, page, JONAS, f"/entries/{entry_id}")

    page.locator("button[name=lifecycle][value=acknowledged]").click()
    page.locator("button[name=lifecycle][value=resolved]").click()

    expect(page.locator(".steps [aria-current=step]")).to_contain_text("Resolved")
    context.close()


def test_one_signs_in_and_writes_with_the_keyboard_alone(street, chromium: Browser):
    entry_id = ask(street, ANN, "By hand")
    context = context_of(chromium)
    page = context.new_page()
    page.goto(street.address(f"/entries/{entry_id}"))
    press_until(page, "si-email")
    page.keyboard.type(ANN)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(street.address(f"/entries/{entry_id}"))

    press_until(page, "say")
    page.keyboard.type("Typed, never clicked.")
    press_until(page, "", "#write [data-send]")
    page.keyboard.press("Enter")

    expect(page.locator("#thread .comment__body")).to_contain_text("Typed, never clicked.")
    context.close()


def press_until(page, element_id, selector=""):
    """Press Tab until an element has the focus, as somebody without a mouse does."""
    wanted = selector or f"#{element_id}"
    for _ in range(120):
        if page.evaluate("wanted => document.activeElement?.matches(wanted)", wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is out of the keyboard's reach")
