"""Machines whose status cannot be derived, for those who look after the portal."""

from typing import Any

from marshmallow import Schema, fields

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.http import portal
from statusportal.http.policies import needs
from statusportal.passage.queries import devices_aside

derivation = blueprint("Derivation", "Machines whose status cannot be derived")


class DeviceAside(Schema):
    """A device that is set aside: `error_id` stands in the portal's log with all that is known of the error."""

    device = fields.Dict()
    since = Instant()
    error_id = fields.UUID()
    error = fields.String()
    failed_again = fields.Integer()
    retry_at = Instant()


class DeviceAsidePage(Schema):
    """A page of devices, the latest first."""

    items = fields.List(fields.Nested(DeviceAside))
    next = fields.String(allow_none=True)


@derivation.get("/set-aside-devices")
@needs(Permission.DERIVATION_VIEW)
@derivation.arguments(PageQuery, location="query")
@derivation.response(200, DeviceAsidePage)
def list_set_aside(asked: dict[str, Any]) -> dict[str, Any]:
    """List machines whose status cannot be derived because of an error, and when each is tried next."""
    with portal.reading() as work:
        page = devices_aside(work, slice_of(asked))
        items = [
            {
                "device": {"id": str(row.device.id), "name": row.device.name_at(work.now)},
                "since": row.error.since,
                "error_id": row.error.error_id,
                "error": row.error.kind,
                "failed_again": row.error.attempts,
                "retry_at": row.error.retry_at,
            }
            for row in page.items
        ]
    return {"items": items, "next": page.next_cursor}
