"""What machines and gateways sign in with. A new token stands in the answer to its form and nowhere else."""

from datetime import timedelta

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.administration.devices import gateway_tokens
from statusportal.administration.people import organisations_to_choose
from statusportal.credentials import issuing, rotating
from statusportal.foundation.errors import Faults
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.http.views.models import CredentialsPage
from statusportal.http.views.shell import Form, Option
from statusportal.web.admin.blueprint import admin
from statusportal.web.admin.device_page import DeviceForms, credential_rows, device_page
from statusportal.web.admin.examples import gateway_mqtt_example
from statusportal.web.forms import FORM_TROUBLES, chosen, text, troubled
from statusportal.work import Work

_LONGEST_PEM = 20_000
# What the page offers: a day, a week; otherwise the old token ends when the new one is first used.
_OVERLAPS_S = ("86400", "604800")


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


@admin.post("/devices/<device_id>/certificates")
@checked_by(Permission.CREDENTIAL_ADMINISTER)
def new_certificate(device_id: str) -> Response:
    """Let a client certificate speak for the machine; it comes as a file or as text."""
    found, file = parse_id(device_id), request.files.get("pem_file")
    pem = file.read(_LONGEST_PEM).decode("ascii", "replace") if file and file.filename else text("certificate")
    try:
        with portal.writing() as work:
            issuing.accept_certificate(work, found, pem, text("name"))
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            page = device_page(work, found, DeviceForms(certificate=form))
        return make_response(render_template("admin/device.html", page=page), status)
    flash(_("The certificate is let in."), "success")
    return make_response(redirect(url_for("admin.device", device_id=found), 303))


@admin.post("/credentials/<credential_id>/rotate")
@checked_by(Permission.CREDENTIAL_ADMINISTER)
def rotate_credential(credential_id: str) -> Response:
    """Make a token beside an older one and show it, this once."""
    overlap_s = text("overlap")
    overlap = timedelta(seconds=int(overlap_s)) if overlap_s in _OVERLAPS_S else None
    with portal.writing() as work:
        row, token = rotating.rotate_credential(work, parse_id(credential_id), overlap)
    with portal.reading() as work:
        if row.device_id is None:
            html = render_template("admin/credentials.html", page=_credentials_page(work, Form(), token))
        else:
            html = render_template("admin/device.html", page=device_page(work, row.device_id, token=token))
    return make_response(html, 201)


@admin.post("/credentials/<credential_id>/revoke")
@checked_by(Permission.CREDENTIAL_ADMINISTER)
def revoke_credential(credential_id: str) -> Response:
    """Let a machine's token open nothing any more."""
    with portal.writing() as work:
        row = issuing.revoke_credential(work, parse_id(credential_id))
    flash(_("It is revoked and opens nothing any more."), "success")
    back = url_for("admin.device", device_id=row.device_id) if row.device_id else url_for("admin.credentials")
    return make_response(redirect(back, 303))


def _credentials_page(work: Work, form: Form, token: str = "") -> CredentialsPage:
    choices = organisations_to_choose(work, Permission.CREDENTIAL_ADMINISTER)
    return CredentialsPage(
        credentials=credential_rows([(one.credential, one.organisation) for one in gateway_tokens(work)]),
        organisations=tuple(Option(str(one.id), one.name) for one in choices),
        form=form,
        token=token,
        mqtt_example=gateway_mqtt_example(token),
    )
