"""News: what happened that I want to hear of, and the one step that ends letters about an entry."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from statusportal.access.actor import SYSTEM
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.http.policies import personal, public
from statusportal.news.queries import news_page
from statusportal.news.service import mark_all_read, stop_letters
from statusportal.news.vocabulary import NewsItem
from statusportal.news.wording import title_of

news = blueprint("News", "What happened that I want to hear of, and why I hear of it")

_MINE = "news are told to one person"


class NewsAnswer(Schema):
    """One piece of news: what happened, and because of what I hear of it."""

    id = fields.UUID()
    kind = fields.String()
    because = fields.String()
    entry_id = fields.UUID()
    comment_id = fields.UUID(allow_none=True)
    title = fields.String()
    author = fields.String()
    device_name = fields.String()
    code = fields.String(allow_none=True)
    health = fields.String(allow_none=True)
    at = Instant()
    is_read = fields.Boolean()


class NewsPageAnswer(Schema):
    """One page of my news, the newest first."""

    items = fields.List(fields.Nested(NewsAnswer))
    next = fields.String(allow_none=True)


@news.get("/notifications")
@personal(_MINE)
@news.arguments(PageQuery, location="query")
@news.response(200, NewsPageAnswer)
def list_news(query: dict[str, Any]) -> dict[str, Any]:
    """List my news, as far as I may still read what they are about."""
    with portal.reading() as work:
        page = news_page(work, slice_of(query))
    return {"items": [_present(item) for item in page.items], "next": page.next_cursor}


@news.post("/notifications/read")
@personal(_MINE)
@news.response(204)
def read_all() -> Response:
    """Note that I have read all of my news."""
    with portal.writing() as work:
        mark_all_read(work)
    return Response(status=204)


@news.post("/stop/<secret>")
@public("the secret stood in a letter and ends letters, as RFC 8058 asks")
@news.response(204)
def stop_in_one_step(secret: str) -> Response:
    """Send me no more letters about the entry that a letter was about, or no more daily ones. News stay on the page."""
    with portal.works().writing(SYSTEM) as work:
        stop_letters(work, secret)
    return Response(status=204)


def _present(item: NewsItem) -> dict[str, Any]:
    names = ("id", "kind", "because", "entry_id", "comment_id", "author", "device_name", "code", "health", "at")
    return {
        **{name: getattr(item, name) for name in names},
        "is_read": item.is_read,
        "title": title_of(item, reader_locale()),
    }
