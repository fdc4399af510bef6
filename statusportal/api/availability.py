"""How much of its time a device was fit for use, by month; an organisation's devices, and a model's."""

from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import RAISE, Schema, fields

from statusportal.access.permissions import Permission
from statusportal.accounts.queries import organisation_for
from statusportal.api.fields import PageQuery, slice_of
from statusportal.api.moments import Moment
from statusportal.api.root import blueprint
from statusportal.availability.calendar import month_span, months_back
from statusportal.availability.queries import (
    FleetAvailability,
    FleetLine,
    availability_of,
    availability_of_model,
    availability_of_organisation,
    zone_of,
)
from statusportal.availability.vocabulary import Tally
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import cursor_of
from statusportal.http import portal
from statusportal.http.json_provider import rfc3339
from statusportal.http.policies import Reach, checked_by
from statusportal.telemetry.vocabulary import Span
from statusportal.work import Work

availability = blueprint("Availability", "How much of its time a device was fit for use")

MOST_DAYS = 400
_DAY_MS = 86_400_000
_MONTHS = 12


class SpanQuestion(Schema):
    """Which stretch: `from` is inclusive, `to` exclusive."""

    from_ = Moment(data_key="from", load_default=None)
    to = Moment(load_default=None)


class FleetQuestion(SpanQuestion, PageQuery):
    """Which stretch, by default the present month, and which page of the devices."""


class TallyAnswer(Schema):
    """How time was spent. `up_s` and `down_s` count; planned work and silence are apart.

    A mean is null where nothing broke down.
    """

    availability = fields.Float(allow_none=True, metadata={"description": "0 to 1; null when nothing is known."})
    up_s = fields.Integer()
    down_s = fields.Integer()
    planned_s = fields.Integer()
    unknown_s = fields.Integer()
    breakdowns = fields.Integer(metadata={"description": "How many began in this stretch."})
    mtbf_s = fields.Integer(allow_none=True, metadata={"description": "Mean time between failures."})
    mttr_s = fields.Integer(allow_none=True, metadata={"description": "Mean time to repair."})


class MonthAnswer(TallyAnswer):
    """A calendar month, or the part of it that was asked for."""

    month = fields.String()


class DeviceAvailabilityAnswer(Schema):
    """A device's months in its organisation's time zone, and all of them together."""

    time_zone = fields.String()
    from_ = fields.String(data_key="from")
    to = fields.String()
    total = fields.Nested(TallyAnswer)
    months = fields.List(fields.Nested(MonthAnswer))


class FleetLineAnswer(TallyAnswer):
    """One device of many."""

    id = fields.UUID()
    name = fields.String()
    serial = fields.String()


class FleetAvailabilityAnswer(Schema):
    """Many devices over one stretch, the least available first; `total` counts them all, whatever the page."""

    time_zone = fields.String()
    from_ = fields.String(data_key="from")
    to = fields.String()
    count = fields.Integer()
    total = fields.Nested(TallyAnswer)
    items = fields.List(fields.Nested(FleetLineAnswer))
    next = fields.String(allow_none=True)


@availability.get("/devices/<device_id>/availability")
@checked_by(Permission.DEVICE_VIEW)
@availability.arguments(SpanQuestion, location="query", unknown=RAISE)
@availability.response(200, DeviceAvailabilityAnswer)
def of_device(asked: dict[str, Any], device_id: str) -> dict[str, Any]:
    """Read a device's availability by month, by default the last twelve."""
    with portal.reading() as work:
        found_id = parse_id(device_id)
        span = _span(work, asked, months_back(work.now, _MONTHS, zone_of(work, found_id)))
        found = availability_of(work, found_id, *span)
    months = [{"month": f"{one.on:%Y-%m}", **tally_facts(one.tally)} for one in found.months]
    return {"time_zone": found.zone, **_ends(span), "total": tally_facts(found.total), "months": months}


@availability.get("/organisations/<organisation_id>/availability")
@checked_by(Permission.DEVICE_VIEW)
@availability.arguments(FleetQuestion, location="query", unknown=RAISE)
@availability.response(200, FleetAvailabilityAnswer)
def of_organisation(asked: dict[str, Any], organisation_id: str) -> dict[str, Any]:
    """Read the availability of an organisation's devices, each while it belonged there."""
    with portal.reading() as work:
        found_id = parse_id(organisation_id)
        row = organisation_for(work, found_id)
        span = _span(work, asked, month_span(work.now.astimezone(ZoneInfo(row.time_zone)).date(), row.time_zone)[0])
        return _fleet(availability_of_organisation(work, found_id, *span), span, asked)


@availability.get("/models/<model_id>/availability")
@checked_by(Permission.DEVICE_VIEW, reach=Reach.ANYBODY)
@availability.arguments(FleetQuestion, location="query", unknown=RAISE)
@availability.response(200, FleetAvailabilityAnswer)
def of_model(asked: dict[str, Any], model_id: str) -> dict[str, Any]:
    """Read the availability of those devices of a model that I may see."""
    with portal.reading() as work:
        zone = work.settings.default_time_zone
        span = _span(work, asked, month_span(work.now.astimezone(ZoneInfo(zone)).date(), zone)[0])
        return _fleet(availability_of_model(work, parse_id(model_id), *span), span, asked)


def tally_facts(tally: Tally) -> dict[str, Any]:
    """Return how time was spent, in whole seconds."""
    return {
        "availability": tally.share,
        "up_s": tally.up_ms // 1000,
        "down_s": tally.down_ms // 1000,
        "planned_s": tally.planned_ms // 1000,
        "unknown_s": tally.unknown_ms // 1000,
        "breakdowns": tally.breakdowns,
        "mtbf_s": None if tally.between_ms is None else tally.between_ms // 1000,
        "mttr_s": None if tally.repairing_ms is None else tally.repairing_ms // 1000,
    }


def _span(work: Work, asked: dict[str, Any], usual_from_ms: int) -> Span:
    """Return the stretch that is asked for; the future is left out."""
    end_ms = to_ms(work.now) if asked["to"] is None else min(asked["to"], to_ms(work.now))
    start_ms = usual_from_ms if asked["from_"] is None else asked["from_"]
    if start_ms > end_ms:
        raise Invalid.field("/from", "must not be later than to, nor than now")
    if end_ms - start_ms > MOST_DAYS * _DAY_MS:
        raise Invalid.field("/from", Sentence("ask for at most %(most)s days at once", most=MOST_DAYS))
    return start_ms, end_ms


def _fleet(found: FleetAvailability, span: Span, asked: dict[str, Any]) -> dict[str, Any]:
    wanted = slice_of(asked)
    position = wanted.position(int)
    first = max(0, int(str(position[0]))) if position else 0
    until = first + wanted.limit
    return {
        "time_zone": found.zone,
        **_ends(span),
        "count": len(found.lines),
        "total": tally_facts(found.total),
        "items": [_line(one) for one in found.lines[first:until]],
        "next": cursor_of(until) if until < len(found.lines) else None,
    }


def _ends(span: Span) -> dict[str, str]:
    return {"from_": rfc3339(from_ms(span[0])), "to": rfc3339(from_ms(span[1]))}


def _line(one: FleetLine) -> dict[str, Any]:
    return {"id": one.device.id, "name": one.name, "serial": one.device.serial, **tally_facts(one.tally)}
