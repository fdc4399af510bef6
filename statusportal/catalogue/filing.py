"""Pure: a whole model as one TOML file and back, and what one file would change of another.

Source: the profile's own vocabulary for rules and alarm codes; a limit stands with its signal, as people set it.
"""

from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from statusportal.catalogue.profiling import profile_of
from statusportal.catalogue.vocabulary import LimitRule, ModelRules, Side, SignalKind, SignalRule, SignalTraits
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.foundation.vocabulary import Health
from statusportal.profiles.vocabulary import CLEAR_AFTER_S, AlarmCode, AnyRule, Nature, Profile, Table

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


def read_model_file(content: bytes) -> ModelFile:
    """Parse a file.

    Raises: Invalid with a sentence that names the place.
    """
    if len(content) > MOST_BYTES:
        raise Invalid.field("/file", Sentence("is too large for a model: %(most)s bytes are allowed", most=MOST_BYTES))
    try:
        return msgspec.toml.decode(content, type=ModelFile)
    except (msgspec.MsgspecError, UnicodeDecodeError) as err:
        raise Invalid.field("/file", str(err)) from err


def write_model_file(model: ModelFile) -> str:
    """Write a model as TOML; what equals its default is left out."""
    return msgspec.toml.encode(model).decode()


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


class Difference(NamedTuple):
    """One thing that an import would do, and to what; as text it is a line of a report."""

    act: str
    place: str

    def __str__(self) -> str:
        """Write it as a line."""
        return f"{self.act} {self.place}"


def changes(before: ModelFile | None, wanted: ModelFile) -> list[Difference]:
    """Say what an import would do; nothing means that nothing would change."""
    if before is None:
        return [Difference("create", f"the model {wanted.slug}")]
    flat_before, flat_after = _flat(before), _flat(wanted)
    found = [
        _change(place, flat_before, flat_after)
        for place in sorted(flat_before.keys() | flat_after.keys())
        if _differs(place, flat_before, flat_after)
    ]
    orders = [[rule.code for rule in one.rules] for one in (before, wanted)]
    return found or ([Difference("change", "order of the rules")] if orders[0] != orders[1] else [])


def _limit_table(rule: LimitRule) -> LimitTable:
    return LimitTable(**{name: getattr(rule, name) for name in LimitTable.__struct_fields__})


def _flat(model: ModelFile) -> dict[str, Any]:
    apart = {"signals", "slug", "rules", "codes"}
    flat: dict[str, Any] = {name: getattr(model, name) for name in model.__struct_fields__ if name not in apart}
    for signal in model.signals:
        place = f"signal {signal.name}"
        flat[place] = (signal.kind, signal.unit, signal.label_en or signal.name, signal.decimals)
        flat[f"{place} label_da"] = signal.label_da or signal.label_en or signal.name
        flat[f"{place} traits"] = traits_in_file(signal)
        for limit in signal.limits:
            flat[f"{place} limit {limit.code}"] = msgspec.structs.astuple(limit)
    flat |= {f"rule {rule.code}": rule for rule in model.rules}
    flat |= {f"code {one.code}": one for one in model.codes}
    return flat


def _differs(place: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    return (place in before) != (place in after) or before.get(place) != after.get(place)


def _change(place: str, before: dict[str, Any], after: dict[str, Any]) -> Difference:
    if place not in before:
        return Difference("add", place)
    return Difference("change" if place in after else "remove", place)
