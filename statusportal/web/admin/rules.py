"""The rules of a model: choosing a kind, the editor with its preview, and their order."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.administration.devices import model_to_change
from statusportal.authoring.editing import add_rule, change_rule, order_rules, remove_rule
from statusportal.catalogue.queries import rules_of
from statusportal.fleet.queries import device_for
from statusportal.foundation.errors import Faults, Invalid, NotFound, PortalError, Stale
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.http.sentences import at_field
from statusportal.http.views.rules import RulePreview
from statusportal.http.views.shell import Form
from statusportal.trials.previewing import Question, preview_rule
from statusportal.web.admin.blueprint import admin
from statusportal.web.admin.rule_forms import KINDS, rule_in_form
from statusportal.web.admin.rule_preview import preview_view
from statusportal.web.admin.rule_view import new_rule_page, rule_page
from statusportal.web.forms import FORM_TROUBLES, chosen, picked, printable, text, troubled, typed, whole
from statusportal.work import Work


@admin.get("/models/<model_id>/rules/new")
@checked_by(Permission.MODEL_ADMINISTER)
def new_rule(model_id: str) -> str:
    """Ask for the kind of a new rule, or show the empty editor of a kind."""
    kind = request.args.get("kind", "")
    with portal.reading() as work:
        if kind not in KINDS:
            return render_template("admin/new_rule.html", page=new_rule_page(work, parse_id(model_id)))
        return render_template("admin/rule.html", page=rule_page(work, parse_id(model_id), kind))


@admin.get("/models/<model_id>/rules/<code>")
@checked_by(Permission.MODEL_ADMINISTER)
def edit_rule(model_id: str, code: str) -> str:
    """Show the editor of a rule."""
    with portal.reading() as work:
        model = model_to_change(work, parse_id(model_id))
        if code not in {rule.code for rule in rules_of(work, [model.id])[model.id].rules}:
            raise NotFound
        return render_template("admin/rule.html", page=rule_page(work, model.id, "", code))


@admin.post("/models/<model_id>/rules")
@checked_by(Permission.MODEL_ADMINISTER)
def rule(model_id: str) -> Response:
    """Keep a rule, take it out, or try it as it stands in the form."""
    found, kind, was = parse_id(model_id), picked("kind", *KINDS), printable(text("was"))
    do = picked("do", "save", "try", "remove")
    if do == "try":
        return _tried(found, kind, was)
    try:
        faults = Faults()
        version, words = whole(faults, "version"), None if do == "remove" else rule_in_form(faults, kind)
        faults.close()
        with portal.writing() as work:
            if words is None:
                remove_rule(work, found, was, version)
            elif was:
                change_rule(work, found, was, words, version)
            else:
                add_rule(work, found, words, version)
    except FORM_TROUBLES as err:
        return _again(found, kind, was, err)
    flash(
        _("The rule is taken out.") if words is None else _("The rule is kept and judges from the next value on."),
        "success",
    )
    return _back(found)


@admin.post("/models/<model_id>/rules/order")
@checked_by(Permission.MODEL_ADMINISTER)
def order(model_id: str) -> Response:
    """Move a rule one place up or down."""
    found, code, do = parse_id(model_id), printable(text("code")), picked("do", "up", "down")
    faults = Faults()
    version = whole(faults, "version")
    faults.close()
    try:
        with portal.writing() as work:
            model = model_to_change(work, found)
            codes = [one.code for one in rules_of(work, [model.id])[model.id].rules]
            order_rules(work, found, _moved(codes, code, -1 if do == "up" else 1), version)
    except Stale:
        flash(_("Somebody changed this model since you opened it. Look at what stands now."), "error")
    return _back(found)


def _moved(codes: list[str], code: str, by: int) -> list[str]:
    """Return codes with one moved by a place; at the end it stays where it is."""
    if code not in codes:
        raise NotFound
    at = codes.index(code)
    codes.insert(min(max(at + by, 0), len(codes) - 1), codes.pop(at))
    return codes


def _tried(model_id: UUID, kind: str, was: str) -> Response:
    with portal.reading() as work:
        preview = _preview(work, model_id, kind, was)
        page = rule_page(work, model_id, kind, was, Form(typed()), preview)
    return make_response(render_template("admin/rule.html", page=page))


def _preview(work: Work, model_id: UUID, kind: str, was: str) -> RulePreview:
    try:
        faults = Faults()
        words, device_id = rule_in_form(faults, kind), chosen(faults, "device")
        faults.close()
        seen = preview_rule(work, model_id, Question(words, device_id, was))
        rules = rules_of(work, [model_id])[model_id]
        return preview_view(work, words, rules, device_for(work, device_id), seen)
    except Invalid as err:
        return RulePreview(trouble=" ".join(dict.fromkeys(_said(error.pointer, error.detail) for error in err.errors)))


def _said(pointer: str, detail: str) -> str:
    return f"{pointer.strip('/')}: {at_field(detail)}" if pointer.strip("/") else at_field(detail)


def _again(model_id: UUID, kind: str, was: str, error: PortalError) -> Response:
    form, status = troubled(error)
    if isinstance(error, Stale):
        outdated = _("Somebody changed this model since you opened it. Look at what stands now, then send yours again.")
        form = Form(form.values, {"": outdated})
    with portal.reading() as work:
        page = rule_page(work, model_id, kind, was, form)
    return make_response(render_template("admin/rule.html", page=page), status)


def _back(model_id: UUID) -> Response:
    return make_response(redirect(url_for("admin.model", model_id=model_id, _anchor="rules"), 303))
