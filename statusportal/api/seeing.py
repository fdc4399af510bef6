"""Seeing as a customer: support begins and leaves it, and whom it concerns reads that it happened."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.http import portal
from statusportal.http.policies import checked_by, leaving, signed_in
from statusportal.seen_as.queries import visits_page
from statusportal.seen_as.service import begin_seeing_as, end_seeing_as
from statusportal.seen_as.vocabulary import Visit

seeing = blueprint(
    "Seeing_as", "Support sees with a customer's rights for a while, reads only, and the customer is told"
)

_LONGEST_REASON = 1_000


class VisitRequest(Schema):
    """As whom, in which of their organisations, why, and for how long."""

    person = fields.UUID(required=True)
    organisation = fields.UUID(required=True)
    reason = fields.String(required=True, validate=validate.Length(max=_LONGEST_REASON))
    minutes = fields.Integer(load_default=30, strict=True)


class NamedAnswer(Schema):
    """Somebody or something by id and name."""

    id = fields.UUID()
    name = fields.String()


class VisitAnswer(Schema):
    """One visit. `ended_at` is null while it lasts; `page_count` counts the pages looked at."""

    id = fields.UUID()
    person = fields.Nested(NamedAnswer)
    organisation = fields.Nested(NamedAnswer)
    by = fields.Nested(NamedAnswer)
    reason = fields.String()
    began_at = Instant()
    ends_at = Instant()
    ended_at = Instant(allow_none=True)
    page_count = fields.Integer()


class VisitList(Schema):
    """One page of visits, newest first."""

    items = fields.List(fields.Nested(VisitAnswer))
    next = fields.String(allow_none=True)


@seeing.post("/seen-as")
@checked_by(Permission.CUSTOMER_SEE_AS)
@seeing.arguments(VisitRequest)
@seeing.response(204)
def begin(wanted: dict[str, Any]) -> Response:
    """Let this session read as a customer's person from now on; `GET /session` then says so."""
    with portal.writing() as work:
        begin_seeing_as(work, wanted["person"], wanted["organisation"], wanted["reason"], wanted["minutes"])
    return Response(status=204)


@seeing.delete("/seen-as")
@leaving("it shows a session to itself again, whoever that is")
@seeing.response(204)
def leave() -> Response:
    """Leave; the session is its own again."""
    with portal.works().writing(portal.own_actor()) as work:
        end_seeing_as(work)
    return Response(status=204)


@seeing.get("/seen-as")
@signed_in("everybody reads who looked as them; the rows say for whom else they are")
@seeing.arguments(PageQuery, location="query")
@seeing.response(200, VisitList)
def list_visits(query: dict[str, Any]) -> dict[str, Any]:
    """List who of the operator looked as me or as people I look after, when and why."""
    wanted = slice_of(query)
    with portal.reading() as work:
        page = visits_page(work, wanted)
    return {"items": [present_visit(one) for one in page.items], "next": page.next_cursor}


def present_visit(visit: Visit) -> dict[str, Any]:
    """Present one visit, in lists and in the session's answer alike."""
    plain = ("id", "reason", "began_at", "ends_at", "ended_at", "page_count")
    return {
        **{name: getattr(visit, name) for name in plain},
        "person": {"id": visit.person_id, "name": visit.person_name},
        "organisation": {"id": visit.organisation_id, "name": visit.organisation_name},
        "by": {"id": visit.staff_id, "name": visit.staff_name},
    }
