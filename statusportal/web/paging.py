"""Pages of a list by links: the way on, and the way back to the beginning."""

from typing import Any

from flask import request, url_for

from statusportal.foundation.paging import Page, Slice
from statusportal.http.views.shell import Pages
from statusportal.web.forms import printable


def wanted_slice() -> Slice:
    """Return the page of a list that the address asks for."""
    return Slice(cursor=request.args.get("cursor"))


def page_links(page: Page[Any], endpoint: str, **kept: str) -> Pages:
    """Return the links around a page; `kept` is what the list was narrowed by, empty words left out."""
    narrowed: dict[str, Any] = {name: value for name, value in kept.items() if value}
    return Pages(
        next_href=url_for(endpoint, cursor=page.next_cursor, **narrowed) if page.next_cursor else None,
        first_href=url_for(endpoint, **narrowed) if request.args.get("cursor") else None,
    )


def asked(name: str) -> str:
    """Return a word of the address in one printable line, cut to what a search field holds.

    PostgreSQL does not even take a NUL as a question.
    """
    return printable(request.args.get(name, ""))[:200]
