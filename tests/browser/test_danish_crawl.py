"""The demo, walked through in Danish: nothing fails, nothing is too wide, and nothing is left in English."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser

from tests.architecture.tree import ROOT
from tests.browser.street import Watched, context_of
from tests.servers.portal_process import PortalProcess

# Each walk takes minutes: one person after the other through every kind of page that they are led to.
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1_800)]

PASSWORD = "show-me-around"
PEOPLE = (
    "henrik@nordvaerk.example",
    "aisha@nordvaerk.example",
    "jonas@nordvaerk.example",
    "soren@engdal.example",
    "mette@engdal.example",
    "anders@vesthavn.example",
)
SIZES = ((1280, "light"), (360, "dark"))
OF_A_KIND, MOST_PAGES = 2, 120
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
# Files, machines' addresses, and what ends the walk.
ASIDE = re.compile(r"^//|/export|/file$|/api/|\.csv|\.svg|\.ics|/feeds/|/calendar/|/static|format=")
TEXTS = """() => {
  const found = [document.title.split(' · ')[0]]
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const node = walk.currentNode
    if (!node.parentElement.closest('script, style, code, pre, .prose, textarea, [lang]:not(html)'))
      found.push(node.textContent.replace(/\\s+/g, ' ').trim())
  }
  for (const one of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
    if (!one.closest('[lang]:not(html)'))
      for (const name of ['aria-label', 'placeholder', 'title', 'alt']) found.push(one.getAttribute(name) || '')
  return found.filter(Boolean)
}"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory) -> Iterator[PortalProcess]:
    portal = PortalProcess(tmp_path_factory.mktemp("crawl") / "instance", requests_per_minute=0)
    portal.told("demo", "--json")
    with portal:
        yield portal


@pytest.fixture(scope="module")
def english() -> frozenset[str]:
    """The catalogue's English texts without values that no Danish text equals."""
    path = ROOT / "statusportal/web/translations/da/LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file)
    pairs = [(one.id, one.string) for one in catalogue if one.id and isinstance(one.id, str)]
    danish = {said for _, said in pairs}
    return frozenset(text for text, _ in pairs if "%(" not in text and len(text) > 3 and text not in danish)


@pytest.mark.parametrize("email", PEOPLE)
def test_walk_through_the_demo_finds_nothing_amiss(chromium: Browser, portal, english, email):
    context = context_of(chromium)
    watched = Watched(context.new_page())
    page, amiss = watched.page, []
    page.goto(f"{portal.url}/sign-in")
    page.locator("#si-email").fill(email)
    page.locator("#si-password").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    if page.locator("button[name=locale][value=da]").count():
        page.locator("button[name=locale][value=da]").click()
    page.wait_for_function("document.documentElement?.lang === 'da'")

    seen: Counter[str] = Counter()
    ahead = ["/", "/my-data", "/profile", "/shared-with-us"]
    while ahead and sum(seen.values()) < MOST_PAGES:
        address = ahead.pop(0)
        if seen[kind_of(address)] >= OF_A_KIND:
            continue
        seen[kind_of(address)] += 1
        answer = page.goto(f"{portal.url}{address}")
        if answer is None or answer.status != 200:
            amiss.append((address, answer.status if answer else None))
            continue
        for width, theme in SIZES:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme)
            wide = page.evaluate("document.documentElement.scrollWidth")
            amiss += [(address, f"{wide} wide in {width}")] if wide > width else []
        amiss += [(address, text) for text in set(page.evaluate(TEXTS)) & english]
        ahead += links_of(page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"))
    context.close()

    assert (amiss, watched.complaints) == ([], [])
    assert len(seen) > 10


def kind_of(address: str) -> str:
    """Return what kind of page an address leads to: its path without ids, and the names of what it asks."""
    path, _, query = address.partition("?")
    names = sorted(part.partition("=")[0] for part in query.split("&"))
    return f"{ID.sub('ID', path)}?{names}"


def links_of(found: list[str]) -> list[str]:
    """Return the pages of the portal's own that a page leads to."""
    places = (one.partition("#")[0] for one in found)
    return [one for one in dict.fromkeys(places) if one.startswith("/") and not ASIDE.search(one)]
