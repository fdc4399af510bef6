"""What is kept for how long, and the proofs that what was due for deletion was deleted."""

from typing import Any

from marshmallow import Schema, fields

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.http import portal
from statusportal.http.policies import needs, signed_in
from statusportal.retention.queries import last_runs, runs_page
from statusportal.retention.vocabulary import Kept, days_of

retention = blueprint("Retention", "What is kept for how long, with proof")


class KeptAnswer(Schema):
    """A kind of record: for how many days it is kept (0 is for ever), and the last look at it."""

    kind = fields.String()
    days = fields.Integer()
    checked_at = Instant(allow_none=True)
    until_at = Instant(allow_none=True)


class RetentionAnswer(Schema):
    """Every kind that ends after a time."""

    items = fields.List(fields.Nested(KeptAnswer))
    next = fields.String(allow_none=True)


class RunAnswer(Schema):
    """One look at one kind: everything older than `until_at` went, and how many records that were."""

    kind = fields.String()
    until_at = Instant()
    deleted = fields.Integer()
    at = Instant()


class RunPageAnswer(Schema):
    """A page of looks, the newest first."""

    items = fields.List(fields.Nested(RunAnswer))
    next = fields.String(allow_none=True)


@retention.get("/retention")
@signed_in("everybody may know for how long what is recorded is kept")
@retention.response(200, RetentionAnswer)
def list_kept() -> dict[str, Any]:
    """List what is kept for how long, and until when it was deleted."""
    with portal.reading() as work:
        runs = last_runs(work)
        rows = [
            {
                "kind": kind.value,
                "days": days_of(work.settings, kind),
                "checked_at": runs[kind].at if kind in runs else None,
                "until_at": runs[kind].until_at if kind in runs else None,
            }
            for kind in Kept
        ]
    return {"items": rows, "next": None}


@retention.get("/retention/runs")
@needs(Permission.RETENTION_VIEW)
@retention.arguments(PageQuery, location="query")
@retention.response(200, RunPageAnswer)
def list_runs(asked: dict[str, Any]) -> dict[str, Any]:
    """List the proofs with their counts, the newest first."""
    with portal.reading() as work:
        page = runs_page(work, slice_of(asked))
    return {"items": page.items, "next": page.next_cursor}
