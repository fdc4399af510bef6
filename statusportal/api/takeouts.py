"""Taking everything along: asking for it, seeing how far it is, fetching it, taking it back."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import personal
from statusportal.http.takeouts import send_takeout
from statusportal.takeout import service
from statusportal.takeout.models import Takeout
from statusportal.takeout.queries import takeout_for, takeouts_page
from statusportal.takeout.vocabulary import TakeoutState

takeouts = blueprint("Takeouts", "Everything of a person or an organisation, in one file")

_MINE = "it is about what the person asked for alone"


class TakeoutWish(Schema):
    """What to take: an organisation's data, or without one my own."""

    organisation = fields.UUID(load_default=None, allow_none=True)


class TakeoutAnswer(Schema):
    """A takeout and how far it is; `file` is its address while there is a file to fetch."""

    id = fields.UUID()
    organisation = fields.UUID(allow_none=True)
    state = fields.String()
    parts_done = fields.Integer()
    parts_whole = fields.Integer()
    size_bytes = fields.Integer(allow_none=True)
    sha256 = fields.String(allow_none=True)
    trouble = fields.String()
    asked_at = Instant()
    made_at = Instant(allow_none=True)
    expires_at = Instant(allow_none=True)
    taken_at = Instant(allow_none=True)
    file = fields.String(allow_none=True)


class TakeoutPageAnswer(Schema):
    """A page of my takeouts, the newest first."""

    items = fields.List(fields.Nested(TakeoutAnswer))
    next = fields.String(allow_none=True)


@takeouts.post("/exports")
@personal(_MINE, Permission.ORGANISATION_EXPORT)
@takeouts.arguments(TakeoutWish)
@takeouts.response(202, TakeoutAnswer)
def ask_for_takeout(wish: dict[str, Any]) -> dict[str, Any]:
    """Ask for everything of mine, or of an organisation; a job makes it."""
    with portal.writing() as work:
        organisation_id = wish["organisation"]
        row = service.ask_for_organisation(work, organisation_id) if organisation_id else service.ask_for_mine(work)
        return _shown(row)


@takeouts.get("/exports")
@personal(_MINE)
@takeouts.arguments(PageQuery, location="query")
@takeouts.response(200, TakeoutPageAnswer)
def my_takeouts(asked: dict[str, Any]) -> dict[str, Any]:
    """List what I asked for, the newest first."""
    with portal.reading() as work:
        page = takeouts_page(work, slice_of(asked))
        return {"items": [_shown(row) for row in page.items], "next": page.next_cursor}


@takeouts.get("/exports/<takeout_id>")
@personal(_MINE)
@takeouts.response(200, TakeoutAnswer)
def one_takeout(takeout_id: str) -> dict[str, Any]:
    """Show one of mine and how far it is."""
    with portal.reading() as work:
        return _shown(takeout_for(work, parse_id(takeout_id)))


@takeouts.delete("/exports/<takeout_id>")
@personal(_MINE)
@takeouts.response(200, TakeoutAnswer)
def revoke_takeout(takeout_id: str) -> dict[str, Any]:
    """Take it back: it is not made, or its file goes."""
    with portal.writing() as work:
        return _shown(service.revoke_takeout(work, parse_id(takeout_id)))


@takeouts.get("/exports/<takeout_id>/file")
@personal(_MINE, Permission.ORGANISATION_EXPORT)
@takeouts.response(200, {"type": "string", "format": "binary"}, content_type="application/zip")
@takeouts.alt_response(409, description="There is no file to fetch: not yet, or not any more.")
def takeout_file(takeout_id: str) -> Response:
    """Fetch the ZIP. A part of it can be asked for by `Range`, to go on where a line broke."""
    return send_takeout(takeout_id)


def _shown(row: Takeout) -> dict[str, Any]:
    names = ("id", "state", "parts_done", "parts_whole", "size_bytes", "sha256", "trouble")
    times = ("asked_at", "made_at", "expires_at", "taken_at")
    is_ready = row.state == TakeoutState.READY
    return {
        **{name: getattr(row, name) for name in (*names, *times)},
        "organisation": row.organisation_id,
        "file": f"/api/v1/exports/{row.id}/file" if is_ready else None,
    }
