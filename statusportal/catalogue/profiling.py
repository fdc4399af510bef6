"""Pure: a device model as a profile, and rules as the plain values that are stored."""

from collections.abc import Iterable
from typing import Any

import msgspec

from statusportal.catalogue.vocabulary import LimitRule as StoredLimit
from statusportal.catalogue.vocabulary import ModelRules, Side, SignalKind, SignalRule, SignalTraits
from statusportal.profiles.vocabulary import FORMAT, AlarmCode, AnyRule, LimitRule, Nature, Profile, Signal

_NATURES = {SignalKind.NUMBER: Nature.GAUGE, SignalKind.BOOLEAN: Nature.ENUMERATION, SignalKind.TEXT: Nature.TEXT}


def profile_of(name: str, rules: ModelRules) -> Profile:
    """Return a model as a profile: its own rules first, its limits after them."""
    return Profile(
        format=FORMAT,
        name=name,
        expected_interval_s=float(rules.expected_interval_s),
        signals=tuple(_signal(one) for one in rules.signals),
        rules=(*rules.rules, *(limit_as_rule(one) for one in rules.limits)),
        codes=rules.codes,
    )


def stored_rules(rules: Iterable[AnyRule]) -> list[dict[str, Any]]:
    """Return rules as they are stored."""
    return [msgspec.to_builtins(rule) for rule in rules]


def rules_stored(stored: Iterable[dict[str, Any]]) -> tuple[AnyRule, ...]:
    """Return stored rules as values; they were checked before they were kept."""
    return tuple(msgspec.convert(one, AnyRule) for one in stored)


def stored_codes(codes: Iterable[AlarmCode]) -> list[dict[str, Any]]:
    """Return alarm codes as they are stored."""
    return [msgspec.to_builtins(code) for code in codes]


def codes_stored(stored: Iterable[dict[str, Any]]) -> tuple[AlarmCode, ...]:
    """Return stored alarm codes as values."""
    return tuple(msgspec.convert(one, AlarmCode) for one in stored)


def traits_stored(stored: dict[str, Any]) -> SignalTraits:
    """Return a signal's stored traits as a value."""
    return msgspec.convert(stored, SignalTraits)


def limit_as_rule(one: StoredLimit) -> LimitRule:
    """Return a limit of a signal as the rule that it is."""
    is_high = one.side is Side.HIGH
    return LimitRule(
        code=one.code,
        source="a limit of this portal's model",
        signal=one.signal_name,
        high=one.threshold if is_high else None,
        low=None if is_high else one.threshold,
        hysteresis=one.hysteresis,
        pending_s=float(one.duration_s),
        health=one.health,
        sentence_en=one.sentence_en,
        sentence_da=one.sentence_da,
        advice_en=one.advice_en,
        advice_da=one.advice_da,
    )


def _signal(one: SignalRule) -> Signal:
    traits = one.traits
    return Signal(
        name=one.name,
        kind=traits.nature or _NATURES[one.kind],
        unit=one.unit,
        label_en=one.label_en,
        label_da=one.label_da,
        aliases=traits.aliases or (),
        expected_interval_s=traits.expected_interval_s,
        lowest=traits.lowest,
        highest=traits.highest,
        values=traits.values,
    )
