"""Words of tuning: a limit of one device, and what it makes of the limits of its model."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import msgspec

from statusportal.catalogue.vocabulary import LimitRule, ModelRules, Side
from statusportal.profiles.vocabulary import AnyRule, Banded

REASON_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Band:
    """Between which numbers a device is well; None leaves a side as the model has it. Units: those of the rule."""

    low: float | None = None
    high: float | None = None


Bands: TypeAlias = Mapping[str, Band]

_NONE = Band()


def band_of(rules: ModelRules, code: str) -> Band | None:
    """Return between which numbers the rule or limit with a code lets a machine be; None where it has none."""
    for limit in rules.limits:
        if limit.code == code:
            is_high = limit.side is Side.HIGH
            return Band(None if is_high else limit.threshold, limit.threshold if is_high else None)
    found = next((rule for rule in rules.rules if rule.code == code), None)
    return Band(found.low, found.high) if isinstance(found, Banded) else None


def tuned(rules: ModelRules, bands: Bands) -> ModelRules:
    """Return a model's rules with a device's own numbers in them.

    Shape: a band of a code that the model no longer has says nothing, and so does one that its present rule cannot
    have, since the model's hysteresis or its other side has grown past it.
    """
    if not bands:
        return rules
    return replace(
        rules,
        limits=tuple(_limit_in(limit, bands.get(limit.code, _NONE)) for limit in rules.limits),
        rules=tuple(_rule_where_possible(rule, bands.get(rule.code, _NONE)) for rule in rules.rules),
    )


def forced(rules: ModelRules, code: str, band: Band) -> ModelRules:
    """Return a model's rules with a band in them whether it is possible or not, to be checked."""
    return replace(
        rules,
        limits=tuple(_limit_in(limit, band) if limit.code == code else limit for limit in rules.limits),
        rules=tuple(_rule_in(rule, band) if rule.code == code else rule for rule in rules.rules),
    )


def _limit_in(limit: LimitRule, band: Band) -> LimitRule:
    own = band.high if limit.side is Side.HIGH else band.low
    return limit if own is None else replace(limit, threshold=own)


def _rule_in(rule: AnyRule, band: Band) -> AnyRule:
    if not isinstance(rule, Banded):
        return rule
    low = rule.low if band.low is None or rule.low is None else band.low
    high = rule.high if band.high is None or rule.high is None else band.high
    return msgspec.structs.replace(rule, low=low, high=high)


def _rule_where_possible(rule: AnyRule, band: Band) -> AnyRule:
    own = _rule_in(rule, band)
    if isinstance(own, Banded) and own.low is not None and own.high is not None:
        return own if own.low + own.hysteresis <= own.high - own.hysteresis else rule
    return own
