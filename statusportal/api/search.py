"""One search over what people wrote, limited to what I may read."""

from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.entries import DeviceOfEntry
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.entries.vocabulary import EntryKind
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.search.queries import search
from statusportal.search.vocabulary import DocumentKind, SearchFilters, SearchSort

searching = blueprint("Search", "Finding what was said")

_KINDS = sorted({*DocumentKind, *EntryKind})


class SearchQuery(PageQuery):
    """What to look for, and where. `kind` is entry, comment, or a kind of entry."""

    q = fields.String(load_default="")
    kind = fields.String(validate=validate.OneOf(_KINDS))
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


class SearchAnswer(Schema):
    """One page of what was found; `total` counts what I may see, on all pages."""

    items = fields.List(fields.Nested(HitAnswer))
    next = fields.String(allow_none=True)
    total = fields.Integer()


@searching.get("/search")
@checked_by(Permission.ENTRY_VIEW)
@searching.arguments(SearchQuery, location="query")
@searching.response(200, SearchAnswer)
def search_all(query: dict[str, Any]) -> dict[str, Any]:
    """Search entries and comments."""
    wanted, words, sort = slice_of(query), query.pop("q"), query.pop("sort")
    with portal.reading() as work:
        page = search(work, words, SearchFilters(**query), wanted, sort)
    items = [{**asdict(hit), "device": {"id": hit.device_id, "name": hit.device_name}} for hit in page.items]
    return {"items": items, "next": page.next_cursor, "total": page.total}
