"""A model as a file: taking it along, trying and bringing one in, and what the model was in each version."""

from collections.abc import Iterable
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.administration.devices import model_to_change
from statusportal.authoring.comparing import Difference, changes
from statusportal.authoring.importing import check_model_file, file_of_version, import_model, restore_version
from statusportal.catalogue.filing import (
    ModelFile,
    read_model_file,
    rules_in_file,
    write_model_file,
)
from statusportal.catalogue.models import DeviceModel, ModelVersion
from statusportal.catalogue.queries import model_as_file, rules_of, version_for, versions_page
from statusportal.foundation.errors import Faults, Invalid, PortalError, Sentence
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import Slice
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.http.sentences import translated
from statusportal.http.views.rules import ChangeRow, FilePage, TurnRow, VersionPage, VersionRow, VersionsPage
from statusportal.http.views.shell import Form
from statusportal.trials.trying import Change, try_model
from statusportal.trials.vocabulary import Trial, Turn
from statusportal.web.admin.blueprint import admin
from statusportal.web.audit_words import act_words
from statusportal.web.forms import FORM_TROUBLES, picked, text, troubled, whole
from statusportal.web.paging import page_links, wanted_slice
from statusportal.web.shell import operator_name
from statusportal.work import Work


@admin.get("/models/<model_id>/profile.toml")
@checked_by(Permission.MODEL_ADMINISTER)
def model_file(model_id: str) -> Response:
    """Take a model along as TOML."""
    with portal.reading() as work:
        row = model_to_change(work, parse_id(model_id))
        content, name = write_model_file(model_as_file(work, row)), f"{row.slug}.toml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type="application/toml; charset=utf-8", headers=headers)


@admin.get("/models/<model_id>/import")
@checked_by(Permission.MODEL_ADMINISTER)
def import_page(model_id: str) -> str:
    """Show the form that takes a file."""
    with portal.reading() as work:
        page = _page(work, parse_id(model_id), Form())
    return render_template("admin/model_file.html", page=page)


@admin.post("/models/<model_id>/import")
@checked_by(Permission.MODEL_ADMINISTER)
def import_file(model_id: str) -> Response:
    """Try a file, or make the model equal to it."""
    found, do = parse_id(model_id), picked("do", "try", "import")
    content = _content()
    form = Form({"toml": content.decode(errors="replace"), "version": text("version")})
    try:
        faults = Faults()
        version = whole(faults, "version")
        faults.close()
        with portal.reading() as work:
            wanted = read_model_file(content, model_to_change(work, found).slug)
        if do == "try":
            with portal.reading() as work:
                page = _tried(work, found, wanted, form)
            return make_response(render_template("admin/model_file.html", page=page))
        with portal.writing() as work:
            _refuse_another(model_to_change(work, found), wanted)
            import_model(work, wanted, version)
    except FORM_TROUBLES as err:
        return _again(found, form, err)
    flash(_("The model is what the file says."), "success")
    return _back(found)


@admin.get("/models/<model_id>/versions")
@checked_by(Permission.MODEL_ADMINISTER)
def model_versions(model_id: str) -> str:
    """List the versions of a model."""
    with portal.reading() as work:
        row = model_to_change(work, parse_id(model_id))
        page = versions_page(work, row.id, wanted_slice())
        rows = tuple(version_row(one, row.version) for one in page.items)
        links = page_links(page, "admin.model_versions", model_id=str(row.id))
        shown = VersionsPage(str(row.id), row.name, rows, links)
    return render_template("admin/model_versions.html", page=shown)


@admin.get("/models/<model_id>/versions/<int:number>")
@checked_by(Permission.MODEL_ADMINISTER)
def model_version(model_id: str, number: int) -> str:
    """Show a model as it stood."""
    with portal.reading() as work:
        row = model_to_change(work, parse_id(model_id))
        kept = version_for(work, row.id, number)
        page = VersionPage(
            id=str(row.id),
            model=row.name,
            row=version_row(kept, row.version),
            version=row.version,
            toml=kept.profile,
            changes=_rows(changes(model_as_file(work, row), file_of_version(kept))),
        )
    return render_template("admin/model_version.html", page=page)


@admin.post("/models/<model_id>/versions/<int:number>")
@checked_by(Permission.MODEL_ADMINISTER)
def restore_model(model_id: str, number: int) -> Response:
    """Take a model back to what it was."""
    found, faults = parse_id(model_id), Faults()
    version = whole(faults, "version")
    faults.close()
    with portal.writing() as work:
        restore_version(work, found, number, version)
    flash(_("The model is what it was in version %(number)s.", number=number), "success")
    return _back(found)


def newest_versions(work: Work, model: DeviceModel, most: int) -> tuple[VersionRow, ...]:
    """Return the newest versions of a model."""
    return tuple(version_row(one, model.version) for one in versions_page(work, model.id, Slice(limit=most)).items)


def version_row(row: ModelVersion, present: int) -> VersionRow:
    """Present a version."""
    who = row.person.name if row.person else operator_name()
    return VersionRow(row.version, act_words().get(row.act, row.act), who, row.at, row.version == present)


def _content() -> bytes:
    sent = request.files.get("file")
    from_file = sent.read() if sent is not None else b""
    return from_file or request.form.get("toml", "").encode()


def _refuse_another(model: DeviceModel, wanted: ModelFile) -> None:
    if wanted.slug != model.slug:
        raise Invalid.field("/slug", Sentence("is “%(slug)s”: this file is of another model", slug=wanted.slug))


def _tried(work: Work, model_id: UUID, wanted: ModelFile, form: Form) -> FilePage:
    model = model_to_change(work, model_id)
    _refuse_another(model, wanted)
    check_model_file(wanted)
    trial = try_model(work, model.id, Change(rules_of(work, [model.id])[model.id], rules_in_file(wanted)))
    return _page(work, model_id, form, _rows(changes(model_as_file(work, model), wanted)), trial)


def _page(
    work: Work, model_id: UUID, form: Form, found: tuple[ChangeRow, ...] | None = None, trial: Trial | None = None
) -> FilePage:
    model = model_to_change(work, model_id)
    turns = tuple(_turn(one) for one in trial.turns) if trial else ()
    looked_at, machines = (trial.looked_at, trial.devices) if trial else (0, 0)
    return FilePage(str(model.id), model.name, model.version, form, found, turns, looked_at, machines)


def _rows(found: Iterable[Difference]) -> tuple[ChangeRow, ...]:
    words = {"create": _("makes"), "add": _("adds"), "change": _("changes"), "remove": _("takes out")}
    return tuple(ChangeRow(words[one.act], one.place) for one in found)


def _turn(one: Turn) -> TurnRow:
    href = url_for("devices.device", device_id=one.device_id)
    return TurnRow(href, one.name, one.serial, one.was.value, one.would_be.value, ", ".join(one.codes))


def _again(model_id: UUID, form: Form, error: PortalError) -> Response:
    _sent, status = troubled(error)
    problems = [translated(error.detail)]
    if isinstance(error, Invalid):
        problems = [f"{one.pointer.strip('/').replace('/', '.')}: {translated(one.detail)}" for one in error.errors]
    with portal.reading() as work:
        model = model_to_change(work, model_id)
        page = FilePage(str(model.id), model.name, model.version, form, problems=tuple(problems))
    return make_response(render_template("admin/model_file.html", page=page), status)


def _back(model_id: UUID) -> Response:
    return make_response(redirect(url_for("admin.model", model_id=model_id), 303))
