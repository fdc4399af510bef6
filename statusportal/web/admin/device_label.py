"""A machine's label: its symbol, what it tells strangers, and the secret with which somebody takes it."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.accounts.queries import find_operator
from statusportal.administration.devices import DeviceOwned, device_looked_after
from statusportal.claims.models import ClaimSecret
from statusportal.claims.queries import claim_secrets_of, state_of
from statusportal.claims.service import make_claim_secret, revoke_claim_secret
from statusportal.fleet.queries import words_seen
from statusportal.foundation.errors import Faults, PortalError
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.http.retries import forget_answer
from statusportal.http.sentences import translated
from statusportal.http.views.labels import DeviceLabelPage, LabelView, SecretRow, SlipView
from statusportal.http.views.shell import Form, Option
from statusportal.labels.errors import AddressNotLasting
from statusportal.labels.queries import labels_of, public_minimum_of
from statusportal.labels.service import choose_public_minimum
from statusportal.labels.vocabulary import PublicMinimum
from statusportal.web.admin.blueprint import admin
from statusportal.web.admin.claims import slip_view, slips_paper
from statusportal.web.admin.labels import label_view
from statusportal.web.forms import FORM_TROUBLES, filled, moment, text, troubled, word
from statusportal.work import Work

_SLIP = "slip"


@admin.get("/devices/<device_id>/label")
@checked_by(Permission.DEVICE_SHARE)
def device_label(device_id: str) -> str:
    """Show the label and what it tells."""
    with portal.reading() as work:
        page = _page(work, parse_id(device_id))
    return render_template("admin/device_label.html", page=page)


@admin.post("/devices/<device_id>/public-minimum")
@checked_by(Permission.DEVICE_SHARE)
def choose_minimum(device_id: str) -> Response:
    """Choose what strangers may read."""
    found = parse_id(device_id)
    try:
        faults = Faults()
        level = word(faults, "level", PublicMinimum, PublicMinimum.NOTHING)
        faults.close()
        with portal.writing() as work:
            choose_public_minimum(work, found, level)
    except FORM_TROUBLES as err:
        return _again(found, err, level_form=True)
    flash(_("Kept. The label says so from now on."), "success")
    return _back(found)


@admin.post("/devices/<device_id>/claim-secrets")
@checked_by(Permission.CLAIM_ISSUE)
def make_claim(device_id: str) -> Response:
    """Make the secret with which the machine is taken, and show it or print it, this once."""
    found = parse_id(device_id)
    try:
        faults = Faults()
        ends_at = moment(faults, "expires_at")
        faults.close()
        with portal.writing() as work:
            made = make_claim_secret(work, found, ends_at)
    except FORM_TROUBLES as err:
        return _again(found, err, level_form=False)
    forget_answer()
    if text("handed_as") == _SLIP:
        return slips_paper([made])
    with portal.reading() as work:
        page = _page(work, found, slip=slip_view(made))
    return make_response(render_template("admin/device_label.html", page=page), 201)


@admin.post("/devices/<device_id>/claim-secrets/<claim_id>/revoke")
@checked_by(Permission.CLAIM_ISSUE)
def revoke_claim(device_id: str, claim_id: str) -> Response:
    """Let a secret open nothing any more."""
    with portal.writing() as work:
        revoke_claim_secret(work, parse_id(claim_id))
    flash(_("Withdrawn. It opens nothing any more."), "success")
    return _back(parse_id(device_id))


def _page(
    work: Work,
    device_id: UUID,
    level_form: Form | None = None,
    secret_form: Form | None = None,
    slip: SlipView | None = None,
) -> DeviceLabelPage:
    seen = device_looked_after(work, device_id)
    row = seen.device
    label, trouble = _label(work, seen)
    is_owned = seen.organisation_id is not None
    level = public_minimum_of(work, row.id) if is_owned else PublicMinimum.NOTHING
    may_issue = actor_holds(work.actor, Permission.CLAIM_ISSUE, None)
    operator = find_operator(work)
    return DeviceLabelPage(
        id=str(row.id),
        name=words_seen(work, [row])[row.id].name,
        model=row.model.name,
        serial=row.serial,
        badge_href=url_for("labels.badge", device_id=row.id, _external=True),
        levels=_levels() if is_owned else (),
        level_form=level_form or filled({"level": level.value}),
        label=label,
        trouble=trouble,
        is_shown=level is PublicMinimum.HEALTH,
        may_issue=may_issue,
        is_in_stock=is_owned and operator is not None and seen.organisation_id == operator.id,
        secrets=tuple(_secret(work, one) for one in claim_secrets_of(work, row.id)) if may_issue else (),
        secret_form=secret_form or Form(),
        slip=slip,
    )


def _label(work: Work, seen: DeviceOwned) -> tuple[LabelView | None, str]:
    try:
        return label_view(labels_of(work, [seen.device])[0]), ""
    except AddressNotLasting as err:
        return None, translated(err.detail)


def _levels() -> tuple[Option, ...]:
    return (
        Option(PublicMinimum.NOTHING.value, _("Nothing"), _("only that it is a machine of its maker's")),
        Option(PublicMinimum.MODEL.value, _("Model and serial number"), _("as they stand on the label")),
        Option(PublicMinimum.HEALTH.value, _("Health too"), _("one word, and whether it is heard; no values, no talk")),
    )


def _secret(work: Work, row: ClaimSecret) -> SecretRow:
    return SecretRow(str(row.id), state_of(row, work.now).value, row.created_at, row.expires_at)


def _again(device_id: UUID, error: PortalError, *, level_form: bool) -> Response:
    form, status = troubled(error)
    with portal.reading() as work:
        page = _page(work, device_id, level_form=form) if level_form else _page(work, device_id, secret_form=form)
    return make_response(render_template("admin/device_label.html", page=page), status)


def _back(device_id: UUID) -> Response:
    return make_response(redirect(url_for("admin.device_label", device_id=device_id), 303))
