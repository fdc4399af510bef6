"""The inbox of those who answer: what waits for the operator, the worst and oldest first."""

from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.http import portal
from statusportal.http.policies import needs
from statusportal.inboxes.queries import clocks, inbox_page, queue_counts
from statusportal.inboxes.vocabulary import Queue

inboxes = blueprint("Inbox", "What waits for the operator, and until when an answer is due")


class InboxQuery(PageQuery):
    """Which queue; of one model by its slug, or with `mine` of the models that I follow."""

    queue = fields.Enum(Queue, by_value=True, load_default=Queue.WAITING)
    model = fields.String(load_default="")
    mine = fields.Boolean(load_default=False)


class WaitingAnswer(Schema):
    """An open entry that waits, since when, and until when a first answer is due."""

    entry_id = fields.UUID()
    title = fields.String()
    health = fields.String(allow_none=True)
    code = fields.String(allow_none=True)
    lifecycle = fields.String()
    organisation = fields.String()
    device_id = fields.UUID()
    device_name = fields.String()
    model = fields.String()
    since_at = Instant()
    answered_at = Instant(allow_none=True)
    due_at = Instant(allow_none=True)
    disputed_at = Instant(allow_none=True)


class InboxAnswer(Schema):
    """One page of a queue, with how many wait in each."""

    items = fields.List(fields.Nested(WaitingAnswer))
    next = fields.String(allow_none=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())


class ClocksAnswer(Schema):
    """How first answers fare against the promise; `middle_s` is of the last seven days."""

    promise_s = fields.Integer()
    unanswered = fields.Integer()
    late = fields.Integer()
    middle_s = fields.Integer(allow_none=True)


@inboxes.get("/inbox")
@needs(Permission.ENTRY_MOVE)
@inboxes.arguments(InboxQuery, location="query")
@inboxes.response(200, InboxAnswer)
def list_inbox(query: dict[str, Any]) -> dict[str, Any]:
    """List what waits, the worst first, then the longest wait."""
    with portal.reading() as work:
        page = inbox_page(work, query["queue"], slice_of(query), query["model"], is_mine=query["mine"])
        counts = queue_counts(work, query["model"], is_mine=query["mine"])
    return {"items": [asdict(one) for one in page.items], "next": page.next_cursor, "counts": counts}


@inboxes.get("/inbox/clocks")
@needs(Permission.ENTRY_MOVE)
@inboxes.response(200, ClocksAnswer)
def read_clocks() -> dict[str, Any]:
    """Tell how first answers fare against what the operator promised."""
    with portal.reading() as work:
        found = clocks(work)
    middle_s = int(found.middle.total_seconds()) if found.middle is not None else None
    promise_s = int(found.promise.total_seconds())
    return {"promise_s": promise_s, "unanswered": found.unanswered, "late": found.late, "middle_s": middle_s}
