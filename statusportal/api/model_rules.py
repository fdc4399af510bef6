"""A model's rules one by one, tried before they are kept; the model as a file; and what it was in each version."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.api.fields import Instant, PageQuery, RuleField, slice_of
from statusportal.api.models import ModelAnswer, answered, version_asked
from statusportal.api.root import blueprint
from statusportal.authoring import editing
from statusportal.authoring.comparing import changes
from statusportal.authoring.importing import check_model_file, import_model, restore_version
from statusportal.catalogue.filing import ModelFile, read_model_file, rules_in_file, write_model_file
from statusportal.catalogue.models import DeviceModel, ModelVersion
from statusportal.catalogue.queries import model_as_file, model_for, rules_of, version_for, versions_page
from statusportal.foundation.clock import from_ms
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.profiles.writing import read_rule
from statusportal.trials.previewing import DAYS, Question, preview_rule
from statusportal.trials.trying import Change, try_model
from statusportal.trials.vocabulary import Firing, Foretelling, Turn
from statusportal.work import Work

rules = blueprint("Rules", "How machines of a model are judged")

_MS = 1_000


class RuleWords(Schema):
    """A rule as profiles write it: its kind and fields."""

    rule = RuleField(required=True)


class RuleOrder(Schema):
    """The codes of all rules, in the order in which they are to be told."""

    codes = fields.List(fields.String(), required=True)


class PreviewWords(RuleWords):
    """A rule to try on a device; `instead_of` is the code of the rule that it would replace."""

    device = fields.UUID(required=True)
    instead_of = fields.String(load_default="")
    days = fields.Integer(load_default=DAYS, validate=validate.Range(1, DAYS))


class FiringAnswer(Schema):
    """One time that the rule would have been active; without an end it still would be."""

    code = fields.String()
    signal = fields.String(allow_none=True)
    health = fields.String()
    from_ = Instant(data_key="from")
    to = Instant(allow_none=True)
    duration_s = fields.Float()
    peak = fields.Float(allow_none=True)


class PassingAnswer(Schema):
    """A time that was too short for the rule to fire."""

    from_ = Instant(data_key="from")
    to = Instant()


class PreviewAnswer(Schema):
    """What the rule would have done. `is_cut`: there was more than may be looked at. `learned` is a share of 1."""

    from_ = Instant(data_key="from")
    to = Instant()
    samples = fields.Integer()
    is_cut = fields.Boolean()
    is_too_little = fields.Boolean()
    times = fields.Integer()
    times_before = fields.Integer(allow_none=True)
    active_s = fields.Float()
    learned = fields.Float()
    firings = fields.List(fields.Nested(FiringAnswer))
    too_short = fields.List(fields.Nested(PassingAnswer))


class ModelFileWords(Schema):
    """A whole model as TOML."""

    toml = fields.String(required=True)


class ImportQuestion(Schema):
    """Whether it is only tried."""

    dry_run = fields.Boolean(load_default=False)


class TurnAnswer(Schema):
    """A device that would have another health."""

    device = fields.UUID()
    serial = fields.String()
    health = fields.String()
    would_be = fields.String()
    codes = fields.List(fields.String())


class ImportAnswer(Schema):
    """What an import did, or would do. `looked_at` of `device_count` devices were tried; none where it was done."""

    done = fields.Boolean()
    version = fields.Integer()
    changes = fields.List(fields.String())
    devices = fields.List(fields.Nested(TurnAnswer))
    looked_at = fields.Integer()
    device_count = fields.Integer()


class VersionAnswer(Schema):
    """A model as it stood after a change: who, when, by which act. `toml` where one is read."""

    version = fields.Integer()
    at = Instant()
    act = fields.String()
    by = fields.String(allow_none=True)
    toml = fields.String()


class VersionList(Schema):
    """Versions, the newest first."""

    items = fields.List(fields.Nested(VersionAnswer))
    next = fields.String(allow_none=True)


@rules.post("/models/<model_id>/rules")
@checked_by(Permission.MODEL_ADMINISTER)
@rules.arguments(RuleWords)
@rules.response(201, ModelAnswer)
def add_rule(asked: dict[str, Any], model_id: str) -> Any:  # noqa: ANN401 - an answer with headers
    """Give a model one more rule."""
    with portal.writing() as work:
        return answered(work, editing.add_rule(work, parse_id(model_id), read_rule(asked["rule"]), version_asked()))


@rules.put("/models/<model_id>/rules/<code>")
@checked_by(Permission.MODEL_ADMINISTER)
@rules.arguments(RuleWords)
@rules.response(200, ModelAnswer)
def change_rule(asked: dict[str, Any], model_id: str, code: str) -> Any:  # noqa: ANN401 - as above
    """Put a rule in the place of the one with the code."""
    rule = read_rule(asked["rule"])
    with portal.writing() as work:
        return answered(work, editing.change_rule(work, parse_id(model_id), code, rule, version_asked()))


@rules.delete("/models/<model_id>/rules/<code>")
@checked_by(Permission.MODEL_ADMINISTER)
@rules.response(204)
def remove_rule(model_id: str, code: str) -> Response:
    """Take a rule out of a model; what was active by it clears."""
    with portal.writing() as work:
        editing.remove_rule(work, parse_id(model_id), code, version_asked())
    return Response(status=204)


@rules.put("/models/<model_id>/rule-order")
@checked_by(Permission.MODEL_ADMINISTER)
@rules.arguments(RuleOrder)
@rules.response(200, ModelAnswer)
def order_rules(asked: dict[str, Any], model_id: str) -> Any:  # noqa: ANN401 - as above
    """Put a model's rules into an order."""
    with portal.writing() as work:
        return answered(work, editing.order_rules(work, parse_id(model_id), asked["codes"], version_asked()))


@rules.post("/models/<model_id>/rules/preview")
@checked_by(Permission.MODEL_ADMINISTER)
@rules.arguments(PreviewWords)
@rules.response(200, PreviewAnswer)
def preview(asked: dict[str, Any], model_id: str) -> dict[str, Any]:
    """Say what a rule would have done on the last days of a device; nothing is kept."""
    question = Question(read_rule(asked["rule"]), asked["device"], asked["instead_of"], asked["days"])
    with portal.reading() as work:
        return _foretold(preview_rule(work, parse_id(model_id), question))


@rules.get("/models/<model_id>/profile")
@checked_by(Permission.MODEL_ADMINISTER)
@rules.doc(responses={"200": {"description": "The model as TOML.", "content": {"application/toml": {}}}})
def read_profile(model_id: str) -> Response:
    """Take a model along as TOML."""
    with portal.reading() as work:
        row = _model_of(work, model_id)
        content, version = write_model_file(model_as_file(work, row)), row.version
    return Response(content, content_type="application/toml; charset=utf-8", headers={"ETag": f'"{version}"'})


@rules.put("/models/<model_id>/profile")
@checked_by(Permission.MODEL_ADMINISTER)
@rules.arguments(ImportQuestion, location="query")
@rules.arguments(ModelFileWords)
@rules.response(200, ImportAnswer)
def put_profile(asked: dict[str, Any], words: dict[str, Any], model_id: str) -> dict[str, Any]:
    """Make a model equal to a file, or with `dry_run` say what would change and on which devices."""
    with portal.reading() as work:
        wanted = read_model_file(words["toml"].encode(), _model_of(work, model_id).slug)
    if asked["dry_run"]:
        with portal.reading() as work:
            return _tried(work, model_id, wanted)
    with portal.writing() as work:
        row = _model_of(work, model_id, wanted)
        found = [str(one) for one in changes(model_as_file(work, row), wanted)]
        version = import_model(work, wanted, version_asked()).version
    return {"done": True, "version": version, "changes": found, "devices": [], "looked_at": 0, "device_count": 0}


@rules.get("/models/<model_id>/versions")
@checked_by(Permission.MODEL_ADMINISTER)
@rules.arguments(PageQuery, location="query")
@rules.response(200, VersionList)
def list_versions(asked: dict[str, Any], model_id: str) -> dict[str, Any]:
    """List what a model was."""
    with portal.reading() as work:
        page = versions_page(work, parse_id(model_id), slice_of(asked))
        return {"items": [_version(one) for one in page.items], "next": page.next_cursor}


@rules.get("/models/<model_id>/versions/<int:number>")
@checked_by(Permission.MODEL_ADMINISTER)
@rules.response(200, VersionAnswer)
def read_version(model_id: str, number: int) -> dict[str, Any]:
    """Read what a model was."""
    with portal.reading() as work:
        row = version_for(work, parse_id(model_id), number)
        return {**_version(row), "toml": row.profile}


@rules.post("/models/<model_id>/versions/<int:number>/restore")
@checked_by(Permission.MODEL_ADMINISTER)
@rules.response(200, ModelAnswer)
def restore(model_id: str, number: int) -> Any:  # noqa: ANN401 - an answer with headers
    """Take a model back to what it was; that is a new version again."""
    with portal.writing() as work:
        return answered(work, restore_version(work, parse_id(model_id), number, version_asked()))


def _model_of(work: Work, model_id: str, wanted: ModelFile | None = None) -> DeviceModel:
    """Return a model for who administers models; a file that is to be brought in must be of it.

    Raises: Forbidden, NotFound, Invalid.
    """
    require(work.actor, Permission.MODEL_ADMINISTER)
    row = model_for(work, parse_id(model_id))
    if wanted is not None and wanted.slug != row.slug:
        raise Invalid.field("/slug", Sentence("is “%(slug)s”: this file is of another model", slug=wanted.slug))
    return row


def _tried(work: Work, model_id: str, wanted: ModelFile) -> dict[str, Any]:
    row = _model_of(work, model_id, wanted)
    check_model_file(wanted)
    trial = try_model(work, row.id, Change(rules_of(work, [row.id])[row.id], rules_in_file(wanted)))
    return {
        "done": False,
        "version": row.version,
        "changes": [str(one) for one in changes(model_as_file(work, row), wanted)],
        "devices": [_turn(one) for one in trial.turns],
        "looked_at": trial.looked_at,
        "device_count": trial.devices,
    }


def _turn(one: Turn) -> dict[str, Any]:
    return {
        "device": one.device_id,
        "serial": one.serial,
        "health": one.was.value,
        "would_be": one.would_be.value,
        "codes": list(one.codes),
    }


def _foretold(seen: Foretelling) -> dict[str, Any]:
    return {
        "from_": from_ms(seen.from_ms),
        "to": from_ms(seen.to_ms),
        "samples": seen.samples,
        "is_cut": seen.is_cut,
        "is_too_little": seen.is_too_little,
        "times": seen.times,
        "times_before": seen.times_before,
        "active_s": seen.active_ms / _MS,
        "learned": seen.learned,
        "firings": [_firing(one, seen.to_ms) for one in seen.firings],
        "too_short": [{"from_": from_ms(one.from_ms), "to": from_ms(one.to_ms)} for one in seen.passings],
    }


def _firing(one: Firing, until_ms: int) -> dict[str, Any]:
    return {
        "code": one.code,
        "signal": one.signal,
        "health": one.health.value,
        "from_": from_ms(one.from_ms),
        "to": None if one.to_ms is None else from_ms(one.to_ms),
        "duration_s": ((until_ms if one.to_ms is None else one.to_ms) - one.from_ms) / _MS,
        "peak": one.peak,
    }


def _version(row: ModelVersion) -> dict[str, Any]:
    return {"version": row.version, "at": row.at, "act": row.act, "by": row.person.name if row.person else None}
