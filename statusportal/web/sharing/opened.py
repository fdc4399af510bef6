"""What a link opens: the address is exchanged at once, and then there is one page, or a device's with its entries."""

from typing import Any
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for

from statusportal.access.permissions import Permission
from statusportal.discussion.service import post_as_guest
from statusportal.entries.queries import entry_for
from statusportal.fleet.queries import device_for
from statusportal.foundation.errors import Invalid
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.links import follow_link, set_link_cookie
from statusportal.http.policies import by_link, public
from statusportal.web.forms import failed, text
from statusportal.web.sharing.blueprint import shared
from statusportal.web.sharing.opened_view import shared_device_page, shared_entry_page
from statusportal.work import Work


@shared.get("/s/<token>")
@public("the token in the address is the secret; what opens nothing is counted against its sender")
def follow(token: str) -> Response:
    """Exchange the address for a cookie, so that the token stands in no address after this one."""
    link_id, secret = follow_link(token)
    response = make_response(redirect(url_for("shared.page", link_id=link_id), 303))
    set_link_cookie(response, link_id, secret)
    return response


@shared.get("/shared/<link_id>")
@by_link(Permission.ENTRY_VIEW)
def page(link_id: str) -> str:
    """Show the entry or the device that the link was made for."""
    with portal.reading() as work:
        reach = work.actor.link
        if reach is not None and reach.entry_id is not None:
            return _entry(work, link_id, reach.entry_id)
        row = device_for(work, reach.device_id if reach else parse_id(""))
        return render_template("shared/device.html", page=shared_device_page(work, link_id, row))


@shared.get("/shared/<link_id>/entries/<entry_id>")
@by_link(Permission.ENTRY_VIEW)
def entry(link_id: str, entry_id: str) -> str:
    """Show one entry of the device that the link was made for."""
    with portal.reading() as work:
        return _entry(work, link_id, parse_id(entry_id))


@shared.post("/shared/<link_id>/entries/<entry_id>/comments")
@by_link(Permission.COMMENT_POST)
def comment(link_id: str, entry_id: str) -> Response:
    """Post a guest's comment and return to it."""
    key = parse_id(entry_id)
    try:
        with portal.writing() as work:
            posted = post_as_guest(work, key, text("name"), request.form.get("body", ""))
    except Invalid as err:
        with portal.reading() as work:
            view = shared_entry_page(work, link_id, entry_for(work, key), failed(err))
            return make_response(render_template("shared/entry.html", page=view), 422)
    place: dict[str, Any] = {"from": str(posted.id)}
    address = url_for("shared.entry", link_id=link_id, entry_id=key, _anchor=f"c-{posted.id}", **place)
    return make_response(redirect(address, 303))


def _entry(work: Work, link_id: str, entry_id: UUID) -> str:
    view = shared_entry_page(work, link_id, entry_for(work, entry_id))
    return render_template("shared/entry.html", page=view)
