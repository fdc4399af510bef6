"""Machine tokens: of a device, of a gateway. A new one stands in the answer to its form and nowhere else."""

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.administration.devices import gateway_tokens
from statusportal.administration.people import organisations_to_choose
from statusportal.credentials import issuing
from statusportal.foundation.errors import Faults
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.http.views.models import CredentialsPage
from statusportal.http.views.shell import Form, Option
from statusportal.web.admin.blueprint import admin
from statusportal.web.admin.device_page import DeviceForms, credential_row, device_page
from statusportal.web.forms import FORM_TROUBLES, chosen, text, troubled
from statusportal.work import Work


@admin.get("/credentials")
@needs(Permission.CREDENTIAL_ADMINISTER)
def credentials() -> str:
    """List gateway tokens."""
    with portal.reading() as work:
        page = _credentials_page(work, Form())
    return render_template("admin/credentials.html", page=page)


@admin.post("/credentials")
@checked_by(Permission.CREDENTIAL_ADMINISTER)
def new_gateway_credential() -> Response:
    """Make a gateway's token and show it, this once."""
    form, token, status = Form(), "", 201
    try:
        faults = Faults()
        organisation_id = chosen(faults, "organisation")
        faults.close()
        with portal.writing() as work:
            token = issuing.issue_gateway_credential(work, organisation_id, text("name"))[1]
    except FORM_TROUBLES as err:
        form, status = troubled(err)
    with portal.reading() as work:
        page = _credentials_page(work, form, token)
    return make_response(render_template("admin/credentials.html", page=page), status)


@admin.post("/devices/<device_id>/credentials")
@checked_by(Permission.CREDENTIAL_ADMINISTER)
def new_credential(device_id: str) -> Response:
    """Make a device's token and show it, this once."""
    found, form, token, status = parse_id(device_id), Form(), "", 201
    try:
        with portal.writing() as work:
            token = issuing.issue_device_credential(work, found, text("name"))[1]
    except FORM_TROUBLES as err:
        form, status = troubled(err)
    with portal.reading() as work:
        page = device_page(work, found, DeviceForms(token=form), token)
    return make_response(render_template("admin/device.html", page=page), status)


@admin.post("/credentials/<credential_id>/revoke")
@checked_by(Permission.CREDENTIAL_ADMINISTER)
def revoke_credential(credential_id: str) -> Response:
    """Let a machine's token open nothing any more."""
    with portal.writing() as work:
        row = issuing.revoke_credential(work, parse_id(credential_id))
    flash(_("The token is revoked. It opens nothing any more."), "success")
    back = url_for("admin.device", device_id=row.device_id) if row.device_id else url_for("admin.credentials")
    return make_response(redirect(back, 303))


def _credentials_page(work: Work, form: Form, token: str = "") -> CredentialsPage:
    choices = organisations_to_choose(work, Permission.CREDENTIAL_ADMINISTER)
    return CredentialsPage(
        credentials=tuple(credential_row(one.credential, one.organisation) for one in gateway_tokens(work)),
        organisations=tuple(Option(str(one.id), one.name) for one in choices),
        form=form,
        token=token,
    )
