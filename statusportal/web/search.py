"""The archive: what people said and machines did, among what the reader may see."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import cast
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask_babel import get_timezone, ngettext
from flask_babel import gettext as _
from markupsafe import Markup, escape

from statusportal.access.permissions import Permission
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import comment_count_seen, entries_by_id
from statusportal.foundation.paging import Slice
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.http.policies import checked_by
from statusportal.http.sentences import translated
from statusportal.http.views.search import Facet, FacetChoice, SearchPage, SearchResult
from statusportal.http.views.shell import FilterLink, Health, Pages
from statusportal.http.words import lifecycle_word
from statusportal.search.operators import KINDS, read_query
from statusportal.search.queries import search as find
from statusportal.search.vocabulary import NO_FILTERS, DocumentKind, Outcome, SearchFilters, SearchHit, SearchSort
from statusportal.search.vocabulary import SearchPage as FoundPage
from statusportal.web.community.views import shared_hits
from statusportal.web.talk.places import comment_href
from statusportal.web.talk.words import entry_title
from statusportal.work import Work

search_pages = Blueprint("search", __name__)

_PAGE = 20
_LONGEST = 500
_MOST_CHOSEN = 20
_ICONS = {"question": "ask", "field_update": "wrench", "maintenance": "calendar"}


@search_pages.get("/search")
@checked_by(Permission.ENTRY_VIEW)
def search() -> str:
    """Show what was found."""
    with portal.reading() as work:
        return render_template("search.html", page=_page(work))


def _page(work: Work) -> SearchPage:
    query = request.args.get("q", "").strip()[:_LONGEST]
    kind = request.args.get("kind", "")
    sort = SearchSort.NEWEST if request.args.get("sort") == SearchSort.NEWEST else SearchSort.BEST
    asked = read_query(query, cast("tzinfo", get_timezone()), _given(kind))
    is_asked = bool(asked.words) or asked.filters != NO_FILTERS
    found = find(work, asked.words, asked.filters, Slice(_PAGE, request.args.get("cursor")), sort) if is_asked else None
    shared, shared_total = shared_hits(work, asked.words)
    entries = entries_by_id(work, {hit.entry_id for hit in found.items}) if found else {}
    return SearchPage(
        query=query,
        kind=kind,
        is_newest=sort is SearchSort.NEWEST,
        total=found.total if found else None,
        is_more=found is not None and found.is_more,
        kinds=_kinds(kind, found),
        facets=_facets(found) if found else (),
        results=tuple(_result(work, hit, entries[hit.entry_id]) for hit in found.items if hit.entry_id in entries)
        if found
        else (),
        pages=_pages(found.next_cursor) if found else Pages(),
        from_on=request.args.get("from", ""),
        to_on=request.args.get("to", ""),
        problem=" ".join(translated(hint) for hint in asked.hints),
        suggestion=_suggestion(found.suggestion) if found and found.suggestion else None,
        examples=() if is_asked else _examples(),
        shared=shared,
        shared_total=shared_total,
    )


def _given(kind: str) -> SearchFilters:
    """Read the form beside the field; what is no choice of it narrows nothing."""
    chosen = request.args.getlist("outcome")
    return SearchFilters(
        kind=kind if kind in KINDS else None,
        models=tuple(request.args.getlist("model")[:_MOST_CHOSEN]),
        codes=tuple(request.args.getlist("code")[:_MOST_CHOSEN]),
        outcomes=tuple(outcome for outcome in Outcome if outcome in chosen),
        since=_midnight(request.args.get("from"), timedelta()),
        until=_midnight(request.args.get("to"), timedelta(days=1)),
    )


def _facets(found: FoundPage) -> tuple[Facet, ...]:
    """Offer what the hits can be narrowed by, with those that narrow them now."""
    words: dict[str, str] = {
        Outcome.ANSWERED: _("Accepted answer"),
        Outcome.OPEN: _("Still open"),
        Outcome.RESOLVED: _("Resolved"),
    }
    labels = {"model": _("Model"), "outcome": _("Outcome"), "code": _("Alarm code")}
    facets = []
    for name, label in labels.items():
        chosen = request.args.getlist(name)
        choices = [
            FacetChoice(one.value, words.get(one.value, one.label), one.count, one.value in chosen)
            for one in found.facets.get(name, ())
        ]
        counted = {one.value for one in choices}
        choices += [FacetChoice(one, words.get(one, one), 0, is_on=True) for one in chosen if one not in counted]
        facets.append(Facet(name, label, tuple(choices)))
    return tuple(facet for facet in facets if facet.choices)


def _suggestion(query: str) -> FilterLink:
    return FilterLink(query, url_for("search.search", q=query))


def _examples() -> tuple[FilterLink, ...]:
    queries = ("is:open", "kind:question", "is:answered")
    return tuple(FilterLink(query, url_for("search.search", q=query)) for query in queries)


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
        excerpt=Markup(hit.excerpt),  # noqa: S704 - escaped text whose only tag is mark (lexicon/excerpt.py)
        health=cast("Health | None", entry.health),
        icon="talk" if is_comment else _ICONS.get(entry.kind, "talk"),
        device=hit.device_name,
        code=entry.code or "",
        at=hit.said_at,
        outcome=outcome,
    )


def _kinds(current: str, found: FoundPage | None) -> tuple[FilterLink, ...]:
    words = {
        "": _("Everything"),
        "condition": _("Conditions"),
        "transition": _("Changes of status"),
        "question": _("Questions"),
        "field_update": _("Field updates"),
        "maintenance": _("Maintenance"),
        "comment": _("Comments"),
    }
    counts = {one.value: one.count for one in found.facets.get("kind", ())} if found else {}
    counts |= {"": found.total} if found and not current else {}
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in {"cursor", "kind"}]
    return tuple(
        FilterLink(
            label,
            f"{url_for('search.search')}?{urlencode([*kept, *([('kind', kind)] if kind else [])])}",
            count=counts.get(kind) or None,
            is_current=kind == current,
        )
        for kind, label in words.items()
        if not kind or kind == current or kind in counts or found is None or current
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
