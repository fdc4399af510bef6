"""Routes of forwarding: an organisation's administrators choose a receiver, pause it, end it, and see what was sent."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.forwarding import service
from statusportal.forwarding.models import Forwarding
from statusportal.foundation.errors import Conflict, Faults
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.http.sentences import translated
from statusportal.web.forms import FORM_TROUBLES, chosen, troubled
from statusportal.web.forwarding.form import named_devices, receiver_asked
from statusportal.web.forwarding.view import forwarding_page, forwardings_page
from statusportal.web.paging import wanted_slice
from statusportal.work import Work

forwarding_pages = Blueprint("forwardings", __name__, url_prefix="/forwardings")

_needs = checked_by(Permission.FORWARDING_ADMINISTER)


@forwarding_pages.get("")
@needs(Permission.FORWARDING_ADMINISTER)
def forwardings() -> str:
    """List whom my organisations give data to, with the form of a new one."""
    with portal.reading() as work:
        return render_template("forwardings.html", page=forwardings_page(work))


@forwarding_pages.post("")
@_needs
def begin() -> Response:
    """Choose a receiver; the answer is the only place where its secret stands."""
    try:
        faults = Faults()
        organisation_id = chosen(faults, "organisation")
        with portal.writing() as work:
            asked = receiver_asked(faults, named_devices(work, organisation_id, faults))
            row, secret = service.begin_forwarding(work, organisation_id, asked)
            forwarding_id = row.id
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            return make_response(render_template("forwardings.html", page=forwardings_page(work, form)), status)
    return _page(forwarding_id, 201, secret)


@forwarding_pages.get("/<forwarding_id>")
@_needs
def forwarding(forwarding_id: str) -> Response:
    """Show one receiver: how it goes, and each delivery."""
    return _page(parse_id(forwarding_id))


@forwarding_pages.post("/<forwarding_id>/pause")
@_needs
def pause(forwarding_id: str) -> Response:
    """Send nothing for a while."""
    return _changed(service.pause_forwarding, forwarding_id, _("Paused. What is new meanwhile waits."))


@forwarding_pages.post("/<forwarding_id>/resume")
@_needs
def resume(forwarding_id: str) -> Response:
    """Send again, what has waited first."""
    return _changed(service.resume_forwarding, forwarding_id, _("It goes on. What has waited goes first."))


@forwarding_pages.post("/<forwarding_id>/end")
@_needs
def end(forwarding_id: str) -> Response:
    """End it for good."""
    return _changed(
        service.end_forwarding, forwarding_id, _("Ended. Nothing more is sent, and the secret is forgotten.")
    )


@forwarding_pages.post("/<forwarding_id>/test")
@_needs
def test(forwarding_id: str) -> Response:
    """Send a greeting."""
    return _changed(service.send_test, forwarding_id, _("A greeting is on its way. What came of it stands below."))


@forwarding_pages.post("/<forwarding_id>/retry")
@_needs
def retry(forwarding_id: str) -> Response:
    """Send again what was refused."""
    return _changed(service.send_dead_again, forwarding_id, _("What was refused is sent again."))


def _changed(verb: Callable[[Work, UUID], Forwarding], forwarding_id: str, done: str) -> Response:
    found = parse_id(forwarding_id)
    try:
        with portal.writing() as work:
            verb(work, found)
    except Conflict as err:
        flash(translated(err.detail), "error")
    else:
        flash(done, "success")
    return make_response(redirect(url_for("forwardings.forwarding", forwarding_id=found), 303))


def _page(forwarding_id: UUID, status: int = 200, secret: str = "") -> Response:
    wanted = wanted_slice() if request.method == "GET" else None
    with portal.reading() as work:
        page = forwarding_page(work, forwarding_id, wanted, secret)
    return make_response(render_template("forwarding.html", page=page), status)
