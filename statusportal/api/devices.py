"""Devices: mine, and one with its active conditions."""

from typing import Any

from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.root import blueprint
from statusportal.derivation.vocabulary import ConditionState
from statusportal.foundation.clock import from_ms
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import DEFAULT_LIMIT, MOST, Slice
from statusportal.http import portal
from statusportal.http.json_provider import rfc3339
from statusportal.http.policies import checked_by
from statusportal.overview.devices import DeviceFilters, DeviceLine, DeviceOverview, device_overview, my_devices
from statusportal.reasons.sentences import sentence

devices = blueprint("Devices", "My devices and how they fare")


class DeviceQuestion(Schema):
    """How to narrow my devices, and which page of them."""

    health = fields.List(fields.String(), load_default=[])
    connectivity = fields.List(fields.String(), load_default=[])
    model = fields.String(load_default="", metadata={"description": "A model's slug."})
    site = fields.String(load_default="")
    q = fields.String(load_default="", validate=validate.Length(max=200))
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, MOST))
    cursor = fields.String(load_default=None)


class OwnerOfDevice(Schema):
    """Who has it now."""

    id = fields.UUID()
    name = fields.String()


class DeviceAnswer(Schema):
    """A device as it is now. Its present is null for who had it once."""

    id = fields.UUID()
    serial = fields.String()
    name = fields.String()
    model = fields.String(metadata={"description": "The model's slug, as the filter takes it."})
    model_name = fields.String()
    site = fields.String()
    firmware = fields.String()
    organisation = fields.Nested(OwnerOfDevice, allow_none=True)
    health = fields.String(allow_none=True)
    last_health = fields.String(allow_none=True)
    connectivity = fields.String(allow_none=True)
    since = fields.String(allow_none=True)
    reason = fields.String(allow_none=True, metadata={"description": "One plain sentence."})
    last_sample_at = fields.String(allow_none=True)
    open_entries = fields.Integer(allow_none=True)
    unread = fields.Integer(allow_none=True)
    version = fields.Integer(allow_none=True)


class ActiveCondition(Schema):
    """A rule or a declaration that is active."""

    code = fields.String()
    health = fields.String()
    signal = fields.String(allow_none=True)
    value = fields.Float(allow_none=True)
    since = fields.String()
    count = fields.Integer()
    reason = fields.String()


class PeriodOfDevice(Schema):
    """A time of the device that I may look at."""

    from_ = fields.String(data_key="from")
    to = fields.String(allow_none=True)


class DeviceWithConditions(DeviceAnswer):
    """A device with what is active on it and the times of it that I may look at."""

    conditions = fields.List(fields.Nested(ActiveCondition))
    periods = fields.List(fields.Nested(PeriodOfDevice))


class DevicePageAnswer(Schema):
    """A page of my devices, the worst first."""

    items = fields.List(fields.Nested(DeviceAnswer))
    next = fields.String(allow_none=True)


@devices.get("/devices")
@checked_by(Permission.DEVICE_VIEW)
@devices.arguments(DeviceQuestion, location="query")
@devices.response(200, DevicePageAnswer)
def my_devices_now(asked: dict[str, Any]) -> dict[str, Any]:
    """List my devices, the worst first."""
    wanted = Slice(asked.pop("limit"), asked.pop("cursor"))
    with portal.reading() as work:
        found = my_devices(work, wanted, DeviceFilters(**asked))
    return {"items": [present_line(line) for line in found.items], "next": found.next_cursor}


@devices.get("/devices/<device_id>")
@checked_by(Permission.DEVICE_VIEW)
@devices.response(200, DeviceWithConditions)
def one_device(device_id: str) -> dict[str, Any]:
    """Show one device with its active conditions."""
    with portal.reading() as work:
        return present_device(device_overview(work, parse_id(device_id)))


def present_line(line: DeviceLine) -> dict[str, Any]:
    """Turn a device into its outward form."""
    return {
        "id": line.id,
        "serial": line.serial,
        "name": line.name,
        "model": line.model_slug,
        "model_name": line.model_name,
        "site": line.site,
        "firmware": line.firmware,
        "organisation": {"id": line.organisation_id, "name": line.organisation_name} if line.organisation_id else None,
        "health": line.health.value,
        "last_health": line.last_health.value,
        "connectivity": line.connectivity.value,
        "since": rfc3339(line.since) if line.since else None,
        "reason": sentence(line.reason, "en"),
        "last_sample_at": rfc3339(line.last_sample_at) if line.last_sample_at else None,
        "open_entries": line.open_entries,
        "unread": line.unread,
        "version": line.version,
    }


def present_device(found: DeviceOverview) -> dict[str, Any]:
    """Turn a device with its conditions and times into its outward form."""
    shown = present_line(found.now) if found.now else _past(found)
    periods = [
        {"from_": rfc3339(one.from_at), "to": rfc3339(one.to_at) if one.to_at else None} for one in found.periods
    ]
    return {**shown, "conditions": [_condition(one) for one in found.conditions], "periods": periods}


def _past(found: DeviceOverview) -> dict[str, Any]:
    """Show a device to who had it once: its model and serial are known to them, its present and its name are not."""
    unknown = dict.fromkeys(DeviceAnswer().fields)
    named = {
        "id": found.id,
        "serial": found.serial,
        "name": f"{found.model_name} {found.serial}",
        "model": found.model_slug,
        "model_name": found.model_name,
    }
    return {**unknown, **named, "site": "", "firmware": ""}


def _condition(row: ConditionState) -> dict[str, Any]:
    return {
        "code": row.code,
        "health": row.health.value,
        "signal": row.signal_name,
        "value": row.value,
        "since": rfc3339(from_ms(row.active_since_ms if row.active_since_ms is not None else row.since_ms)),
        "count": row.count,
        "reason": sentence(row.reason, "en"),
    }
