"""Device models: their list, making one, and the page with its signals and limits."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.administration.devices import model_to_change, models_counted
from statusportal.authoring import editing as authoring
from statusportal.catalogue import modelling
from statusportal.catalogue.modelling import LimitWords, ModelWords, SignalWords
from statusportal.catalogue.profiling import codes_stored
from statusportal.catalogue.vocabulary import Side, SignalKind, SignalTraits
from statusportal.foundation.errors import Faults, Invalid, PortalError, Stale
from statusportal.foundation.ids import parse_id
from statusportal.foundation.vocabulary import Health
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.http.views.models import ModelRow, ModelsPage
from statusportal.http.views.shell import Form
from statusportal.profiles.vocabulary import CLEAR_AFTER_S, AlarmCode, Nature
from statusportal.web.admin.blueprint import admin
from statusportal.web.admin.model_page import Sent, model_page
from statusportal.web.forms import FORM_TROUBLES, number, picked, printable, text, troubled, whole, word
from statusportal.web.paging import page_links, wanted_slice
from statusportal.work import Work

_CODE_WORDS = ("meaning_en", "meaning_da", "advice_en", "advice_da")


@admin.get("/models")
@needs(Permission.MODEL_ADMINISTER)
def models() -> str:
    """List models."""
    with portal.reading() as work:
        page = _models_page(work, Form())
    return render_template("admin/models.html", page=page)


@admin.post("/models")
@checked_by(Permission.MODEL_ADMINISTER)
def create_model() -> Response:
    """Make a model and go to its page."""
    try:
        with portal.writing() as work:
            row = modelling.create_model(work, text("slug"), ModelWords(name=text("name")))
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            page = _models_page(work, form)
        return make_response(render_template("admin/models.html", page=page), status)
    flash(_("The model is made. Declare its signals."), "success")
    return _back(row.id)


@admin.get("/models/<model_id>")
@checked_by(Permission.MODEL_ADMINISTER)
def model(model_id: str) -> str:
    """Show a model with its editors."""
    with portal.reading() as work:
        page = model_page(work, parse_id(model_id), Sent())
    return render_template("admin/model.html", page=page)


@admin.post("/models/<model_id>")
@checked_by(Permission.MODEL_ADMINISTER)
def change_model(model_id: str) -> Response:
    """Change what a model is like."""
    found = parse_id(model_id)
    try:
        faults = Faults()
        version, words = whole(faults, "version"), _model_words(faults)
        faults.close()
        with portal.writing() as work:
            modelling.change_model(work, found, version, words)
    except FORM_TROUBLES as err:
        return _again(found, err)
    flash(_("Kept."), "success")
    return _back(found)


@admin.post("/models/<model_id>/signals/new")
@checked_by(Permission.MODEL_ADMINISTER)
def new_signal(model_id: str) -> Response:
    """Declare another signal; one that is declared already is refused, since it would be changed unseen."""
    found = parse_id(model_id)
    try:
        faults = Faults()
        version, words = whole(faults, "version"), _signal_words(faults)
        faults.close()
        with portal.writing() as work:
            _expect(work, found, version)
            _refuse_declared(work, found, text("name"))
            modelling.declare_signal(work, found, text("name"), words)
    except FORM_TROUBLES as err:
        return _again(found, err, "new_signal")
    flash(_("The signal is declared."), "success")
    return _back(found)


@admin.post("/models/<model_id>/signals")
@checked_by(Permission.MODEL_ADMINISTER)
def signal(model_id: str) -> Response:
    """Change how a signal is shown, or take it out with its limits."""
    found, name = parse_id(model_id), printable(text("name"))
    is_leaving = request.form.get("do") == "remove"
    try:
        faults = Faults()
        version, words = whole(faults, "version"), SignalWords() if is_leaving else _signal_words(faults)
        faults.close()
        with portal.writing() as work:
            _expect(work, found, version)
            if is_leaving:
                modelling.remove_signal(work, found, name)
            else:
                modelling.declare_signal(work, found, name, words)
    except FORM_TROUBLES as err:
        return _again(found, err, "signal", name)
    flash(_("The signal is taken out. What was measured stays.") if is_leaving else _("Kept."), "success")
    return _back(found)


@admin.post("/models/<model_id>/limits")
@checked_by(Permission.MODEL_ADMINISTER)
def limit(model_id: str) -> Response:
    """Set a limit of a signal, or take it out."""
    found, name, code = parse_id(model_id), printable(text("signal")), printable(text("code"))
    is_leaving = request.form.get("do") == "remove"
    try:
        faults = Faults()
        version = whole(faults, "version")
        words = None if is_leaving else _limit_words(faults)
        faults.close()
        with portal.writing() as work:
            _expect(work, found, version)
            if words is None:
                modelling.remove_limit(work, found, code)
            else:
                modelling.set_limit(work, found, name, code, words)
    except FORM_TROUBLES as err:
        return _again(found, err, "limit", name, code)
    flash(_("The limit is taken out.") if is_leaving else _("The limit is set."), "success")
    return _back(found)


@admin.post("/models/<model_id>/codes")
@checked_by(Permission.MODEL_ADMINISTER)
def alarm_code(model_id: str) -> Response:
    """Say what an alarm code means and what to do about it, or take it out of the catalogue."""
    found, code = parse_id(model_id), printable(text("code"))
    do = picked("do", "add", "save", "remove")
    try:
        faults = Faults()
        version = whole(faults, "version")
        faults.close()
        with portal.writing() as work:
            if do == "remove":
                authoring.remove_alarm_code(work, found, code, version)
            else:
                if do == "add":
                    _refuse_known(work, found, code)
                words = AlarmCode(code=code, **{name: text(name) for name in _CODE_WORDS})
                authoring.set_alarm_code(work, found, words, version)
    except FORM_TROUBLES as err:
        return _again(found, err, "new_code" if do == "add" else "code", "", "" if do == "add" else code)
    flash(_("The alarm code is taken out.") if do == "remove" else _("The alarm code is kept."), "success")
    return _back(found)


def _refuse_known(work: Work, model_id: UUID, code: str) -> None:
    model = model_to_change(work, model_id)
    if code in {one.code for one in codes_stored(model.codes)}:
        raise Invalid.field("/code", _("This code is in the catalogue already."))


def _expect(work: Work, model_id: UUID, version: int) -> None:
    """Refuse what was written over a model that has changed since: the form's If-Match.

    Raises: Forbidden, NotFound, Stale.
    """
    row = model_to_change(work, model_id)
    if row.version != version:
        raise Stale(row.version)


def _refuse_declared(work: Work, model_id: UUID, name: str) -> None:
    if name in {one.name for one in model_to_change(work, model_id).signals}:
        raise Invalid.field("/name", _("This signal is declared already."))


def _model_words(faults: Faults) -> ModelWords:
    return ModelWords(
        name=text("name"),
        description=text("description"),
        is_strict="is_strict" in request.form,
        expected_interval_s=whole(faults, "expected_interval_s"),
        clear_after_s=whole(faults, "clear_after_s", CLEAR_AFTER_S),
    )


def _signal_words(faults: Faults) -> SignalWords:
    return SignalWords(
        kind=word(faults, "kind", SignalKind, SignalKind.NUMBER),
        unit=text("unit"),
        label_en=text("label_en"),
        label_da=text("label_da"),
        decimals=whole(faults, "decimals", 1),
        position=whole(faults, "position", 0),
        traits=_traits(faults),
    )


def _traits(faults: Faults) -> SignalTraits:
    """Read what a signal is beside its kind; an empty field says nothing."""
    nature = word(faults, "nature", Nature, Nature.GAUGE) if text("nature") else None
    lines = [line.partition("=") for line in text("values").splitlines() if line.strip()]
    return SignalTraits(
        nature=nature,
        expected_interval_s=number(faults, "expected_interval_s") if text("expected_interval_s") else None,
        lowest=number(faults, "lowest") if text("lowest") else None,
        highest=number(faults, "highest") if text("highest") else None,
        values={value.strip(): words.strip() for value, _is, words in lines},
    )


def _limit_words(faults: Faults) -> LimitWords:
    return LimitWords(
        side=word(faults, "side", Side, Side.HIGH),
        threshold=number(faults, "threshold"),
        hysteresis=number(faults, "hysteresis", 0.0),
        duration_s=whole(faults, "duration_s", 0),
        health=word(faults, "health", Health, Health.OFF_SPEC),
        sentence_en=text("sentence_en"),
        sentence_da=text("sentence_da"),
        advice_en=text("advice_en"),
        advice_da=text("advice_da"),
    )


def _models_page(work: Work, form: Form) -> ModelsPage:
    page = models_counted(work, wanted_slice())
    rows = tuple(
        ModelRow(str(one.model.id), one.model.name, one.model.slug, one.signals, one.devices, one.model.is_strict)
        for one in page.items
    )
    return ModelsPage(rows, form, page_links(page, "admin.models"))


def _back(model_id: UUID) -> Response:
    return make_response(redirect(url_for("admin.model", model_id=model_id), 303))


def _again(model_id: UUID, error: PortalError, part: str = "model", name: str = "", code: str = "") -> Response:
    form, status = troubled(error)
    if isinstance(error, Stale):
        outdated = _("Somebody changed this model since you opened it. Look at what stands now, then send yours again.")
        form = Form(form.values, {"": outdated})
    with portal.reading() as work:
        page = model_page(work, model_id, Sent(part, form, name, code))
    return make_response(render_template("admin/model.html", page=page), status)
