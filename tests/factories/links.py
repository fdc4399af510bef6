"""Share links, made by the portal's own verbs, and a guest's browser that follows them."""

from datetime import timedelta

from flask import Flask

from statusportal.access.actor import SYSTEM, Actor
from statusportal.entries.models import StatusEntry
from statusportal.fleet.models import Device
from statusportal.sharing.actors import actor_of_link_token
from statusportal.sharing.models import ShareLink
from statusportal.sharing.service import link_device, link_entry
from statusportal.sharing.vocabulary import LinkScope
from statusportal.work import Works
from tests.factories.browsing import Browser

WEEK = timedelta(days=7)


def make_link(
    works: Works,
    maker: Actor,
    thing: Device | StatusEntry,
    scope: LinkScope = LinkScope.READ,
    *,
    lasts: timedelta = WEEK,
    to_name: str = "",
) -> tuple[ShareLink, str]:
    """Make a link to a device or an entry and return it with its token."""
    make = link_device if isinstance(thing, Device) else link_entry
    with works.writing(maker) as work:
        return make(work, thing.id, scope, work.now + lasts, to_name)


def holder_of_token(works: Works, token: str) -> Actor | None:
    """Return the actor who comes by an address now."""
    with works.reading(SYSTEM) as work:
        return actor_of_link_token(work, token)


def guest_of(app: Flask, token: str) -> tuple[Browser, str]:
    """Return a browser that followed an address, and where it was led."""
    browser = Browser(app)
    answer = browser.get(f"/s/{token}")
    return browser, answer.headers.get("Location", "")
