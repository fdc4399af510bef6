"""A machine's own limits: the page, setting one and taking it back."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.catalogue.profiling import limit_as_rule
from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.fleet.queries import device_for, may, ownership_at, words_seen
from statusportal.foundation.errors import Faults
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.http.rule_sentences import rule_sentence
from statusportal.http.views.rules import OwnLimitForm, OwnLimitsPage
from statusportal.http.views.shell import Form
from statusportal.profiles.vocabulary import AnyRule, Banded
from statusportal.tuning.models import DeviceLimit
from statusportal.tuning.queries import own_limits_of
from statusportal.tuning.service import OwnLimit, remove_own_limit, set_own_limit
from statusportal.tuning.vocabulary import Band, band_of
from statusportal.web.devices.blueprint import devices
from statusportal.web.devices.own_limit_words import band_words, own_words
from statusportal.web.forms import FORM_TROUBLES, filled, number, picked, text, troubled
from statusportal.work import Work


@devices.get("/devices/<device_id>/limits")
@checked_by(Permission.DEVICE_VIEW)
def own_limits(device_id: str) -> str:
    """Show by which numbers a machine is judged, and which of them are its own."""
    with portal.reading() as work:
        return render_template("own_limits.html", page=_page(work, parse_id(device_id)))


@devices.post("/devices/<device_id>/limits/<code>")
@checked_by(Permission.DEVICE_TUNE)
def own_limit(device_id: str, code: str) -> Response:
    """Give a machine a limit of its own, or take it back."""
    found, do = parse_id(device_id), picked("do", "save", "remove")
    try:
        faults = Faults()
        low, high = (number(faults, name) if text(name) else None for name in ("low", "high"))
        faults.close()
        with portal.writing() as work:
            if do == "remove":
                remove_own_limit(work, found, code)
            else:
                set_own_limit(work, found, code, OwnLimit(Band(low, high), text("reason")))
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            page = _page(work, found, {code: form})
        return make_response(render_template("own_limits.html", page=page), status)
    flash(
        _("The model's limit holds again.") if do == "remove" else _("The limit holds from the next value on."),
        "success",
    )
    return make_response(redirect(url_for("devices.own_limits", device_id=found), 303))


def _page(work: Work, device_id: UUID, forms: dict[str, Form] | None = None) -> OwnLimitsPage:
    device = device_for(work, device_id)
    rules = rules_of(work, [device.model_id])[device.model_id]
    own = {row.code: row for row in own_limits_of(work, device.id)}
    ownership = ownership_at(work, device.id, work.now)
    banded: list[AnyRule] = [rule for rule in rules.rules if isinstance(rule, Banded)]
    judged = [*banded, *(limit_as_rule(one) for one in rules.limits)]
    return OwnLimitsPage(
        device_id=str(device.id),
        name=words_seen(work, [device])[device.id].name,
        model=device.model.name,
        serial=device.serial,
        limits=tuple(_row(work, rule, rules, own.get(rule.code), (forms or {}).get(rule.code)) for rule in judged),
        can_change=ownership is not None
        and may(work, Permission.DEVICE_TUNE, Right.MANAGE, device.id, ownership.organisation_id, work.now),
    )


def _row(work: Work, rule: AnyRule, rules: ModelRules, own: DeviceLimit | None, form: Form | None) -> OwnLimitForm:
    models = band_of(rules, rule.code) or Band()
    shown = own.band if own else models
    signal = next((one for one in rules.signals if isinstance(rule, Banded) and one.name == rule.signal), None)
    return OwnLimitForm(
        code=rule.code,
        sentence=rule_sentence(rule, rules),
        models=band_words(models, rule.code, rules),
        form=form or filled({"low": shown.low, "high": shown.high, "reason": own.reason if own else ""}),
        unit=signal.unit if signal else "",
        has_low=models.low is not None,
        has_high=models.high is not None,
        own=f"{band_words(own.band, rule.code, rules)}. {own_words(work, own)}" if own else "",
    )
