"""Planned work: windows and visits on a device, a group or an organisation."""

from typing import Any

from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.maintenance import planning
from statusportal.maintenance.planning import Plan
from statusportal.maintenance.queries import WorkSeen, work_for, works_page
from statusportal.maintenance.vocabulary import WorkKind, WorkState

maintenance = blueprint("Maintenance", "Windows and visits that are planned on devices")

_DAY = {"description": "RFC 3339 with a zone; `from` is inclusive, `to` exclusive."}
_SERVICES = {"description": "Codes of counters that begin anew when the work is done."}


class PlanRequest(Schema):
    """What is to be done, and when."""

    kind = fields.Enum(WorkKind, by_value=True, load_default=WorkKind.VISIT)
    title = fields.String(required=True)
    services = fields.List(fields.String(), load_default=list, metadata=_SERVICES)
    from_ = Instant(data_key="from", required=True, metadata=_DAY)
    to = Instant(required=True, metadata=_DAY)


class MoveRequest(Schema):
    """Another time."""

    from_ = Instant(data_key="from", required=True, metadata=_DAY)
    to = Instant(required=True, metadata=_DAY)


class WorkAnswer(Schema):
    """Planned work; `was_from` and `was_to` are its time before it was moved, `proposed_by` whose time stands."""

    id = fields.UUID()
    organisation = fields.UUID()
    kind = fields.String(validate=validate.OneOf(list(WorkKind)))
    title = fields.String()
    state = fields.String(validate=validate.OneOf(list(WorkState)))
    from_ = Instant(data_key="from")
    to = Instant()
    was_from = Instant(allow_none=True)
    was_to = Instant(allow_none=True)
    time_zone = fields.String(metadata={"description": "The organisation's, in which the time was chosen."})
    proposed_by = fields.String()
    devices = fields.List(fields.UUID(), metadata={"description": "Those of its devices that I may see."})
    services = fields.List(fields.String(), metadata=_SERVICES)


class WorkList(Schema):
    """One page of planned work, by its time."""

    items = fields.List(fields.Nested(WorkAnswer))
    next = fields.String(allow_none=True)


class WorkQuery(PageQuery):
    """Which planned work: of one device, in a stretch."""

    device = fields.UUID(load_default=None)
    from_ = Instant(data_key="from", load_default=None)
    to = Instant(load_default=None)


@maintenance.get("/maintenance")
@needs(Permission.MAINTENANCE_VIEW)
@maintenance.arguments(WorkQuery, location="query")
@maintenance.response(200, WorkList)
def list_work(query: dict[str, Any]) -> dict[str, Any]:
    """List planned work that I may see, past and ahead."""
    wanted = slice_of(query)
    with portal.reading() as work:
        page = works_page(work, wanted, query["device"], query["from_"], query["to"])
        return {"items": [_present(one) for one in page.items], "next": page.next_cursor}


@maintenance.post("/devices/<device_id>/maintenance")
@checked_by(Permission.MAINTENANCE_PLAN)
@maintenance.arguments(PlanRequest)
@maintenance.response(201, WorkAnswer)
def plan_on_device(asked: dict[str, Any], device_id: str) -> Any:  # noqa: ANN401 - body and headers
    """Plan work on a device of mine."""
    with portal.writing() as work:
        return _made(planning.plan_on_device(work, parse_id(device_id), _plan(asked)))


@maintenance.post("/device-groups/<group_id>/maintenance")
@checked_by(Permission.DEVICE_SHARE)
@maintenance.arguments(PlanRequest)
@maintenance.response(201, WorkAnswer)
def plan_on_group(asked: dict[str, Any], group_id: str) -> Any:  # noqa: ANN401 - as above
    """Plan work on the devices that are in a group now."""
    with portal.writing() as work:
        return _made(planning.plan_on_group(work, parse_id(group_id), _plan(asked)))


@maintenance.post("/organisations/<organisation_id>/maintenance")
@checked_by(Permission.MAINTENANCE_PLAN)
@maintenance.arguments(PlanRequest)
@maintenance.response(201, WorkAnswer)
def plan_on_organisation(asked: dict[str, Any], organisation_id: str) -> Any:  # noqa: ANN401 - as above
    """Plan work on the devices that an organisation has now and I may see."""
    with portal.writing() as work:
        return _made(planning.plan_on_organisation(work, parse_id(organisation_id), _plan(asked)))


@maintenance.get("/maintenance/<work_id>")
@checked_by(Permission.MAINTENANCE_VIEW)
@maintenance.response(200, WorkAnswer)
def read_work(work_id: str) -> dict[str, Any]:
    """Read planned work."""
    with portal.reading() as work:
        return _present(work_for(work, parse_id(work_id)))


@maintenance.patch("/maintenance/<work_id>")
@checked_by(Permission.MAINTENANCE_PLAN)
@maintenance.arguments(MoveRequest)
@maintenance.response(200, WorkAnswer)
def move(asked: dict[str, Any], work_id: str) -> dict[str, Any]:
    """Give planned work another time; a visit waits for the other side again."""
    with portal.writing() as work:
        return _present(planning.move_work(work, parse_id(work_id), asked["from_"], asked["to"]))


@maintenance.post("/maintenance/<work_id>/confirm")
@checked_by(Permission.MAINTENANCE_PLAN)
@maintenance.response(200, WorkAnswer)
def confirm(work_id: str) -> dict[str, Any]:
    """Agree to the time of a visit that the other side proposed."""
    with portal.writing() as work:
        return _present(planning.confirm_visit(work, parse_id(work_id)))


@maintenance.post("/maintenance/<work_id>/finish")
@checked_by(Permission.MAINTENANCE_PLAN)
@maintenance.response(200, WorkAnswer)
def finish(work_id: str) -> dict[str, Any]:
    """Say that planned work is done; the rest of its time is free again."""
    with portal.writing() as work:
        return _present(planning.finish_work(work, parse_id(work_id)))


@maintenance.post("/maintenance/<work_id>/cancel")
@checked_by(Permission.MAINTENANCE_PLAN)
@maintenance.response(200, WorkAnswer)
def cancel(work_id: str) -> dict[str, Any]:
    """Call planned work off before it begins."""
    with portal.writing() as work:
        return _present(planning.cancel_work(work, parse_id(work_id)))


def _plan(asked: dict[str, Any]) -> Plan:
    return Plan(asked["kind"], asked["title"], asked["from_"], asked["to"], tuple(asked["services"]))


def _made(seen: WorkSeen) -> tuple[dict[str, Any], dict[str, str]]:
    return _present(seen), {"Location": f"/api/v1/maintenance/{seen.row.id}"}


def _present(seen: WorkSeen) -> dict[str, Any]:
    row = seen.row
    return {
        "id": row.id,
        "organisation": row.organisation_id,
        "kind": row.kind,
        "title": row.title,
        "state": row.state,
        "from_": row.from_at,
        "to": row.to_at,
        "was_from": row.was_from_at,
        "was_to": row.was_to_at,
        "time_zone": seen.zone,
        "proposed_by": row.proposed_by,
        "devices": list(seen.device_ids),
        "services": list(row.services),
    }
