"""A rule's form: from fields to the rule as a value, and back. What is wrong is noted at its field."""

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _

from statusportal.foundation.errors import Faults
from statusportal.foundation.vocabulary import Health
from statusportal.http.views.shell import Form
from statusportal.profiles.vocabulary import (
    Aggregate,
    AnyRule,
    BaselineRule,
    CodedValue,
    CodesRule,
    CombinationRule,
    CounterRule,
    LimitRule,
    NativeRule,
    NoChangeRule,
    RateRule,
    Standard,
    WindowRule,
)
from statusportal.web.forms import filled, number, text, whole, word

SPARE_CODES = 3
MOST_CODES = 200
UNITS = {"s": 1.0, "min": 60.0, "h": 3_600.0, "d": 86_400.0}
KINDS: Mapping[str, type] = {
    "limit": LimitRule,
    "rate": RateRule,
    "window": WindowRule,
    "no_change": NoChangeRule,
    "codes": CodesRule,
    "counter_due": CounterRule,
    "combination": CombinationRule,
    "native": NativeRule,
    "baseline": BaselineRule,
}
USES = ("all_of", "any_of", "none_of")
_SPANS = ("pending_s", "keep_firing_s", "cooldown_s", "clear_after_s", "over_s", "per_s", "for_s", "every_s", "ahead_s")
_WORDS = ("code", "source", "sentence_en", "sentence_da", "advice_en", "advice_da")

Reader = Callable[[Faults], object]


def kind_of(rule: AnyRule) -> str:
    """Name a rule's kind as files and forms do."""
    return str(rule.__struct_config__.tag)


def rule_in_form(faults: Faults, kind: str) -> AnyRule:
    """Return the rule that a form says; where a field cannot be read it is noted, and a stand-in stands there."""
    given: dict[str, Any] = {name: text(name) for name in _WORDS}
    for name in ("pending_s", "keep_firing_s", "cooldown_s"):
        given[name] = _span(faults, name) or 0.0
    given["clear_after_s"] = _span(faults, "clear_after_s")
    if kind != "codes":
        given["health"] = word(faults, "health", Health, Health.OFF_SPEC)
    if kind != "combination":
        given["signal"] = text("signal")
    given |= {name: read(faults) for name, read in _FIELDS[kind].items()}
    rule: AnyRule = KINDS[kind](**given)
    return rule


def rule_form(rule: AnyRule) -> Form:
    """Return a form that shows a rule as it stands."""
    values: dict[str, object] = {"kind": kind_of(rule)}
    for name in rule.__struct_fields__:
        value = getattr(rule, name)
        if name in _SPANS and value is not None:
            values[name], values[f"{name}_unit"] = _in_units(value)
        elif name == "codes":
            values |= _coded_fields(value)
        elif name in USES:
            values |= {f"part.{code}": name for code in value}
        else:
            values[name] = _plain(value)
    return filled(values)


def blank_form(kind: str, signal: str) -> Form:
    """Return an empty form of a kind, with what a rule usually has."""
    values: dict[str, object] = {"kind": kind, "health": Health.OFF_SPEC, "signal": signal}
    values |= {f"{name}_unit": "min" for name in _SPANS} | {"clear_after_s_unit": "h"}
    usual = {"rate": {"over_s": 10, "per_s": 1}, "baseline": {"learn": 150, "window": 256, "tolerance": 1}}
    return filled(values | usual.get(kind, {}))


def code_rows(form: Form) -> tuple[int, ...]:
    """Return the rows of alarm codes that a form shows: those that say something, and a few to fill in."""
    used = [int(name.split(".")[1]) for name, value in form.values.items() if _is_code_field(name) and value]
    return tuple(range(min(MOST_CODES, max(used, default=-1) + 1 + SPARE_CODES)))


def _is_code_field(name: str) -> bool:
    parts = name.split(".")
    return parts[0] == "codes" and len(parts) == 3 and parts[1].isdecimal() and parts[2] != "health"  # noqa: PLR2004 - codes.0.code


def _span(faults: Faults, name: str) -> float | None:
    """Read a duration in the unit beside it; an empty one is none."""
    if not text(name):
        return None
    unit = text(f"{name}_unit") or "s"
    if unit not in UNITS:
        faults.note(f"/{name}", _("Choose one of these."))
        return None
    return number(faults, name) * UNITS[unit]


def _day(faults: Faults, name: str) -> date | None:
    """Read a day as a browser writes it; an empty one is none."""
    try:
        return date.fromisoformat(text(name)) if text(name) else None
    except ValueError:
        faults.note(f"/{name}", _("Write a day: 2027-03-31."))
        return None


def _maybe(name: str) -> Reader:
    return lambda faults: number(faults, name) if text(name) else None


def _number(name: str, otherwise: float | None = None) -> Reader:
    return lambda faults: number(faults, name, otherwise)


def _maybe_whole(name: str) -> Reader:
    return lambda faults: whole(faults, name) if text(name) else None


def _whole(name: str) -> Reader:
    return lambda faults: whole(faults, name)


def _maybe_span(name: str) -> Reader:
    return lambda faults: _span(faults, name)


def _needed_span(name: str) -> Reader:
    def read(faults: Faults) -> float:
        span = _span(faults, name)
        if span is None:
            faults.note(f"/{name}", _("Say how long."))
        return span or 1.0

    return read


def _uses(use: str) -> Reader:
    return lambda _faults: _parts(use)


def _codes(faults: Faults) -> tuple[CodedValue, ...]:
    found = []
    for row in range(MOST_CODES):
        place = f"codes.{row}"
        if f"{place}.code" not in request.form:
            break
        if not (text(f"{place}.code") or text(f"{place}.value") or text(f"{place}.bit")):
            continue
        bit = whole(faults, f"{place}.bit") if text(f"{place}.bit") else None
        health = word(faults, f"{place}.health", Health, Health.FAILURE)
        found.append(
            CodedValue(code=text(f"{place}.code"), value=text(f"{place}.value") or None, bit=bit, health=health)
        )
    return tuple(found)


def _parts(use: str) -> tuple[str, ...]:
    return tuple(
        name.removeprefix("part.") for name, chosen in request.form.items() if name[:5] == "part." and chosen == use
    )


_BAND: Mapping[str, Reader] = {
    "low": _maybe("low"),
    "high": _maybe("high"),
    "hysteresis": _number("hysteresis", 0.0),
}
_FIELDS: Mapping[str, Mapping[str, Reader]] = {
    "limit": _BAND,
    "rate": {**_BAND, "over_s": _needed_span("over_s"), "per_s": _needed_span("per_s")},
    "window": {
        **_BAND,
        "aggregate": lambda faults: word(faults, "aggregate", Aggregate, Aggregate.MEAN),
        "over_s": _maybe_span("over_s"),
        "samples": _maybe_whole("samples"),
    },
    "no_change": {
        "for_s": _maybe_span("for_s"),
        "samples": _maybe_whole("samples"),
        "tolerance": _number("tolerance", 0.0),
    },
    "codes": {"codes": _codes},
    "counter_due": {
        "every": _maybe("every"),
        "every_s": _maybe_span("every_s"),
        "every_months": _maybe_whole("every_months"),
        "due_on": lambda faults: _day(faults, "due_on"),
        "ahead": _number("ahead", 0.0),
        "ahead_s": lambda faults: _span(faults, "ahead_s") or 0.0,
    },
    "combination": {use: _uses(use) for use in USES},
    "native": {
        "standard": lambda faults: word(faults, "standard", Standard, Standard.OPCUA),
        "by_code": lambda _faults: bool(text("by_code")),
    },
    "baseline": {"learn": _whole("learn"), "window": _whole("window"), "tolerance": _number("tolerance", 1.0)},
}


def _in_units(seconds: float) -> tuple[object, str]:
    """Write a duration in the largest unit in which it is whole."""
    unit = next((one for one in ("d", "h", "min") if seconds and seconds % UNITS[one] == 0), "s")
    return _plain(seconds / UNITS[unit]), unit


def _plain(value: object) -> object:
    """Write a whole number without its point, as people do."""
    return int(value) if isinstance(value, float) and math.isfinite(value) and value.is_integer() else value


def _coded_fields(codes: tuple[CodedValue, ...]) -> dict[str, object]:
    return {
        f"codes.{row}.{name}": getattr(one, name)
        for row, one in enumerate(codes)
        for name in ("code", "value", "bit", "health")
    }
