"""Routes of who can see a device: the page, letting somebody in, ending it, and sharing inside."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import ROLE_BITS, MemberRole, SharingMode
from statusportal.custody.granting import change_grant, grant_access, revoke_grant
from statusportal.custody.queries import grant_on, receiver_named
from statusportal.foundation.errors import PortalError
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, delegated, present_owners
from statusportal.overview.access import who_sees
from statusportal.trees.confiding import end_confidence, keep_confidential, set_sharing_mode
from statusportal.web.devices.access_view import access_page
from statusportal.web.devices.blueprint import devices
from statusportal.web.devices.grant_form import change_asked, grant_asked
from statusportal.web.forms import FORM_TROUBLES, picked, troubled


@devices.get("/devices/<device_id>/access")
@present_owners(Permission.DEVICE_VIEW)
def access(device_id: str) -> str:
    """Show who can see a device, in plain words, with the forms for who decides it."""
    with portal.reading() as work:
        return render_template("access.html", page=access_page(work, parse_id(device_id)))


@devices.post("/devices/<device_id>/access")
@delegated(Permission.DEVICE_SHARE)
def let_in(device_id: str) -> Response:
    """Let somebody at the device."""
    found = parse_id(device_id)
    try:
        asked = grant_asked()
        with portal.writing() as work:
            receiver = receiver_named(work, asked.to)
            grant_access(work, found, receiver, asked.rights, asked.from_at, asked.to_at, asked.kind)
    except FORM_TROUBLES as err:
        return _again(found, err)
    flash(_("If they are known here, they are let in from now."), "success")
    return _back(found, "let")


@devices.post("/devices/<device_id>/access/<grant_id>")
@checked_by(Permission.DEVICE_SHARE)
def change_access(device_id: str, grant_id: str) -> Response:
    """Give other rights or another end."""
    found, given = parse_id(device_id), parse_id(grant_id)
    try:
        rights, to_at = change_asked()
        with portal.writing() as work:
            change_grant(work, grant_on(work, found, given).id, rights, to_at)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            page = access_page(work, found, changed={given: form})
            return make_response(render_template("access.html", page=page), status)
    flash(_("Kept."), "success")
    return _back(found, "let")


@devices.post("/devices/<device_id>/access/<grant_id>/end")
@checked_by(Permission.DEVICE_SHARE)
def end_grant(device_id: str, grant_id: str) -> Response:
    """End a grant at once."""
    found = parse_id(device_id)
    try:
        with portal.writing() as work:
            revoke_grant(work, grant_on(work, found, parse_id(grant_id)).id)
    except FORM_TROUBLES as err:
        return _again(found, err)
    flash(_("Ended. It opens nothing any more."), "success")
    return _back(found, "let")


@devices.post("/devices/<device_id>/access/confidential")
@checked_by(Permission.DEVICE_SHARE)
def confide(device_id: str) -> Response:
    """Keep the device to a few, or show it again."""
    found = parse_id(device_id)
    verb = end_confidence if picked("state", "shown", "kept") == "shown" else keep_confidential
    with portal.writing() as work:
        verb(work, found)
    flash(_("Kept."), "success")
    return _back(found, "inside")


@devices.post("/devices/<device_id>/access/mode")
@checked_by(Permission.DEVICE_SHARE)
def share_inside(device_id: str) -> Response:
    """Choose who inside the organisation sees its machines, this one among them."""
    found = parse_id(device_id)
    try:
        with portal.writing() as work:
            seen = who_sees(work, found)
            mode = SharingMode(picked("mode", *SharingMode))
            ticked = seen.sharing.roles if seen.sharing else 0
            roles = [role for role, bit in ROLE_BITS.items() if ticked & bit] or [MemberRole.CUSTOMER]
            set_sharing_mode(work, seen.owner.id, mode, roles)
    except FORM_TROUBLES as err:
        return _again(found, err)
    flash(_("Kept."), "success")
    return _back(found, "inside")


def _back(device_id: UUID, anchor: str) -> Response:
    return make_response(redirect(url_for("devices.access", device_id=device_id, _anchor=anchor), 303))


def _again(device_id: UUID, error: PortalError) -> Response:
    form, status = troubled(error)
    with portal.reading() as work:
        return make_response(render_template("access.html", page=access_page(work, device_id, form)), status)
