"""Routes of groups: naming them, filling them, and letting somebody at all machines of one at once."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.custody.queries import receiver_named
from statusportal.foundation.errors import Faults
from statusportal.foundation.ids import parse_id
from statusportal.groups import grouping
from statusportal.http import portal
from statusportal.http.policies import Reach, checked_by, needs
from statusportal.web.devices.blueprint import devices
from statusportal.web.devices.grant_form import grant_asked
from statusportal.web.devices.groups_view import GroupForms, group_page, groups_page
from statusportal.web.forms import FORM_TROUBLES, chosen, text, troubled


@devices.get("/groups")
@needs(Permission.DEVICE_SHARE)
def groups() -> str:
    """List the groups that I decide for, with the form of a new one."""
    with portal.reading() as work:
        return render_template("groups.html", page=groups_page(work))


@devices.post("/groups")
@checked_by(Permission.DEVICE_SHARE)
def make_group() -> Response:
    """Name a group and go to its page."""
    try:
        faults = Faults()
        organisation_id = chosen(faults, "organisation")
        faults.close()
        with portal.writing() as work:
            group_id = grouping.create_group(work, organisation_id, text("name")).id
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            return make_response(render_template("groups.html", page=groups_page(work, form)), status)
    flash(_("The group is here. Put machines into it."), "success")
    return _back(group_id)


@devices.get("/groups/<group_id>")
@checked_by(Permission.DEVICE_SHARE)
def group(group_id: str) -> str:
    """Show a group: its machines, and whom it is shared with."""
    with portal.reading() as work:
        return render_template("group.html", page=group_page(work, parse_id(group_id), GroupForms()))


@devices.post("/groups/<group_id>")
@checked_by(Permission.DEVICE_SHARE)
def rename_group(group_id: str) -> Response:
    """Call a group something else."""
    found = parse_id(group_id)
    try:
        with portal.writing() as work:
            grouping.rename_group(work, found, text("name"))
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        return _again(found, GroupForms(rename=form), status)
    flash(_("Kept."), "success")
    return _back(found)


@devices.post("/groups/<group_id>/remove")
@checked_by(Permission.DEVICE_SHARE)
def remove_group(group_id: str) -> Response:
    """Take a group apart; what was granted on it ends at once."""
    with portal.writing() as work:
        grouping.remove_group(work, parse_id(group_id))
    flash(_("The group is gone. Its machines stay, and whoever was let at the group is let in no more."), "success")
    return make_response(redirect(url_for("devices.groups"), 303))


@devices.post("/groups/<group_id>/devices")
@checked_by(Permission.DEVICE_SHARE)
def add_device(group_id: str) -> Response:
    """Put a machine into a group: who was let at the group is let at it from now on."""
    found = parse_id(group_id)
    try:
        faults = Faults()
        device_id = chosen(faults, "device")
        faults.close()
        with portal.writing() as work:
            grouping.add_to_group(work, found, device_id)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        return _again(found, GroupForms(add=form), status)
    flash(_("It is in the group."), "success")
    return _back(found, "in")


@devices.post("/groups/<group_id>/devices/<device_id>/take")
@checked_by(Permission.DEVICE_SHARE, reach=Reach.DECIDERS)
def take_device(group_id: str, device_id: str) -> Response:
    """Take a machine out of a group: what came to it with the group ends at once."""
    found = parse_id(group_id)
    with portal.writing() as work:
        grouping.take_from_group(work, found, parse_id(device_id))
    flash(_("It is out of the group."), "success")
    return _back(found, "in")


@devices.post("/groups/<group_id>/grants")
@checked_by(Permission.DEVICE_SHARE)
def let_at_group(group_id: str) -> Response:
    """Let somebody at every machine of a group, those that join later too."""
    found = parse_id(group_id)
    try:
        asked = grant_asked()
        with portal.writing() as work:
            receiver = receiver_named(work, asked.to)
            grouping.grant_group(work, found, receiver, asked.rights, asked.from_at, asked.to_at, asked.kind)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        return _again(found, GroupForms(grant=form), status)
    flash(_("If they are known here, they are let in from now."), "success")
    return _back(found, "let")


@devices.post("/groups/<group_id>/grants/<grant_id>/end")
@checked_by(Permission.DEVICE_SHARE, reach=Reach.DECIDERS)
def end_group_grant(group_id: str, grant_id: str) -> Response:
    """End what was granted on a group, on each of its machines, at once."""
    found = parse_id(group_id)
    with portal.writing() as work:
        grouping.revoke_group_grant(work, found, parse_id(grant_id))
    flash(_("Ended. It opens nothing any more."), "success")
    return _back(found, "let")


def _back(group_id: UUID, anchor: str | None = None) -> Response:
    return make_response(redirect(url_for("devices.group", group_id=group_id, _anchor=anchor), 303))


def _again(group_id: UUID, forms: GroupForms, status: int) -> Response:
    with portal.reading() as work:
        return make_response(render_template("group.html", page=group_page(work, group_id, forms)), status)
