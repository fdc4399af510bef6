"""A device model of the store as a profile: its signals, and its limits as rules."""

from statusportal.catalogue.vocabulary import LimitRule as StoredLimit
from statusportal.catalogue.vocabulary import ModelRules, Side, SignalKind, SignalRule
from statusportal.profiles.vocabulary import FORMAT, LimitRule, Nature, Profile, Signal

_NATURES = {SignalKind.NUMBER: Nature.GAUGE, SignalKind.BOOLEAN: Nature.ENUMERATION, SignalKind.TEXT: Nature.TEXT}


def profile_of(name: str, rules: ModelRules) -> Profile:
    """Return a stored model as a profile."""
    return Profile(
        format=FORMAT,
        name=name,
        expected_interval_s=float(rules.expected_interval_s),
        signals=tuple(_signal(one) for one in rules.signals),
        rules=tuple(_limit(one) for one in rules.limits),
    )


def _signal(one: SignalRule) -> Signal:
    return Signal(name=one.name, kind=_NATURES[one.kind], unit=one.unit, label_en=one.label_en, label_da=one.label_da)


def _limit(one: StoredLimit) -> LimitRule:
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
