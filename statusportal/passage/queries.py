"""Reading what is set aside, for those who look after the portal."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.fleet.models import Device
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.status.models import SetAside
from statusportal.work import Work


@dataclass(frozen=True, slots=True)
class Aside:
    """A device that is set aside, and the error for which it is."""

    device: Device
    error: SetAside


def devices_aside(work: Work, wanted: Slice) -> Page[Aside]:
    """List the devices that are set aside, the latest first.

    Raises: Forbidden.
    """
    require(work.actor, Permission.DERIVATION_VIEW)
    query = select(Device, SetAside).join(SetAside, SetAside.device_id == Device.id)
    if position := wanted.position(datetime, UUID):
        query = query.where(tuple_(SetAside.since, SetAside.device_id) < tuple_(*position))
    query = query.order_by(SetAside.since.desc(), SetAside.device_id.desc()).limit(wanted.limit + 1)
    rows = [Aside(*row) for row in work.session.execute(query)]
    return page_of(rows, wanted, lambda row: (row.error.since, row.error.device_id))
