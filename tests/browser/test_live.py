"""Live pages: a nudge over the socket, the content over HTTP, and the reader never moved."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

pytestmark = pytest.mark.browser


class FakeLive:
    """Speaks just enough Socket.IO to accept a watch and to nudge."""

    def __init__(self, page: Page) -> None:
        self.watched: list[dict] = []
        self._socket: WebSocketRoute | None = None
        page.route_web_socket("**/socket.io/**", self._open)

    def changed(self, topic: str, version: int) -> None:
        self._socket.send(
            f"42/live,{json.dumps(['changed', {'topic': topic, 'kind': 'x', 'id': '1', 'version': version}])}"
        )

    def _open(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        socket.on_message(self._heard)
        socket.send('0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}')

    def _heard(self, message: str) -> None:
        if message.startswith("40/live"):
            self._socket.send('40/live,{"sid":"n"}')
        elif message.startswith("42/live,"):
            number, _, said = message.removeprefix("42/live,").partition("[")
            wish = json.loads(f"[{said}")[1]
            self.watched.append(wish)
            answer = {topic: {"state": "ok", "version": wish["since"].get(topic, 1)} for topic in wish["topics"]}
            self._socket.send(f"43/live,{number}{json.dumps([answer])}")


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1200, "height": 800}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def serve_changed(page: Page, address: str, part: str, old: str, new: str) -> None:
    """Answer a fragment's address with the part as it stands, one text replaced."""
    html = page.locator(part).evaluate("element => element.outerHTML")
    assert old in html
    page.route(address, lambda route: route.fulfill(body=html.replace(old, new, 1), content_type="text/html"))


def test_new_comment_waits_for_a_click_and_then_takes_the_focus(page: Page, preview: str) -> None:
    live = FakeLive(page)
    page.goto(f"{preview}/entry")
    expect(page.locator("[data-words]").last).to_have_text("Live")
    fresh = '<li><article class="comment" id="c-99" data-comment tabindex="-1">Fresh words</article></li>'
    serve_changed(page, "**/entries/thread*", "#thread", '</ol>\n\n<form id="act"', f'{fresh}</ol><form id="act"')

    live.changed("entry:e1", 42)
    expect(page.locator(".newbutton")).to_have_text("1 new")
    before = page.locator("#c-99").count()
    page.locator(".newbutton").click()

    assert before == 0
    expect(page.locator("#c-99")).to_be_focused()
    expect(page.locator(".newbutton")).to_have_count(0)
    assert live.watched[0] == {"topics": ["entry:e1"], "since": {"entry:e1": 41}}


def test_draft_and_focus_survive_a_live_change(page: Page, preview: str) -> None:
    live = FakeLive(page)
    page.goto(f"{preview}/entry")
    expect(page.locator("[data-words]").last).to_have_text("Live")
    page.locator("#say").fill("Half a thought")
    serve_changed(page, "**/entries/thread*", "#thread", "An answer at depth 1.", "An answer, changed.")

    live.changed("entry:e1", 42)
    expect(page.get_by_text("An answer, changed.")).to_be_visible()

    expect(page.locator("#say")).to_have_value("Half a thought")
    expect(page.locator("#say")).to_be_focused()


def test_verdict_is_morphed_in_place(page: Page, preview: str) -> None:
    live = FakeLive(page)
    page.goto(f"{preview}/device")
    expect(page.locator(".livestate [data-words]")).to_have_text("Live")
    serve_changed(page, "**/devices/live*", "#live-d1", "has stopped", "runs again")

    live.changed("device:d1", 8)

    expect(page.locator(".verdict__say")).to_contain_text("runs again")


def test_page_asks_by_itself_while_the_socket_is_down(page: Page, preview: str) -> None:
    page.clock.install()
    page.route("**/socket.io/**", lambda route: route.abort())
    page.goto(f"{preview}/device")
    expect(page.locator(".livestate [data-words]")).to_contain_text("Reconnecting")
    serve_changed(page, "**/devices/live*", "#live-d1", "has stopped", "runs again")

    for _ in range(10):
        page.clock.run_for(16_000)
        if "runs again" in page.locator(".verdict__say").inner_text():
            break
        page.wait_for_load_state("networkidle")

    expect(page.locator(".verdict__say")).to_contain_text("runs again")
