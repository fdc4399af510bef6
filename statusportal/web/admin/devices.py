"""Devices: their list, taking one in, its page, handing it over, and who else is let at it."""

from datetime import date
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import Right
from statusportal.accounts.queries import organisation_for
from statusportal.administration.devices import device_looked_after, devices_looked_after
from statusportal.custody import granting, transferring
from statusportal.custody.queries import grant_on
from statusportal.fleet import service
from statusportal.fleet.service import DeviceWords
from statusportal.foundation.errors import Faults, PortalError
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.http.views.models import AdminDevicesPage
from statusportal.web.admin.blueprint import admin
from statusportal.web.admin.device_page import COMMENT, VIEW, DeviceForms, device_page, device_row, new_device_page
from statusportal.web.forms import FORM_TROUBLES, chosen, filled, moment, picked, text, troubled
from statusportal.web.paging import asked, page_links, wanted_slice


@admin.get("/devices")
@needs(Permission.DEVICE_SHARE)
def devices() -> str:
    """List devices."""
    q, organisation = asked("q"), asked("organisation")
    narrowed = parse_id(organisation) if organisation else None
    with portal.reading() as work:
        page = devices_looked_after(work, wanted_slice(), q, organisation_id=narrowed)
        shown = AdminDevicesPage(
            devices=tuple(device_row(one, work.now) for one in page.items),
            query=q,
            pages=page_links(page, "admin.devices", q=q, organisation=organisation),
            can_add=actor_holds(work.actor, Permission.DEVICE_ADMINISTER, None),
        )
    return render_template("admin/devices.html", page=shown)


@admin.get("/devices/new")
@needs(Permission.DEVICE_ADMINISTER)
def new_device() -> str:
    """Show the form for a new device; a link may fill organisation and serial number in."""
    values = {name: asked(name) for name in ("organisation", "serial", "model")}
    with portal.reading() as work:
        page = new_device_page(work, filled(values))
    return render_template("admin/device.html", page=page)


@admin.post("/devices/new")
@checked_by(Permission.DEVICE_ADMINISTER)
def create_device() -> Response:
    """Take a device in and go to its page."""
    try:
        faults = Faults()
        organisation_id, model_id = chosen(faults, "organisation"), chosen(faults, "model")
        faults.close()
        with portal.writing() as work:
            row = service.create_device(work, organisation_id, model_id, text("serial"), text("name"), text("site"))
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            page = new_device_page(work, form)
        return make_response(render_template("admin/device.html", page=page), status)
    flash(_("The machine is here. Give it a token to send with."), "success")
    return _back(row.id)


@admin.get("/devices/<device_id>")
@checked_by(Permission.DEVICE_SHARE)
def device(device_id: str) -> str:
    """Show a device with its owners, grants and tokens."""
    with portal.reading() as work:
        page = device_page(work, parse_id(device_id))
    return render_template("admin/device.html", page=page)


@admin.post("/devices/<device_id>")
@checked_by(Permission.DEVICE_RENAME)
def change_device(device_id: str) -> Response:
    """Change what the device's page calls it."""
    found = parse_id(device_id)
    try:
        faults = Faults()
        words = _device_words(faults)
        faults.close()
        with portal.writing() as work:
            service.rename_device(work, found, words)
    except FORM_TROUBLES as err:
        return _again(found, err, "words")
    flash(_("Kept."), "success")
    return _back(found)


@admin.post("/devices/<device_id>/transfers")
@checked_by(Permission.DEVICE_ADMINISTER)
def transfer(device_id: str) -> Response:
    """Hand the device over, now or at a time ahead."""
    found = parse_id(device_id)
    try:
        faults = Faults()
        buyer, at = chosen(faults, "organisation"), moment(faults, "from")
        faults.close()
        with portal.writing() as work:
            transferring.transfer_device(work, found, buyer, at)
    except FORM_TROUBLES as err:
        return _again(found, err, "owner")
    flash(_("Handed over.") if at is None else _("It will be handed over at that time."), "success")
    return _back(found)


@admin.post("/devices/<device_id>/grants")
@checked_by(Permission.DEVICE_SHARE)
def grant(device_id: str) -> Response:
    """Let an organisation at the device, to read or also to comment."""
    found = parse_id(device_id)
    try:
        faults = Faults()
        receiver, until = chosen(faults, "to"), moment(faults, "to_at")
        faults.close()
        rights = Right.VIEW | Right.COMMENT if picked("rights", VIEW, COMMENT) == COMMENT else Right.VIEW
        with portal.writing() as work:
            device_looked_after(work, found)
            granting.grant_access(work, found, organisation_for(work, receiver), rights, to_at=until)
    except FORM_TROUBLES as err:
        return _again(found, err, "grant")
    flash(_("They are let in."), "success")
    return _back(found, "grants")


@admin.post("/devices/<device_id>/grants/<grant_id>/revoke")
@checked_by(Permission.DEVICE_SHARE)
def revoke_grant(device_id: str, grant_id: str) -> Response:
    """Take back what was granted."""
    with portal.writing() as work:
        row = grant_on(work, parse_id(device_id), parse_id(grant_id))
        granting.revoke_grant(work, row.id)
    flash(_("Taken back. It opens nothing any more."), "success")
    return _back(parse_id(device_id), "grants")


def _device_words(faults: Faults) -> DeviceWords:
    installed_on = None
    try:
        installed_on = date.fromisoformat(text("installed_on")) if text("installed_on") else None
    except ValueError:
        faults.note("/installed_on", _("Write a day."))
    return DeviceWords(name=text("name"), site=text("site"), firmware=text("firmware"), installed_on=installed_on)


def _back(device_id: UUID, anchor: str | None = None) -> Response:
    return make_response(redirect(url_for("admin.device", device_id=device_id, _anchor=anchor), 303))


def _again(device_id: UUID, error: PortalError, part: str) -> Response:
    form, status = troubled(error)
    with portal.reading() as work:
        page = device_page(work, device_id, DeviceForms(**{part: form}))
    return make_response(render_template("admin/device.html", page=page), status)
