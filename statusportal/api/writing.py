"""Writing before it is sent: a preview, and a draft that every device of mine has."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.drafts.models import Draft
from statusportal.drafts.queries import draft_of
from statusportal.drafts.service import drop_draft, keep_draft
from statusportal.entries.queries import entry_for, require_on
from statusportal.entries.vocabulary import Audience
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.mentions.queries import known_to_writer
from statusportal.prose.checking import text_checked
from statusportal.prose.markdown import render_markdown

_MOST_PEOPLE = 20

writing = blueprint("Writing", "What is being written: previews and drafts")


class WordsRequest(Schema):
    """Words as they were typed."""

    body = fields.String(required=True)


class WordsPreviewAnswer(Schema):
    """The same words as they would be shown."""

    body_html = fields.String()


class DraftRequest(WordsRequest):
    """Words to keep, and what they answer."""

    parent_id = fields.UUID(load_default=None, allow_none=True)


class DraftAnswer(Schema):
    """My unsent words under an entry; `saved_at` is null where there are none."""

    body = fields.String()
    parent_id = fields.UUID(allow_none=True)
    saved_at = Instant(allow_none=True)


class PeopleQuery(Schema):
    """The beginning of a name, and for whom the words are; without an audience it is the entry's."""

    q = fields.String(load_default="", validate=validate.Length(max=80))
    audience = fields.Enum(Audience, by_value=True, load_default=None)


class CallableAnswer(Schema):
    """Somebody who may be called; `role` is that of the operator's people."""

    name = fields.String()
    role = fields.String(allow_none=True)


class PeopleAnswer(Schema):
    """Who may be called, by name."""

    items = fields.List(fields.Nested(CallableAnswer))


@writing.post("/entries/<entry_id>/preview")
@checked_by(Permission.COMMENT_POST)
@writing.arguments(WordsRequest)
@writing.response(200, WordsPreviewAnswer)
def preview(wanted: dict[str, Any], entry_id: str) -> dict[str, str]:
    """See words as they would be shown; nothing is kept."""
    with portal.reading() as work:
        entry = entry_for(work, parse_id(entry_id))
        require_on(work, entry, Permission.COMMENT_POST, Right.COMMENT)
        return {"body_html": render_markdown(text_checked(work, "/body", wanted["body"]))}


@writing.get("/entries/<entry_id>/people")
@checked_by(Permission.COMMENT_POST)
@writing.arguments(PeopleQuery, location="query")
@writing.response(200, PeopleAnswer)
def list_people(query: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """List whom I may call with @ under an entry: people whom I see here anyway, and who may read what I write."""
    with portal.reading() as work:
        entry = entry_for(work, parse_id(entry_id))
        require_on(work, entry, Permission.COMMENT_POST, Right.COMMENT)
        known = known_to_writer(work, entry, query["audience"] or entry.audience)
    wanted = query["q"].casefold()
    fitting = [one for one in known if any(part.startswith(wanted) for part in _beginnings(one.name))]
    return {"items": fitting[:_MOST_PEOPLE]}


def _beginnings(name: str) -> list[str]:
    """Return what somebody may begin to type for a name: the whole of it, or any word of it."""
    return [name.casefold(), *name.casefold().split()]


@writing.get("/entries/<entry_id>/draft")
@checked_by(Permission.ENTRY_VIEW)
@writing.response(200, DraftAnswer)
def read_draft(entry_id: str) -> dict[str, Any]:
    """Read what I have begun to write under an entry."""
    with portal.reading() as work:
        return _present(draft_of(work, entry_for(work, parse_id(entry_id))))


@writing.put("/entries/<entry_id>/draft")
@checked_by(Permission.COMMENT_POST)
@writing.arguments(DraftRequest)
@writing.response(200, DraftAnswer)
def save_draft(wanted: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """Keep what I have begun to write; empty words drop it."""
    with portal.writing() as work:
        return _present(keep_draft(work, parse_id(entry_id), wanted["body"], wanted["parent_id"]))


@writing.delete("/entries/<entry_id>/draft")
@checked_by(Permission.ENTRY_VIEW)
@writing.response(204)
def forget_draft(entry_id: str) -> Response:
    """Drop my draft."""
    with portal.writing() as work:
        drop_draft(work, parse_id(entry_id))
    return Response(status=204)


def _present(draft: Draft | None) -> dict[str, Any]:
    if draft is None:
        return {"body": "", "parent_id": None, "saved_at": None}
    return {"body": draft.body, "parent_id": draft.parent_id, "saved_at": draft.saved_at}
