"""A device's own limits: where one machine is judged by another number than the rest of its model."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.tuning.models import DeviceLimit
from statusportal.tuning.queries import own_limits_of
from statusportal.tuning.service import OwnLimit, remove_own_limit, set_own_limit
from statusportal.tuning.vocabulary import Band

own_limits = blueprint("Own limits", "Where one machine differs from its model")


class OwnLimitWords(Schema):
    """The machine's own numbers in the unit of the rule, and why; everybody who reads the device reads it."""

    low = fields.Float(load_default=None, allow_none=True)
    high = fields.Float(load_default=None, allow_none=True)
    reason = fields.String(required=True)


class OwnLimitAnswer(Schema):
    """A limit that a machine has of its own."""

    code = fields.String()
    low = fields.Float(allow_none=True)
    high = fields.Float(allow_none=True)
    reason = fields.String()
    by = fields.String(allow_none=True)
    at = Instant()


class OwnLimitList(Schema):
    """A device's own limits, by code."""

    items = fields.List(fields.Nested(OwnLimitAnswer))
    next = fields.String(allow_none=True)


@own_limits.get("/devices/<device_id>/limits")
@checked_by(Permission.DEVICE_VIEW)
@own_limits.response(200, OwnLimitList)
def list_own_limits(device_id: str) -> dict[str, Any]:
    """List the limits that a device has of its own."""
    with portal.reading() as work:
        return {"items": [_shown(row) for row in own_limits_of(work, parse_id(device_id))], "next": None}


@own_limits.put("/devices/<device_id>/limits/<code>")
@checked_by(Permission.DEVICE_TUNE)
@own_limits.arguments(OwnLimitWords)
@own_limits.response(200, OwnLimitAnswer)
def put_own_limit(asked: dict[str, Any], device_id: str, code: str) -> dict[str, Any]:
    """Judge a device by its own numbers from the next sample on."""
    found = parse_id(device_id)
    with portal.writing() as work:
        set_own_limit(work, found, code, OwnLimit(Band(asked["low"], asked["high"]), asked["reason"]))
        return next(_shown(row) for row in own_limits_of(work, found) if row.code == code)


@own_limits.delete("/devices/<device_id>/limits/<code>")
@checked_by(Permission.DEVICE_TUNE)
@own_limits.response(204)
def delete_own_limit(device_id: str, code: str) -> Response:
    """Judge a device by its model's numbers again."""
    with portal.writing() as work:
        remove_own_limit(work, parse_id(device_id), code)
    return Response(status=204)


def _shown(row: DeviceLimit) -> dict[str, Any]:
    return {
        "code": row.code,
        "low": row.low,
        "high": row.high,
        "reason": row.reason,
        "by": row.person.name if row.person else None,
        "at": row.at,
    }
