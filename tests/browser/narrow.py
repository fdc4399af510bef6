"""How wide a page is on a narrow screen."""

from contextlib import suppress

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as NotSoon

NARROWEST = 320


def width_at(page: Page, width: int) -> int:
    """Say how wide a page wants to be on a screen of this width, once its charts have followed the change.

    Units: CSS pixels.
    """
    usual = page.viewport_size
    page.set_viewport_size({**usual, "width": width})
    with suppress(NotSoon):
        page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width, timeout=2000)
    wanted = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(usual)
    return wanted
