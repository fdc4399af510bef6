"""A device's conditions: what is or was active on it, who has seen it, and what people put aside."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.conditions.acknowledging import acknowledge_condition
from statusportal.conditions.models import RestingCondition
from statusportal.conditions.shelving import Shelf, bring_back, put_aside
from statusportal.entries.models import EntryHappening
from statusportal.foundation.clock import from_ms
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import Reach, checked_by
from statusportal.overview.conditions import ConditionSeen, conditions_seen
from statusportal.upkeep.serving import note_serviced
from statusportal.work import Work

conditions = blueprint("Conditions", "What is active on a device, and what people did about it")


class AcknowledgedAnswer(Schema):
    """Who was it that has seen a condition, and when."""

    at = Instant()
    by = fields.String(allow_none=True)


class RestAnswer(Schema):
    """How a condition rests: shelved until a moment, or out of service until it is brought back."""

    state = fields.String()
    until = Instant(allow_none=True)
    reason = fields.String()
    by = fields.String(allow_none=True)
    at = Instant()


class ConditionAnswer(Schema):
    """A rule or a declaration that is or was active. `entry` stands for it while it is not resolved."""

    code = fields.String()
    state = fields.String()
    health = fields.String()
    signal = fields.String(allow_none=True)
    value = fields.Float(allow_none=True)
    since = Instant()
    active_since = Instant(allow_none=True)
    first_at = Instant()
    last_at = Instant()
    count = fields.Integer()
    reason = fields.String()
    entry = fields.UUID(allow_none=True)
    acknowledged = fields.Nested(AcknowledgedAnswer, allow_none=True)
    rest = fields.Nested(RestAnswer, allow_none=True)


class ConditionsAnswer(Schema):
    """A device's conditions, the worst active first."""

    items = fields.List(fields.Nested(ConditionAnswer))
    next = fields.String(allow_none=True)


class ShelfWords(Schema):
    """Until when a condition is to rest, and why; everybody who reads the device reads it."""

    until = Instant(required=True)
    reason = fields.String(required=True)


class OutOfServiceWords(Schema):
    """Why a condition's part is out of service; everybody who reads the device reads it."""

    reason = fields.String(required=True)


@conditions.get("/devices/<device_id>/conditions")
@checked_by(Permission.DEVICE_VIEW)
@conditions.response(200, ConditionsAnswer)
def list_conditions(device_id: str) -> dict[str, Any]:
    """List a device's conditions that are or were active."""
    with portal.reading() as work:
        return {"items": [_shown(one) for one in conditions_seen(work, parse_id(device_id))], "next": None}


@conditions.post("/devices/<device_id>/conditions/<code>/acknowledge")
@checked_by(Permission.ENTRY_ACKNOWLEDGE, reach=Reach.ROW)
@conditions.response(200, ConditionAnswer)
def acknowledge(device_id: str, code: str) -> dict[str, Any]:
    """Say that one has seen a condition; its entry takes the step."""
    with portal.writing() as work:
        acknowledge_condition(work, parse_id(device_id), code)
        return _one(work, parse_id(device_id), code)


@conditions.post("/devices/<device_id>/conditions/<code>/shelve")
@checked_by(Permission.CONDITION_SHELVE)
@conditions.arguments(ShelfWords)
@conditions.response(200, ConditionAnswer)
def shelve(words: dict[str, Any], device_id: str, code: str) -> dict[str, Any]:
    """Let a condition rest until a moment: its status stays, the portal keeps quiet about it."""
    with portal.writing() as work:
        put_aside(work, parse_id(device_id), code, Shelf(words["reason"], words["until"]))
        return _one(work, parse_id(device_id), code)


@conditions.post("/devices/<device_id>/conditions/<code>/out-of-service")
@checked_by(Permission.CONDITION_SHELVE)
@conditions.arguments(OutOfServiceWords)
@conditions.response(200, ConditionAnswer)
def take_out_of_service(words: dict[str, Any], device_id: str, code: str) -> dict[str, Any]:
    """Let a condition rest until it is brought back: its part is out of service."""
    with portal.writing() as work:
        put_aside(work, parse_id(device_id), code, Shelf(words["reason"]))
        return _one(work, parse_id(device_id), code)


@conditions.post("/devices/<device_id>/conditions/<code>/serviced")
@checked_by(Permission.MAINTENANCE_PLAN)
@conditions.response(204)
def service(device_id: str, code: str) -> None:
    """Say that the service was done which a counter calls for: it counts anew, and its condition clears."""
    with portal.writing() as work:
        note_serviced(work, parse_id(device_id), code)


@conditions.delete("/devices/<device_id>/conditions/<code>/rest")
@checked_by(Permission.CONDITION_SHELVE)
@conditions.response(204)
def wake(device_id: str, code: str) -> None:
    """Bring a condition back, shelved or out of service."""
    with portal.writing() as work:
        bring_back(work, parse_id(device_id), code)


def _one(work: Work, device_id: UUID, code: str) -> dict[str, Any]:
    return _shown(next(one for one in conditions_seen(work, device_id) if one.state.code == code))


def _shown(seen: ConditionSeen) -> dict[str, Any]:
    one = seen.state
    return {
        "code": one.code,
        "state": one.phase.value,
        "health": one.health.value,
        "signal": one.signal_name,
        "value": one.value,
        "since": from_ms(one.since_ms),
        "active_since": None if one.active_since_ms is None else from_ms(one.active_since_ms),
        "first_at": from_ms(one.first_ms),
        "last_at": from_ms(one.last_ms),
        "count": one.count,
        "reason": str(one.reason.get("en", "")),
        "entry": seen.entry.id if seen.entry else None,
        "acknowledged": _acknowledged(seen.acknowledged) if seen.acknowledged else None,
        "rest": _rest(seen.rest) if seen.rest else None,
    }


def _acknowledged(row: EntryHappening) -> dict[str, Any]:
    return {"at": row.at, "by": row.person.name if row.person else None}


def _rest(row: RestingCondition) -> dict[str, Any]:
    name = row.person.name if row.person else None
    return {"state": row.rest, "until": row.until, "reason": row.reason, "by": name, "at": row.at}
