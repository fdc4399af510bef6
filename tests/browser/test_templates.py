"""Every template, drawn from sample view models in a real browser under the strict content policy."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.narrow import NARROWEST, width_at
from tests.factories.portal_app import PAGES
from tests.factories.views import NOW

pytestmark = pytest.mark.browser
MODES = {"desktop-light-en": (1440, "light", "en"), "phone-dark-da": (NARROWEST, "dark", "da")}


@pytest.fixture(scope="module", params=MODES)
def page(request, chromium: Browser) -> Iterator[Page]:
    width, theme, language = MODES[request.param]
    context = chromium.new_context(viewport={"width": width, "height": 900}, timezone_id="UTC", reduced_motion="reduce")
    page = context.new_page()
    page.clock.install(time=NOW)
    page.route("**/socket.io/**", lambda route: route.abort())
    page.look = f"theme={theme}&lang={language}"
    yield page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_axe_violation_no_script_trouble_and_fits_the_narrowest_phone(
    page: Page, preview: str, name: str
) -> None:
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda said: trouble.append(said.text) if "Content Security" in said.text else None)

    page.goto(f"{preview}/{name}?{page.look}")
    page.evaluate("document.querySelectorAll('.table-toggle').forEach(one => { one.open = true })")
    found = Axe().run(page).response["violations"]
    page.evaluate("document.querySelectorAll('.table-toggle').forEach(one => { one.open = false })")
    width = width_at(page, NARROWEST)

    assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found] == []
    assert trouble == []
    assert width <= NARROWEST


def test_pages_say_the_same_without_scripts(chromium: Browser, preview: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(f"{preview}/device")
    title = page.locator("h1").inner_text()
    curve = page.locator(".chart__area path.line").get_attribute("d")
    page.goto(f"{preview}/entry")
    reply = page.locator("#c-9 a.action").first.get_attribute("href")
    context.close()

    assert title == "Culture bank freezer"
    assert curve is not None
    assert curve.startswith("M0.0,")
    assert reply is not None


def test_live_chart_reads_values_with_the_keyboard(chromium: Browser, preview: str) -> None:
    page = chromium.new_page(timezone_id="UTC")
    page.clock.install(time=NOW)
    page.route("**/socket.io/**", lambda route: route.abort())

    page.goto(f"{preview}/device")
    page.locator(".chart__live").focus()
    page.keyboard.press("End")
    said = page.locator(".chart__read").inner_text()
    page.close()

    assert said == "10:44: −67.15\u00a0°C"


def test_reply_brings_the_composer_and_never_offers_a_wider_audience(chromium: Browser, preview: str) -> None:
    page = chromium.new_page()
    page.route("**/socket.io/**", lambda route: route.abort())

    page.goto(f"{preview}/entry")
    page.locator("#c-9 [data-behaviour=reply]").click()
    parent = page.locator("#write [name=parent_id]").input_value()
    offered = page.locator("#write [name=audience] option:not([disabled])").evaluate_all(
        "all => all.map(one => one.value)"
    )
    page.close()

    assert parent == "9"
    assert offered == ["organisation", "internal"]


def test_draft_is_kept_until_the_form_is_sent(chromium: Browser, preview: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.route("**/socket.io/**", lambda route: route.abort())

    page.goto(f"{preview}/entry")
    page.locator("#say").fill("Half a thought")
    expect(page.locator("#write [data-state]")).to_have_text("Draft kept")
    page.reload()
    kept = page.locator("#say").input_value()
    context.close()

    assert kept == "Half a thought"


def test_what_can_be_done_with_a_comment_stands_in_one_line_on_a_phone(chromium: Browser, preview: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = context.new_page()

    page.goto(f"{preview}/entry?lang=en")
    row = page.locator(".comment .actions").first
    heights = {one.bounding_box()["height"] for one in page.locator(".comment .actions").all()}
    helpful = row.get_by_role("button", name="Helpful").bounding_box()
    quote = row.get_by_role("link", name="Quote")
    expect(quote).to_be_hidden()
    row.locator("summary").click()
    expect(quote).to_be_visible()
    context.close()

    assert heights == {44}
    assert helpful["height"] >= 44
    assert helpful["width"] >= 44
