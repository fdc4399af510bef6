"""Pure: a whole model as one TOML file and back; a file in the words of a profile is read as well.

Source: the profile's own vocabulary for rules and alarm codes; a limit stands with its signal, as people set it.
"""

import re
from typing import Any
from uuid import UUID

import msgspec

from statusportal.catalogue.profiling import profile_of
from statusportal.catalogue.vocabulary import LimitRule, ModelRules, Side, SignalKind, SignalRule, SignalTraits
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.foundation.vocabulary import Health
from statusportal.profiles.vocabulary import CLEAR_AFTER_S, FORMAT, AlarmCode, AnyRule, Nature, Profile, Table
from statusportal.profiles.writing import check_format, read_toml

_NO_ID = UUID(int=0)
# A model of a thousand signals with rules and words in two languages takes a fifth of it.
MOST_BYTES = 2_000_000


class LimitTable(Table, frozen=True, kw_only=True):
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


class SignalTable(SignalTraits, frozen=True, kw_only=True):
    """One signal, with what is said of it and its limits."""

    name: str
    label_en: str = ""
    label_da: str = ""
    unit: str = ""
    kind: SignalKind = SignalKind.NUMBER
    decimals: int = 1
    limits: tuple[LimitTable, ...] = ()


class ModelFile(Table, frozen=True, kw_only=True):
    """A whole model. Signals stand in the order in which they are shown, rules in that in which they are told."""

    slug: str
    name: str
    description: str = ""
    is_strict: bool = False
    expected_interval_s: int = 60
    clear_after_s: int = CLEAR_AFTER_S
    signals: tuple[SignalTable, ...] = ()
    rules: tuple[AnyRule, ...] = ()
    codes: tuple[AlarmCode, ...] = ()


def read_model_file(content: bytes, slug: str | None = None) -> ModelFile:
    """Parse a file; one that names no slug is of the model with this one, or else is called by its name.

    Raises: Invalid with a sentence that names the place.
    """
    if len(content) > MOST_BYTES:
        raise Invalid.field("/file", Sentence("is too large for a model: %(most)s bytes are allowed", most=MOST_BYTES))
    table = ({} if slug is None else {"slug": slug}) | read_toml(content, "/file")
    check_format(table)
    try:
        return msgspec.convert(_in_model_words(table), ModelFile)
    except msgspec.MsgspecError as err:
        raise Invalid.field("/file", str(err)) from err


def write_model_file(model: ModelFile) -> str:
    """Write a model as TOML; what equals its default is left out."""
    return msgspec.toml.encode({"format": FORMAT, **msgspec.to_builtins(model)}).decode()


def file_of(slug: str, name: str, description: str, rules: ModelRules) -> ModelFile:
    """Return a model as its file."""
    signals = tuple(
        SignalTable(
            name=one.name,
            label_en=one.label_en,
            label_da=one.label_da,
            unit=one.unit,
            kind=one.kind,
            decimals=one.decimals,
            limits=tuple(_limit_table(limit) for limit in rules.limits if limit.signal_name == one.name),
            **msgspec.structs.asdict(one.traits),
        )
        for one in rules.signals
    )
    return ModelFile(
        slug=slug,
        name=name,
        description=description,
        is_strict=rules.is_strict,
        expected_interval_s=rules.expected_interval_s,
        clear_after_s=rules.clear_after_s,
        signals=signals,
        rules=rules.rules,
        codes=rules.codes,
    )


def rules_in_file(wanted: ModelFile) -> ModelRules:
    """Return what a file says about samples, as values; its limits have no ids before they are kept."""
    signals = tuple(
        SignalRule(
            one.name, one.label_en or one.name, one.label_da, one.unit, one.kind, one.decimals, traits_in_file(one)
        )
        for one in wanted.signals
    )
    limits = tuple(
        LimitRule(id=_NO_ID, signal_name=signal.name, **msgspec.structs.asdict(limit))
        for signal in wanted.signals
        for limit in signal.limits
    )
    said = wanted.rules, wanted.codes, wanted.clear_after_s
    return ModelRules(wanted.expected_interval_s, wanted.is_strict, signals, limits, *said)


def profile_in_file(wanted: ModelFile) -> Profile:
    """Return a file as the profile that it is judged by."""
    return profile_of(wanted.name, rules_in_file(wanted))


def traits_in_file(signal: SignalTable) -> SignalTraits:
    """Return what a file says of a signal beside its name, kind and limits."""
    return SignalTraits(**{name: getattr(signal, name) for name in SignalTraits.__struct_fields__})


def natures_that_fit(kind: SignalKind) -> tuple[Nature, ...]:
    """Name what the values of a kind can be beside what they usually are."""
    return {
        SignalKind.NUMBER: (Nature.GAUGE, Nature.COUNTER, Nature.ENUMERATION),
        SignalKind.BOOLEAN: (Nature.ENUMERATION,),
        SignalKind.TEXT: (Nature.TEXT, Nature.ENUMERATION),
    }[kind]


def _limit_table(rule: LimitRule) -> LimitTable:
    return LimitTable(**{name: getattr(rule, name) for name in LimitTable.__struct_fields__})


def _in_model_words(table: dict[str, Any]) -> dict[str, Any]:
    """Say in a model's words what a profile says in its own; what is wrong is left for the decoder to refuse.

    Shape: a model has one description, so the Danish one follows the English one as a paragraph of its own.
    """
    said = {name: one for name, one in table.items() if name != "format"}
    told = [said.get(name, "") for name in ("description_en", "description_da")]
    if "description" not in said and all(isinstance(one, str) for one in told):
        said = {name: one for name, one in said.items() if name not in ("description_en", "description_da")}
        said["description"] = "\n\n".join(one for one in told if one)
    if isinstance(said.get("name"), str):
        said.setdefault("slug", re.sub(r"[^a-z0-9]+", "-", said["name"].casefold()).strip("-")[:80].rstrip("-"))
    every_s = said.get("expected_interval_s")
    if isinstance(every_s, float) and every_s.is_integer():
        said["expected_interval_s"] = int(every_s)
    if isinstance(said.get("signals"), list):
        said["signals"] = [_signal_in_model_words(one, said.get("rules")) for one in said["signals"]]
    return said


def _signal_in_model_words(signal: Any, rules: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    if not isinstance(signal, dict) or signal.get("kind") not in ("gauge", "counter", "enumeration"):
        return signal
    nature = signal["kind"]
    kind = SignalKind.TEXT if nature == "enumeration" and _is_of_words(signal, rules) else SignalKind.NUMBER
    return {**({} if nature == "gauge" else {"nature": nature}), **signal, "kind": kind.value}


def _is_of_words(signal: dict[str, Any], rules: Any) -> bool:  # noqa: ANN401 - as above
    """Say whether any value that a file names of an enumeration is no number."""
    values = list(signal["values"]) if isinstance(signal.get("values"), dict) else []
    for rule in rules if isinstance(rules, list) else ():
        if isinstance(rule, dict) and rule.get("signal") == signal.get("name"):
            coded = rule.get("codes", ())
            values += [str(one["value"]) for one in coded if isinstance(one, dict) and "value" in one]
    return any(not re.fullmatch(r"-?\d+(\.\d+)?", value) for value in values)
