"""Sharing an entry with the owners of a model, anonymised, and what is said among them."""

from collections.abc import Sequence
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.anonymity.vocabulary import LEAST_OWNERS, told_role
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.community.answering import answer_publication, take_answer_back
from statusportal.community.drafting import draft_of
from statusportal.community.models import Publication, PublicationLine
from statusportal.community.queries import (
    PublicationFilters,
    community_model,
    lines_page,
    own_lines,
    publication_for,
    publications_page,
)
from statusportal.community.sharing import revoke_publication, share_entry
from statusportal.community.vocabulary import MOST_TAKEN_OUT, Draft, SharedWords
from statusportal.entries.queries import entry_for
from statusportal.foundation.errors import NotFound
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import Slice
from statusportal.http import portal
from statusportal.http.policies import Reach, authors, checked_by
from statusportal.insight.communities import search_communities
from statusportal.insight.figures import figures_of
from statusportal.work import Work

community = blueprint("Community", "What owners of a model share with each other, anonymised")


class ShareDraftComment(Schema):
    """A comment that may go along, before and after, under its author's alias."""

    id = fields.UUID()
    alias = fields.String()
    role = fields.String(allow_none=True)
    before = fields.String()
    after = fields.String()


class ShareDraftAnswer(Schema):
    """What would be shared. `open` is false while fewer than `owners_needed` organisations own the model."""

    open = fields.Boolean()
    owners_needed = fields.Integer()
    alias = fields.String()
    title = fields.String()
    title_before = fields.String()
    body = fields.String()
    body_before = fields.String()
    comments = fields.List(fields.Nested(ShareDraftComment))
    left_out = fields.Integer()
    taken_out = fields.Dict(keys=fields.String(), values=fields.Integer())


class ShareDraftRequest(Schema):
    """Further words to take out. They stand in no address, since addresses are logged."""

    take_out = fields.List(
        fields.String(validate=validate.Length(max=200)),
        load_default=list,
        validate=validate.Length(max=MOST_TAKEN_OUT),
    )


class SharedComment(Schema):
    """A comment that goes along, in the words that the owner saw."""

    id = fields.UUID(required=True)
    body = fields.String(required=True)


class ShareRequest(Schema):
    """The exact words that the owner says yes to; what still tells who they are is refused, field by field."""

    title = fields.String(required=True)
    body = fields.String(load_default="")
    comments = fields.List(fields.Nested(SharedComment), load_default=list, validate=validate.Length(max=200))


class CommunityLineAnswer(Schema):
    """A word under a publication. Its time is the hour's; `is_own` tells whether I said it."""

    id = fields.UUID()
    alias = fields.String()
    role = fields.String(allow_none=True)
    state = fields.String()
    is_reply = fields.Boolean()
    is_own = fields.Boolean()
    body_markdown = fields.String()
    body_html = fields.String()
    said_at = Instant()


class PublicationAnswer(Schema):
    """A shared entry. It names no organisation, no person and no machine; its times are hours."""

    id = fields.UUID()
    model = fields.UUID()
    state = fields.String()
    alias = fields.String()
    kind = fields.String()
    code = fields.String(allow_none=True)
    health = fields.String(allow_none=True)
    firmware = fields.String()
    title = fields.String()
    body_markdown = fields.String()
    body_html = fields.String()
    is_resolved = fields.Boolean()
    began_at = Instant()
    shared_at = Instant()
    last_word_at = Instant()
    comment_count = fields.Integer()


class WholePublicationAnswer(PublicationAnswer):
    """A shared entry with a page of what was said under it, in reading order."""

    comments = fields.List(fields.Nested(CommunityLineAnswer))
    next = fields.String(allow_none=True)


class SharedCodeAnswer(Schema):
    """An alarm code in the community: how many shared entries are about it, and how many of them are resolved."""

    code = fields.String()
    count = fields.Integer()
    resolved = fields.Integer()


class CommunityAnswer(Schema):
    """A model's community: how much was shared and resolved, the most frequent codes, and a page of what was shared."""

    shared = fields.Integer()
    resolved = fields.Integer()
    unanswered = fields.Integer()
    firmwares = fields.List(fields.String())
    codes = fields.List(fields.Nested(SharedCodeAnswer))
    items = fields.List(fields.Nested(PublicationAnswer))
    next = fields.String(allow_none=True)


class CommunityQuery(PageQuery):
    """What narrows what was shared."""

    firmware = fields.String(validate=validate.Length(max=60))
    code = fields.String(validate=validate.Length(max=80))


class SharedSearchQuery(Schema):
    """Words to look for among what owners share."""

    q = fields.String(required=True, validate=validate.Length(max=500))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class SharedHitAnswer(PublicationAnswer):
    """A shared entry that was found. `excerpt` is escaped HTML with `<mark>` around the found words."""

    excerpt = fields.String()
    score = fields.Float()


class SharedSearchAnswer(Schema):
    """The best hits, and how many there are in all."""

    items = fields.List(fields.Nested(SharedHitAnswer))
    total = fields.Integer()


class CommunityReplyRequest(Schema):
    """Words to all owners of the model."""

    body = fields.String(required=True)


@community.post("/entries/<entry_id>/publication/draft")
@checked_by(Permission.ENTRY_CONSENT)
@community.arguments(ShareDraftRequest)
@community.response(200, ShareDraftAnswer)
def read_draft(wanted: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """Look at what others would see of an entry, and at what is taken out. Nothing is kept."""
    with portal.reading() as work:
        return _draft(draft_of(work, parse_id(entry_id), wanted["take_out"]))


@community.get("/entries/<entry_id>/publication")
@checked_by(Permission.COMMUNITY_READ, reach=Reach.OWNER)
@community.arguments(PageQuery, location="query")
@community.response(200, WholePublicationAnswer)
def read_publication_of_entry(query: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """Read what is shared of an entry of our own, with what others said to it; 404 while it is not shared."""
    with portal.reading() as work:
        entry = entry_for(work, parse_id(entry_id))
        if entry.publication_id is None or not work.actor.belongs_to(entry.organisation_id):
            raise NotFound
        return _whole(work, publication_for(work, entry.publication_id), slice_of(query))


@community.post("/entries/<entry_id>/publication")
@checked_by(Permission.ENTRY_CONSENT)
@community.arguments(ShareRequest)
@community.response(201, WholePublicationAnswer)
def share(wanted: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """Share exactly these words, or share a shared entry anew in these. Nothing else flows out."""
    lines = {one["id"]: one["body"] for one in wanted["comments"]}
    with portal.writing() as work:
        row = share_entry(work, parse_id(entry_id), SharedWords(wanted["title"], wanted["body"], lines))
        return _whole(work, row, Slice())


@community.delete("/entries/<entry_id>/publication")
@checked_by(Permission.ENTRY_CONSENT)
@community.response(204)
def take_publication_back(entry_id: str) -> Response:
    """Take a shared entry back at once; its place stays without a word."""
    with portal.writing() as work:
        revoke_publication(work, parse_id(entry_id))
    return Response(status=204)


@community.get("/models/<model_id>/community")
@checked_by(Permission.COMMUNITY_READ, reach=Reach.MODEL)
@community.arguments(CommunityQuery, location="query")
@community.response(200, CommunityAnswer)
def read_community(query: dict[str, Any], model_id: str) -> dict[str, Any]:
    """Read what owners of a model share, what nobody has answered first."""
    wanted = slice_of(query)
    with portal.reading() as work:
        model = community_model(work, model_id=parse_id(model_id))
        figures = figures_of(work, model.id)
        page = publications_page(work, model.id, wanted, PublicationFilters(query.get("firmware"), query.get("code")))
        return {
            "shared": figures.shared,
            "resolved": figures.resolved,
            "unanswered": figures.unanswered,
            "firmwares": figures.firmwares,
            "codes": figures.codes,
            "items": [_publication(row) for row in page.items],
            "next": page.next_cursor,
        }


@community.get("/publications")
@checked_by(Permission.COMMUNITY_READ)
@community.arguments(SharedSearchQuery, location="query")
@community.response(200, SharedSearchAnswer)
def search_shared(query: dict[str, Any]) -> dict[str, Any]:
    """Find what is shared among owners of my own models; `total` counts what I may see."""
    with portal.reading() as work:
        hits, total = search_communities(work, query["q"], query["limit"])
        items = [{**_publication(hit.row), "excerpt": hit.excerpt, "score": hit.score} for hit in hits]
    return {"items": items, "total": total}


@community.get("/publications/<publication_id>")
@checked_by(Permission.COMMUNITY_READ)
@community.arguments(PageQuery, location="query")
@community.response(200, WholePublicationAnswer)
def read_publication(query: dict[str, Any], publication_id: str) -> dict[str, Any]:
    """Read a shared entry with what was said under it; of one that was taken back, its place."""
    with portal.reading() as work:
        return _whole(work, publication_for(work, parse_id(publication_id)), slice_of(query))


@community.post("/publications/<publication_id>/replies")
@checked_by(Permission.COMMUNITY_REPLY)
@community.arguments(CommunityReplyRequest)
@community.response(201, CommunityLineAnswer)
def reply(wanted: dict[str, Any], publication_id: str) -> dict[str, Any]:
    """Answer under an alias. What tells who I am is taken out by itself."""
    with portal.writing() as work:
        line = answer_publication(work, parse_id(publication_id), wanted["body"])
        return _line(line, {line.id})


@community.delete("/publications/<publication_id>/replies/<reply_id>")
@authors(Permission.COMMUNITY_REPLY)
@community.response(204)
def take_reply_back(publication_id: str, reply_id: str) -> Response:
    """Take my own answer back; its place stays."""
    with portal.writing() as work:
        take_answer_back(work, parse_id(publication_id), parse_id(reply_id))
    return Response(status=204)


def _draft(draft: Draft) -> dict[str, Any]:
    plain = ("alias", "title", "title_before", "body", "body_before", "left_out")
    lines: Sequence[dict[str, Any]] = [
        {"id": one.comment_id, **{name: getattr(one, name) for name in ("alias", "role", "before", "after")}}
        for one in draft.lines
    ]
    return {
        **{name: getattr(draft, name) for name in plain},
        "open": draft.is_open,
        "owners_needed": LEAST_OWNERS,
        "comments": lines,
        "taken_out": {kind.value: count for kind, count in draft.counts.items()},
    }


def _publication(row: Publication) -> dict[str, Any]:
    plain = ("id", "state", "alias", "kind", "code", "health", "firmware", "title", "body_markdown", "body_html")
    rest = ("is_resolved", "began_at", "shared_at", "last_word_at")
    return {
        **{name: getattr(row, name) for name in (*plain, *rest)},
        "model": row.model_id,
        "comment_count": row.line_count,
    }


def _whole(work: Work, row: Publication, wanted: Slice) -> dict[str, Any]:
    own, page = own_lines(work, row.id), lines_page(work, row.id, wanted)
    return {**_publication(row), "comments": [_line(line, own) for line in page.items], "next": page.next_cursor}


def _line(line: PublicationLine, own: Any) -> dict[str, Any]:  # noqa: ANN401 - any collection of ids
    plain = ("id", "alias", "state", "is_reply", "body_markdown", "body_html", "said_at")
    told = {name: getattr(line, name) for name in plain}
    return {**told, "role": told_role(line.role), "is_own": line.id in own}
