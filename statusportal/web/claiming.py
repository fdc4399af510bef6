"""Taking a machine: the page on which somebody types the secret from the slip."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.administration.people import organisations_to_choose
from statusportal.foundation.errors import Faults, PortalError, TooMany
from statusportal.http import portal
from statusportal.http.claims import claim
from statusportal.http.policies import checked_by, needs
from statusportal.http.sentences import translated
from statusportal.http.views.labels import ClaimPage
from statusportal.http.views.shell import Form, Option
from statusportal.web.forms import FORM_TROUBLES, chosen, filled, text, troubled, typed

claiming = Blueprint("claiming", __name__)


@claiming.get("/claim")
@needs(Permission.DEVICE_CLAIM)
def claim_page() -> str:
    """Show the form."""
    return render_template("claim.html", page=_page(filled({})))


@claiming.post("/claim")
@checked_by(Permission.DEVICE_CLAIM)
def claim_now() -> Response:
    """Take the machine and go to its page."""
    try:
        faults = Faults()
        organisation_id = chosen(faults, "organisation") if text("organisation") else None
        faults.close()
        device_id = claim(text("secret"), organisation_id)
    except (*FORM_TROUBLES, TooMany) as err:
        form, status = _refused(err)
        return make_response(render_template("claim.html", page=_page(form)), status)
    flash(_("It is yours. What it says from now on stands here."), "success")
    return make_response(redirect(url_for("devices.device", device_id=device_id), 303))


def _refused(error: PortalError) -> tuple[Form, int]:
    if isinstance(error, TooMany):
        return Form(typed(), {"": translated(error.detail)}), 429
    return troubled(error)


def _page(form: Form) -> ClaimPage:
    with portal.reading() as work:
        able = organisations_to_choose(work, Permission.DEVICE_CLAIM)
    return ClaimPage(tuple(Option(str(one.id), one.name) for one in able), form)
