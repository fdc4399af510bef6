"""One search over what people wrote, limited to what I may read."""

from dataclasses import asdict
from datetime import UTC
from typing import Any

from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.entries import DeviceOfEntry
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.http.sentences import translated
from statusportal.search.operators import KINDS, read_query
from statusportal.search.queries import search
from statusportal.search.vocabulary import SearchFilters, SearchSort

searching = blueprint("Search", "Finding what was said")


class SearchQuery(PageQuery):
    """What to look for, and where. `kind` is entry, comment, or a kind of entry.

    `q` holds words and the operators model, code, device, author, kind, is, before and after (`is:open`,
    `before:2026-11-30`; days of UTC); they come before the fields beside it.
    """

    q = fields.String(load_default="")
    kind = fields.String(validate=validate.OneOf(KINDS))
    model = fields.String()
    code = fields.String()
    device = fields.String()
    author = fields.String()
    since = Instant(data_key="from")
    until = Instant(data_key="to")
    sort = fields.Enum(SearchSort, by_value=True, load_default=SearchSort.BEST)


class HitAnswer(Schema):
    """Something found. `excerpt` is escaped HTML with `<mark>` around the found words."""

    kind = fields.String()
    id = fields.UUID()
    entry_id = fields.UUID()
    title = fields.String()
    excerpt = fields.String()
    device = fields.Nested(DeviceOfEntry)
    said_at = Instant()
    score = fields.Float()


class FacetAnswer(Schema):
    """One value to narrow by, and how many hits it leaves."""

    value = fields.String()
    label = fields.String()
    count = fields.Integer()


class SearchAnswer(Schema):
    """One page of what was found; `total` counts what I may see, on all pages.

    With `is_more` there may be older hits beyond the newest that were counted and ranked. `facets` count the same
    hits, by kind, model, outcome and code. `suggestion` is another spelling that finds something; `hints` say what of
    `q` could not be read.
    """

    items = fields.List(fields.Nested(HitAnswer))
    next = fields.String(allow_none=True)
    total = fields.Integer()
    is_more = fields.Boolean()
    facets = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(FacetAnswer)))
    suggestion = fields.String(allow_none=True)
    hints = fields.List(fields.String())


@searching.get("/search")
@checked_by(Permission.ENTRY_VIEW)
@searching.arguments(SearchQuery, location="query")
@searching.response(200, SearchAnswer)
def search_all(query: dict[str, Any]) -> dict[str, Any]:
    """Search entries and comments."""
    wanted, words, sort = slice_of(query), query.pop("q"), query.pop("sort")
    asked = read_query(words, UTC, SearchFilters(**query))
    with portal.reading() as work:
        page = search(work, asked.words, asked.filters, wanted, sort)
    items = [{**asdict(hit), "device": {"id": hit.device_id, "name": hit.device_name}} for hit in page.items]
    return {
        "items": items,
        "next": page.next_cursor,
        "total": page.total,
        "is_more": page.is_more,
        "facets": page.facets,
        "suggestion": page.suggestion,
        "hints": [translated(hint) for hint in asked.hints],
    }
