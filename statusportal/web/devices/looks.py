"""Who looked at a device: a panel on its page, and all of it on a page of its own."""

from flask import render_template, url_for

from statusportal.access.permissions import Permission
from statusportal.administration.looking import find_looks_at_device, looks_at_device
from statusportal.audit.vocabulary import Part
from statusportal.fleet.models import Device
from statusportal.fleet.queries import device_for, words_seen
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import Slice
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.http.views.audit import LooksPage, LooksPanel
from statusportal.web.devices.blueprint import devices
from statusportal.web.looks_view import chain_state, look, looks_by_day, part_asked, part_links
from statusportal.web.paging import page_links, wanted_slice
from statusportal.work import Work

_ON_THE_PAGE = 4


@devices.get("/devices/<device_id>/looks")
@checked_by(Permission.AUDIT_DEVICE)
def looks(device_id: str) -> str:
    """Show who of the operator looked at a device while it was mine, and what was done with it."""
    part = part_asked()
    with portal.reading() as work:
        row = device_for(work, parse_id(device_id))
        page = looks_at_device(work, row.id, wanted_slice(), part)
        days, checked = looks_by_day(page), chain_state(work)
        name = words_seen(work, [row])[row.id].name
    shown = LooksPage(
        name=name,
        days=days,
        back_href=url_for("devices.device", device_id=row.id),
        filters=part_links("devices.looks", part, device_id=str(row.id)),
        pages=page_links(page, "devices.looks", device_id=str(row.id), part=part.value),
        chain=checked,
    )
    return render_template("looks.html", page=shown)


def looks_panel(work: Work, row: Device) -> LooksPanel | None:
    """Return the newest looks for the device's own page; None for who may not be told."""
    page = find_looks_at_device(work, row.id, Slice(_ON_THE_PAGE), Part.LOOKED)
    if page is None:
        return None
    return LooksPanel(tuple(look(one) for one in page.items), url_for("devices.looks", device_id=row.id))
