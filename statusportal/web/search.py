"""The archive: what people said and machines did, among what the reader may see."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import cast
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask_babel import get_timezone, ngettext
from flask_babel import gettext as _
from markupsafe import Markup, escape

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.catalogue.models import DeviceModel
from statusportal.catalogue.queries import models_page
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import comment_count_seen, entries_by_id
from statusportal.foundation.paging import MOST, Slice
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.http.policies import checked_by
from statusportal.http.views.search import Facet, FacetChoice, SearchPage, SearchResult
from statusportal.http.views.shell import FilterLink, Health, Pages
from statusportal.http.words import lifecycle_word
from statusportal.search.queries import search as find
from statusportal.search.vocabulary import DocumentKind, SearchFilters, SearchHit
from statusportal.web.talk.places import comment_href
from statusportal.web.talk.words import entry_title
from statusportal.work import Work

search_pages = Blueprint("search", __name__)

_PAGE = 20
_LONGEST = 500
_ICONS = {"question": "ask", "field_update": "wrench", "maintenance": "calendar"}


@search_pages.get("/search")
@checked_by(Permission.ENTRY_VIEW)
def search() -> str:
    """Show what was found."""
    with portal.reading() as work:
        return render_template("search.html", page=_page(work))


def _models(work: Work) -> Sequence[DeviceModel]:
    """List the models to narrow the search by; a link or token made for entries alone opens none."""
    return models_page(work, Slice(MOST)).items if actor_holds(work.actor, Permission.MODEL_VIEW, None) else ()


def _page(work: Work) -> SearchPage:
    query = request.args.get("q", "").strip()[:_LONGEST]
    chosen = tuple(request.args.getlist("model"))
    kind = request.args.get("kind", "")
    models = [FacetChoice(one.slug, one.name, is_on=one.slug in chosen) for one in _models(work)]
    page = SearchPage(
        query=query,
        kind=kind,
        kinds=_kinds(query, kind),
        facets=(Facet("model", _("Model"), tuple(models)),),
        from_on=request.args.get("from", ""),
        to_on=request.args.get("to", ""),
    )
    if not query and not chosen and not kind:
        return page
    filters = SearchFilters(
        kind=kind or None,
        models=chosen,
        since=_midnight(request.args.get("from"), timedelta()),
        until=_midnight(request.args.get("to"), timedelta(days=1)),
    )
    found = find(work, query, filters, Slice(_PAGE, request.args.get("cursor")))
    entries = entries_by_id(work, {hit.entry_id for hit in found.items})
    results = tuple(_result(work, hit, entries[hit.entry_id]) for hit in found.items if hit.entry_id in entries)
    return SearchPage(
        query=query,
        kind=kind,
        total=found.total,
        kinds=page.kinds,
        facets=page.facets,
        results=results,
        pages=_pages(found.next_cursor),
        from_on=page.from_on,
        to_on=page.to_on,
    )


def _result(work: Work, hit: SearchHit, entry: StatusEntry) -> SearchResult:
    is_comment = hit.kind is DocumentKind.COMMENT
    here = url_for("entries.entry", entry_id=entry.id)
    comments = comment_count_seen(work, entry)
    outcome = lifecycle_word(entry.lifecycle, locale=reader_locale())
    if comments:
        outcome += " · " + ngettext("%(num)d comment", "%(num)d comments", comments)
    return SearchResult(
        kind=hit.kind.value if is_comment else entry.kind,
        title=escape(entry_title(entry)),
        href=comment_href(entry.id, hit.id) if is_comment else here,
        excerpt=Markup(hit.excerpt),  # noqa: S704 - escaped text whose only tag is mark (search/excerpt.py)
        health=cast("Health | None", entry.health),
        icon="talk" if is_comment else _ICONS.get(entry.kind, "talk"),
        device=hit.device_name,
        code=entry.code or "",
        at=hit.said_at,
        outcome=outcome,
    )


def _kinds(query: str, current: str) -> tuple[FilterLink, ...]:
    words = {
        "": _("Everything"),
        "transition": _("Changes of status"),
        "question": _("Questions"),
        "field_update": _("Field updates"),
        "maintenance": _("Maintenance"),
        "comment": _("Comments"),
    }
    return tuple(
        FilterLink(label, url_for("search.search", q=query or None, kind=kind or None), is_current=kind == current)
        for kind, label in words.items()
    )


def _pages(cursor: str | None) -> Pages:
    if cursor is None:
        return Pages()
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return Pages(next_href=f"{url_for('search.search')}?{urlencode([*kept, ('cursor', cursor)])}")


def _midnight(day: str | None, later: timedelta) -> datetime | None:
    """Read a day of the form as its first instant in the reader's zone; what is no day narrows nothing."""
    try:
        on = date.fromisoformat(day or "")
    except ValueError:
        return None
    zone: tzinfo = get_timezone()
    return datetime.combine(on, time(), tzinfo=zone) + later
