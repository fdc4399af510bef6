"""A device model as TOML: reading, writing, and what would change."""

from typing import Any
from uuid import UUID

import msgspec

from statusportal.catalogue.modelling import (
    LimitWords,
    ModelWords,
    SignalWords,
    change_model,
    create_model,
    declare_signal,
    remove_limit,
    remove_signal,
    set_limit,
    set_rules,
)
from statusportal.catalogue.models import DeviceModel
from statusportal.catalogue.queries import find_model, rules_of
from statusportal.catalogue.vocabulary import LimitRule, ModelRules, Side, SignalKind, SignalRule
from statusportal.foundation.errors import Invalid
from statusportal.foundation.vocabulary import Health
from statusportal.profiles.vocabulary import AnyRule
from statusportal.work import Work

_NO_ID = UUID(int=0)


class LimitTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """One limit of a signal."""

    code: str
    side: Side
    threshold: float
    hysteresis: float = 0.0
    duration_s: int = 0
    health: Health = Health.OFF_SPEC
    sentence_en: str = ""
    sentence_da: str = ""
    advice_en: str = ""
    advice_da: str = ""


class SignalTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """One signal, with its limits."""

    name: str
    label_en: str = ""
    label_da: str = ""
    unit: str = ""
    kind: SignalKind = SignalKind.NUMBER
    decimals: int = 1
    limits: tuple[LimitTable, ...] = ()


class ModelFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A whole model. Signals stand in the order in which they are shown."""

    slug: str
    name: str
    description: str = ""
    is_strict: bool = False
    expected_interval_s: int = 60
    signals: tuple[SignalTable, ...] = ()
    rules: tuple[AnyRule, ...] = ()


def read_model_file(content: bytes) -> ModelFile:
    """Parse a file.

    Raises: Invalid with a sentence that names the place.
    """
    try:
        return msgspec.toml.decode(content, type=ModelFile)
    except (msgspec.MsgspecError, UnicodeDecodeError) as err:
        raise Invalid.field("/file", str(err)) from err


def write_model_file(model: ModelFile) -> str:
    """Write a model as TOML; what equals its default is left out."""
    return msgspec.toml.encode(model).decode()


def model_as_file(work: Work, model: DeviceModel) -> ModelFile:
    """Return a stored model as its file."""
    rules = rules_of(work, [model.id])[model.id]
    signals = tuple(
        SignalTable(
            name=one.name,
            label_en=one.label_en,
            label_da=one.label_da,
            unit=one.unit,
            kind=one.kind,
            decimals=one.decimals,
            limits=tuple(_limit_table(limit) for limit in rules.limits if limit.signal_name == one.name),
        )
        for one in rules.signals
    )
    return ModelFile(
        slug=model.slug,
        name=model.name,
        description=model.description,
        is_strict=model.is_strict,
        expected_interval_s=model.expected_interval_s,
        signals=signals,
        rules=rules.rules,
    )


def changes(work: Work, wanted: ModelFile) -> list[str]:
    """Say what an import would do, as sentences; none means that nothing would change."""
    stored = find_model(work, wanted.slug)
    if stored is None or stored.slug != wanted.slug:
        return [f"create the model {wanted.slug}"]
    before, after = _flat(model_as_file(work, stored)), _flat(wanted)
    return [
        _change(place, before, after)
        for place in sorted(before.keys() | after.keys())
        if _differs(place, before, after)
    ]


def rules_in_file(wanted: ModelFile) -> ModelRules:
    """Return what a file says about samples, as values; its limits have no ids before they are kept."""
    signals = tuple(
        SignalRule(one.name, one.label_en or one.name, one.label_da, one.unit, one.kind, one.decimals)
        for one in wanted.signals
    )
    limits = tuple(
        LimitRule(id=_NO_ID, signal_name=signal.name, **msgspec.structs.asdict(limit))
        for signal in wanted.signals
        for limit in signal.limits
    )
    return ModelRules(wanted.expected_interval_s, wanted.is_strict, signals, limits, wanted.rules)


def import_model(work: Work, wanted: ModelFile) -> DeviceModel:
    """Make the stored model equal to the file: what the file does not name is taken out.

    Raises: Invalid, LimitCodeTaken.
    """
    words = ModelWords(
        name=wanted.name,
        description=wanted.description,
        is_strict=wanted.is_strict,
        expected_interval_s=wanted.expected_interval_s,
    )
    model = find_model(work, wanted.slug)
    if model is None or model.slug != wanted.slug:
        model = create_model(work, wanted.slug, words)
    else:
        if rules_of(work, [model.id])[model.id].rules:
            set_rules(work, model.id, ())  # what they look at may go; the file's own are set at the end
        _remove_unnamed(work, model, wanted)
        change_model(work, model.id, model.version, words)
    for position, signal in enumerate(wanted.signals):
        _declare(work, model, signal, position)
    if wanted.rules:
        set_rules(work, model.id, wanted.rules)
    return model


def _declare(work: Work, model: DeviceModel, signal: SignalTable, position: int) -> None:
    words = SignalWords(
        kind=signal.kind,
        unit=signal.unit,
        label_en=signal.label_en,
        label_da=signal.label_da,
        decimals=signal.decimals,
        position=position,
    )
    declare_signal(work, model.id, signal.name, words)
    for limit in signal.limits:
        given: dict[str, Any] = msgspec.structs.asdict(limit)
        set_limit(work, model.id, signal.name, given.pop("code"), LimitWords(**given))


def _remove_unnamed(work: Work, model: DeviceModel, wanted: ModelFile) -> None:
    stored = model_as_file(work, model)
    kept = {signal.name: {limit.code for limit in signal.limits} for signal in wanted.signals}
    for signal in stored.signals:
        if signal.name not in kept:
            remove_signal(work, model.id, signal.name)
            continue
        for limit in signal.limits:
            if limit.code not in kept[signal.name]:
                remove_limit(work, model.id, limit.code)


def _limit_table(rule: LimitRule) -> LimitTable:
    return LimitTable(**{name: getattr(rule, name) for name in LimitTable.__struct_fields__})


def _flat(model: ModelFile) -> dict[str, Any]:
    flat: dict[str, Any] = {
        name: getattr(model, name) for name in model.__struct_fields__ if name not in {"signals", "slug", "rules"}
    }
    for signal in model.signals:
        place = f"signal {signal.name}"
        flat[place] = (signal.kind, signal.unit, signal.label_en or signal.name, signal.decimals)
        flat[f"{place} label_da"] = signal.label_da or signal.label_en or signal.name
        for limit in signal.limits:
            flat[f"{place} limit {limit.code}"] = msgspec.structs.astuple(limit)
    flat |= {f"rule {rule.code}": rule for rule in model.rules}
    return flat


def _differs(place: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    return (place in before) != (place in after) or before.get(place) != after.get(place)


def _change(place: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    if place not in before:
        return f"add {place}"
    return f"change {place}" if place in after else f"remove {place}"
