"""Device models: what a product is called, its signals and their limits, and what its alarm codes mean."""

from typing import Any

import msgspec
from flask import Response, request
from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.api.fields import PageQuery, RuleField, slice_of
from statusportal.api.root import blueprint
from statusportal.authoring.editing import remove_alarm_code, set_alarm_code
from statusportal.catalogue import modelling
from statusportal.catalogue.models import DeviceModel
from statusportal.catalogue.profiling import limit_as_rule, stored_codes, stored_rules
from statusportal.catalogue.queries import model_for, models_page, rules_of
from statusportal.catalogue.versioning import model_to_change
from statusportal.catalogue.vocabulary import LimitRule, ModelRules, Side, SignalKind, SignalRule, SignalTraits
from statusportal.foundation.ids import parse_id
from statusportal.foundation.vocabulary import Health
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.http.rule_sentences import rule_sentence
from statusportal.profiles.vocabulary import CLEAR_AFTER_S, AlarmCode, Nature
from statusportal.work import Work

models = blueprint("Models", "What a product is, and how its machines are judged")

_NEVER = -1


class ModelWords(Schema):
    """What a model is like, apart from its signals and rules."""

    name = fields.String(required=True)
    description = fields.String(load_default="")
    is_strict = fields.Boolean(load_default=False)
    expected_interval_s = fields.Integer(load_default=60)
    clear_after_s = fields.Integer(load_default=CLEAR_AFTER_S)


class ModelChange(Schema):
    """What is to be another about a model; what is left out stays."""

    name = fields.String()
    description = fields.String()
    is_strict = fields.Boolean()
    expected_interval_s = fields.Integer()
    clear_after_s = fields.Integer()


class NewModel(ModelWords):
    """A new model; its short name stands in commands and files."""

    slug = fields.String(required=True)


_KINDS = [one.value for one in SignalKind]
_NATURES = [one.value for one in Nature]


class DeclaredSignalWords(Schema):
    """A signal. `nature` says whether a number counts or enumerates; outside lowest to highest the sensor is broken."""

    kind = fields.String(load_default=SignalKind.NUMBER.value, validate=validate.OneOf(_KINDS))
    unit = fields.String(load_default="")
    label_en = fields.String(load_default="")
    label_da = fields.String(load_default="")
    decimals = fields.Integer(load_default=1)
    position = fields.Integer(load_default=0)
    nature = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(_NATURES))
    expected_interval_s = fields.Float(load_default=None, allow_none=True)
    lowest = fields.Float(load_default=None, allow_none=True)
    highest = fields.Float(load_default=None, allow_none=True)
    aliases = fields.List(fields.String(), load_default=None, allow_none=True)
    values = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)


class DeclaredSignalAnswer(DeclaredSignalWords):
    """A signal of a model."""

    name = fields.String()


class ModelLimitWords(Schema):
    """A limit of a signal, in its unit, and what it means to be beyond it."""

    signal = fields.String(required=True)
    side = fields.String(required=True, validate=validate.OneOf([one.value for one in Side]))
    threshold = fields.Float(required=True)
    hysteresis = fields.Float(load_default=0.0)
    duration_s = fields.Integer(load_default=0)
    health = fields.String(load_default=Health.OFF_SPEC.value, validate=validate.OneOf([one.value for one in Health]))
    sentence_en = fields.String(load_default="")
    sentence_da = fields.String(load_default="")
    advice_en = fields.String(load_default="")
    advice_da = fields.String(load_default="")


class ModelLimitAnswer(ModelLimitWords):
    """A limit, and the plain sentence that it is."""

    code = fields.String()
    sentence = fields.String()


class CodeWords(Schema):
    """What an alarm code means, and the maker's advice."""

    meaning_en = fields.String(required=True)
    meaning_da = fields.String(load_default="")
    advice_en = fields.String(load_default="")
    advice_da = fields.String(load_default="")


class CodeAnswer(CodeWords):
    """An alarm code of a model's catalogue."""

    code = fields.String()


class RuleAnswer(Schema):
    """A rule as profiles write it, and the plain sentence that it is."""

    rule = RuleField()
    sentence = fields.String()


class ModelLine(Schema):
    """A model in a list. `version` counts its changes, and is what `If-Match` names."""

    id = fields.UUID()
    slug = fields.String()
    name = fields.String()
    description = fields.String()
    is_strict = fields.Boolean()
    expected_interval_s = fields.Integer()
    clear_after_s = fields.Integer()
    version = fields.Integer()


class ModelAnswer(ModelLine):
    """A whole model: signals in the order in which they are shown, rules in that in which they are told."""

    signals = fields.List(fields.Nested(DeclaredSignalAnswer))
    limits = fields.List(fields.Nested(ModelLimitAnswer))
    rules = fields.List(fields.Nested(RuleAnswer))
    codes = fields.List(fields.Nested(CodeAnswer))


class ModelList(Schema):
    """Models by name."""

    items = fields.List(fields.Nested(ModelLine))
    next = fields.String(allow_none=True)


@models.get("/models")
@needs(Permission.MODEL_VIEW)
@models.arguments(PageQuery, location="query")
@models.response(200, ModelList)
def list_models(asked: dict[str, Any]) -> dict[str, Any]:
    """List models."""
    with portal.reading() as work:
        page = models_page(work, slice_of(asked))
        return {"items": list(page.items), "next": page.next_cursor}


@models.post("/models")
@checked_by(Permission.MODEL_ADMINISTER)
@models.arguments(NewModel)
@models.response(201, ModelAnswer)
def create_model(asked: dict[str, Any]) -> Any:  # noqa: ANN401 - an answer with headers
    """Take in a product, without signals or rules."""
    slug = asked.pop("slug")
    with portal.writing() as work:
        return answered(work, modelling.create_model(work, slug, modelling.ModelWords(**asked)))


@models.get("/models/<model_id>")
@checked_by(Permission.MODEL_VIEW)
@models.response(200, ModelAnswer)
def read_model(model_id: str) -> Any:  # noqa: ANN401 - as above
    """Read a model with its signals, limits, rules and alarm codes."""
    with portal.reading() as work:
        require(work.actor, Permission.MODEL_VIEW)
        return answered(work, model_for(work, parse_id(model_id)))


@models.patch("/models/<model_id>")
@checked_by(Permission.MODEL_ADMINISTER)
@models.arguments(ModelChange)
@models.response(200, ModelAnswer)
def change_model(asked: dict[str, Any], model_id: str) -> Any:  # noqa: ANN401 - as above
    """Change what a model is like; with If-Match only the version that was read."""
    with portal.writing() as work:
        row = model_to_change(work, parse_id(model_id), version_asked())
        names = ("name", "description", "is_strict", "expected_interval_s", "clear_after_s")
        words = {name: asked.get(name, getattr(row, name)) for name in names}
        return answered(work, modelling.change_model(work, row.id, row.version, modelling.ModelWords(**words)))


@models.put("/models/<model_id>/signals/<path:signal_name>")
@checked_by(Permission.MODEL_ADMINISTER)
@models.arguments(DeclaredSignalWords)
@models.response(200, ModelAnswer)
def set_signal(asked: dict[str, Any], model_id: str, signal_name: str) -> Any:  # noqa: ANN401 - as above
    """Declare a signal, or say anew what it is."""
    traits = {name: asked.pop(name) for name in SignalTraits.__struct_fields__}
    nature = traits.pop("nature")
    words = modelling.SignalWords(
        **{**asked, "kind": SignalKind(asked["kind"])},
        traits=SignalTraits(nature=Nature(nature) if nature else None, **traits),
    )
    with portal.writing() as work:
        row = model_to_change(work, parse_id(model_id), version_asked())
        modelling.declare_signal(work, row.id, signal_name, words)
        return answered(work, row)


@models.delete("/models/<model_id>/signals/<path:signal_name>")
@checked_by(Permission.MODEL_ADMINISTER)
@models.response(204)
def remove_signal(model_id: str, signal_name: str) -> Response:
    """Take a signal with its limits out of a model; what was measured stays."""
    with portal.writing() as work:
        modelling.remove_signal(work, model_to_change(work, parse_id(model_id), version_asked()).id, signal_name)
    return Response(status=204)


@models.put("/models/<model_id>/limits/<code>")
@checked_by(Permission.MODEL_ADMINISTER)
@models.arguments(ModelLimitWords)
@models.response(200, ModelAnswer)
def set_limit(asked: dict[str, Any], model_id: str, code: str) -> Any:  # noqa: ANN401 - as above
    """Set a limit of a signal under its code."""
    signal, side, health = asked.pop("signal"), Side(asked.pop("side")), Health(asked.pop("health"))
    with portal.writing() as work:
        row = model_to_change(work, parse_id(model_id), version_asked())
        modelling.set_limit(work, row.id, signal, code, modelling.LimitWords(side=side, health=health, **asked))
        return answered(work, row)


@models.delete("/models/<model_id>/limits/<code>")
@checked_by(Permission.MODEL_ADMINISTER)
@models.response(204)
def remove_limit(model_id: str, code: str) -> Response:
    """Take a limit out of a model."""
    with portal.writing() as work:
        modelling.remove_limit(work, model_to_change(work, parse_id(model_id), version_asked()).id, code)
    return Response(status=204)


@models.put("/models/<model_id>/codes/<code>")
@checked_by(Permission.MODEL_ADMINISTER)
@models.arguments(CodeWords)
@models.response(200, ModelAnswer)
def set_code(asked: dict[str, Any], model_id: str, code: str) -> Any:  # noqa: ANN401 - as above
    """Say what an alarm code means and what to do about it."""
    with portal.writing() as work:
        return answered(work, set_alarm_code(work, parse_id(model_id), AlarmCode(code=code, **asked), version_asked()))


@models.delete("/models/<model_id>/codes/<code>")
@checked_by(Permission.MODEL_ADMINISTER)
@models.response(204)
def remove_code(model_id: str, code: str) -> Response:
    """Take an alarm code out of the catalogue; rules that raise it stay."""
    with portal.writing() as work:
        remove_alarm_code(work, parse_id(model_id), code, version_asked())
    return Response(status=204)


def version_asked() -> int | None:
    """Return the version that If-Match names, None where it names none or any; another tag than ours is never met."""
    if "If-Match" not in request.headers or "*" in request.if_match:
        return None
    tags = [tag for tag in request.if_match.as_set(include_weak=True) if tag.isdecimal()]
    return int(tags[0]) if tags else _NEVER


def answered(work: Work, row: DeviceModel) -> Any:  # noqa: ANN401 - an answer with headers
    """Present a model with its version as the tag."""
    work.session.flush()
    answer = _present(row, rules_of(work, [row.id])[row.id])
    return answer, {"ETag": f'"{row.version}"'}


def line_of(row: DeviceModel) -> dict[str, Any]:
    """Present a model without its parts."""
    names = ("id", "slug", "name", "description", "is_strict", "expected_interval_s", "clear_after_s", "version")
    return {name: getattr(row, name) for name in names}


def _present(row: DeviceModel, rules: ModelRules) -> dict[str, Any]:
    sentences = [rule_sentence(rule, rules) for rule in rules.rules]
    return {
        **line_of(row),
        "signals": [_signal(one) for one in rules.signals],
        "limits": [_limit(one, rules) for one in rules.limits],
        "rules": [
            {"rule": plain, "sentence": said} for plain, said in zip(stored_rules(rules.rules), sentences, strict=True)
        ],
        "codes": [{**_EMPTY_CODE, **one} for one in stored_codes(rules.codes)],
    }


_EMPTY_CODE = {"meaning_da": "", "advice_en": "", "advice_da": ""}


def _signal(one: SignalRule) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in ("name", "unit", "label_en", "label_da", "decimals")}
    return {**plain, "kind": one.kind.value, **msgspec.structs.asdict(one.traits)}


def _limit(one: LimitRule, rules: ModelRules) -> dict[str, Any]:
    names = ("code", "threshold", "hysteresis", "duration_s", "sentence_en", "sentence_da", "advice_en", "advice_da")
    return {
        **{name: getattr(one, name) for name in names},
        "signal": one.signal_name,
        "side": one.side.value,
        "health": one.health.value,
        "sentence": rule_sentence(limit_as_rule(one), rules),
    }
