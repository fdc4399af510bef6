"""Pure: what is wrong with a profile, field by field. A profile in which anything is wrong is not taken at all.

Source: the profile's own promises: a rule names signals that exist, can be broken, and can be met again.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from statusportal.foundation.errors import Faults, Sentence
from statusportal.foundation.vocabulary import Health
from statusportal.profiles.contradicting import check_codes_differ, check_combinations
from statusportal.profiles.vocabulary import (
    EVERY_SIGNAL,
    Aggregate,
    AnyRule,
    Banded,
    BaselineRule,
    CodedValue,
    CodesRule,
    CombinationRule,
    CounterRule,
    Nature,
    NoChangeRule,
    Profile,
    RateRule,
    Signal,
    WindowRule,
    is_due_by_time,
    signal_of,
)

_CODE = re.compile(r"[A-Za-z0-9]+([_.-][A-Za-z0-9]+)*")
_CODE_MOST = 40
_LINE_MOST = 200
_PROSE_MOST = 5_000
_MOST = 1_000
_YEAR_S = 366 * 86_400.0
_BITS = 64
_MONTHS_MOST = 120
_MONTH_S = 28 * 86_400.0  # the shortest there is
_LEARN_LEAST, _LEARN_MOST = 50, 100_000
_WINDOW_LEAST, _WINDOW_MOST = 8, 4_096
_NUMERIC = frozenset({Nature.GAUGE, Nature.COUNTER})
_HEALTHS = frozenset(Health) - {Health.NORMAL, Health.UNKNOWN}


def check_profile(faults: Faults, profile: Profile) -> None:
    """Note every wrong field of a profile."""
    faults.line("/name", profile.name, most=_LINE_MOST)
    _span(faults, "/expected_interval_s", profile.expected_interval_s)
    for name, tables in (("signals", profile.signals), ("rules", profile.rules), ("codes", profile.codes)):
        if len(tables) > _MOST:
            faults.note(f"/{name}", Sentence("may have %(most)s, this has %(count)s", most=_MOST, count=len(tables)))
    _unique(faults, "signals", "name", _names(profile.signals))
    check_codes_differ(faults, profile.rules)
    _unique(faults, "codes", "code", [[one.code] for one in profile.codes])
    for index, signal in enumerate(profile.signals):
        _check_signal(faults, f"/signals/{index}", signal)
    for index, code in enumerate(profile.codes):
        _code(faults, f"/codes/{index}/code", code.code)
        faults.line(f"/codes/{index}/meaning_en", code.meaning_en, most=_LINE_MOST)
        faults.line(f"/codes/{index}/meaning_da", code.meaning_da, most=_LINE_MOST, least=0)
        for field in ("advice_en", "advice_da"):
            _prose(faults, f"/codes/{index}/{field}", getattr(code, field))
    signals = {signal.name: signal for signal in profile.signals}
    for index, rule in enumerate(profile.rules):
        _check_rule(faults, f"/rules/{index}", rule, signals)
    check_combinations(faults, profile.rules)


def _names(signals: Iterable[Signal]) -> list[list[str]]:
    return [[one.name, *one.aliases] for one in signals]


def _unique(faults: Faults, table: str, field: str, names: list[list[str]]) -> None:
    counted = Counter(name for given in names for name in given)
    for index, given in enumerate(names):
        for name in given:
            if counted[name] > 1:
                faults.note(f"/{table}/{index}/{field}", Sentence("“%(name)s” is there twice", name=name))
                break


def _check_signal(faults: Faults, place: str, signal: Signal) -> None:
    faults.line(f"{place}/name", signal.name, most=_LINE_MOST)
    for index, alias in enumerate(signal.aliases):
        faults.line(f"{place}/aliases/{index}", alias, most=_LINE_MOST)
    if signal.name == EVERY_SIGNAL:
        faults.note(f"{place}/name", Sentence("means every signal, so no signal can be called so"))
    _span(faults, f"{place}/expected_interval_s", signal.expected_interval_s)
    _finite(faults, place, {"lowest": signal.lowest, "highest": signal.highest})
    if signal.lowest is not None and signal.highest is not None and signal.lowest >= signal.highest:
        faults.note(f"{place}/lowest", Sentence("is not below “highest”"))
    if signal.values and signal.kind is not Nature.ENUMERATION:
        faults.note(f"{place}/values", Sentence("are for an enumeration only"))
    if len(signal.values) > _MOST:
        faults.note(
            f"{place}/values", Sentence("may have %(most)s, this has %(count)s", most=_MOST, count=len(signal.values))
        )
    for value, meaning in signal.values.items():
        faults.line(f"{place}/values", value, most=_LINE_MOST)
        faults.line(f"{place}/values", meaning, most=_LINE_MOST, least=0)


def _check_rule(faults: Faults, place: str, rule: AnyRule, signals: Mapping[str, Signal]) -> None:
    _code(faults, f"{place}/code", rule.code)
    faults.line(f"{place}/source", rule.source, most=_LINE_MOST)
    if rule.health not in _HEALTHS:
        known = ", ".join(sorted(_HEALTHS))
        faults.note(f"{place}/health", Sentence("must be one of %(known)s", known=known))
    for field in ("pending_s", "keep_firing_s", "cooldown_s", "clear_after_s"):
        value = getattr(rule, field)
        if value is not None and not 0 <= value <= _YEAR_S:
            faults.note(f"{place}/{field}", Sentence("must be between 0 and a year, in seconds"))
    for field in ("sentence_en", "sentence_da", "advice_en", "advice_da"):
        _prose(faults, f"{place}/{field}", getattr(rule, field))
    signal = _check_signal_of(faults, place, rule, signals)
    if isinstance(rule, Banded):
        _check_band(faults, place, rule, signal)
    _check_kind(faults, place, rule, signal)


def _check_signal_of(faults: Faults, place: str, rule: AnyRule, signals: Mapping[str, Signal]) -> Signal | None:
    name = signal_of(rule)
    if name is None:
        return None
    if name == EVERY_SIGNAL:
        if not isinstance(rule, BaselineRule | NoChangeRule):
            faults.note(
                f"{place}/signal", Sentence("must be one signal; only what is learned can be said of every one")
            )
        return None
    signal = signals.get(name)
    if signal is None:
        faults.note(f"{place}/signal", Sentence("“%(name)s” is not a signal of this profile", name=name))
    elif isinstance(rule, Banded | BaselineRule | CounterRule) and signal.kind not in _NUMERIC:
        faults.note(f"{place}/signal", Sentence("is not a number, so it has no limits"))
    elif isinstance(rule, NoChangeRule) and signal.kind is Nature.TEXT:
        faults.note(f"{place}/signal", Sentence("is text, which may stay as it is"))
    return signal


def _check_band(faults: Faults, place: str, rule: Banded, signal: Signal | None) -> None:
    _finite(faults, place, {"low": rule.low, "high": rule.high, "hysteresis": rule.hysteresis})
    if rule.low is None and rule.high is None:
        faults.note(f"{place}/high", Sentence("is missing, and “low” too: nothing could break this rule"))
    if rule.hysteresis < 0:
        faults.note(f"{place}/hysteresis", Sentence("must be zero or more"))
    if rule.low is not None and rule.high is not None:
        if rule.low > rule.high:
            faults.note(f"{place}/low", Sentence("is above “high”"))
        elif rule.low + rule.hysteresis > rule.high - rule.hysteresis:
            faults.note(f"{place}/hysteresis", Sentence("is wider than the band, so the rule could never be met again"))
    lowest, highest = _reach(rule, signal)
    if rule.high is not None and rule.high - rule.hysteresis < lowest:
        faults.note(f"{place}/high", Sentence("is below everything that is possible, so it would match for ever"))
    if rule.low is not None and rule.low + rule.hysteresis > highest:
        faults.note(f"{place}/low", Sentence("is above everything that is possible, so it would match for ever"))


def _reach(rule: Banded, signal: Signal | None) -> tuple[float, float]:
    """Return between what a rule's measure can lie at all."""
    if isinstance(rule, RateRule):  # a counter falls only when it is reset, and no rate reaches across that
        return 0.0 if signal is not None and signal.kind is Nature.COUNTER else -math.inf, math.inf
    if isinstance(rule, WindowRule) and rule.aggregate is Aggregate.COUNT:
        # The sample that is judged counts too; of so many samples there are always so many.
        return (1.0, math.inf) if rule.samples is None else (float(rule.samples), float(rule.samples))
    lowest = 0.0 if signal is not None and signal.kind is Nature.COUNTER else -math.inf
    lowest = lowest if signal is None or signal.lowest is None else signal.lowest
    highest = math.inf if signal is None or signal.highest is None else signal.highest
    if isinstance(rule, WindowRule) and rule.aggregate is Aggregate.DEVIATION:
        return 0.0, (highest - lowest) / 2  # half of the samples at each end
    return lowest, highest


def _check_kind(faults: Faults, place: str, rule: AnyRule, signal: Signal | None) -> None:
    if isinstance(rule, RateRule):
        _positive(faults, place, {"over_s": rule.over_s, "per_s": rule.per_s})
    elif isinstance(rule, WindowRule):
        _one_of(faults, place, "over_s", rule.over_s, rule.samples)
    elif isinstance(rule, NoChangeRule):
        _one_of(faults, place, "for_s", rule.for_s, rule.samples)
        _check_tolerance(faults, place, rule, signal)
    elif isinstance(rule, CounterRule):
        _check_counter(faults, place, rule)
    elif isinstance(rule, CodesRule):
        _check_codes(faults, place, rule, signal)
    elif isinstance(rule, BaselineRule):
        _check_baseline(faults, place, rule)
    elif isinstance(rule, CombinationRule) and not rule.all_of and not rule.any_of:
        faults.note(f"{place}/all_of", Sentence("is missing, and “any_of” too, so it would match for ever"))


def _check_tolerance(faults: Faults, place: str, rule: NoChangeRule, signal: Signal | None) -> None:
    if not math.isfinite(rule.tolerance) or rule.tolerance < 0:
        faults.note(f"{place}/tolerance", Sentence("must be zero or more"))
    elif signal is not None and rule.tolerance >= _width(signal):
        faults.note(f"{place}/tolerance", Sentence("is as wide as the signal, so it would match for ever"))


def _width(signal: Signal) -> float:
    return math.inf if signal.lowest is None or signal.highest is None else signal.highest - signal.lowest


def _check_counter(faults: Faults, place: str, rule: CounterRule) -> None:
    if rule.every is None and not is_due_by_time(rule):
        faults.note(f"{place}/every", Sentence("is missing, and every time too: nothing would ever be due"))
    _positive(faults, place, {"every": rule.every, "every_s": rule.every_s})
    if rule.every_months is not None and not 1 <= rule.every_months <= _MONTHS_MOST:
        faults.note(
            f"{place}/every_months", Sentence("must be between %(least)s and %(most)s", least=1, most=_MONTHS_MOST)
        )
    for field, ahead in (("ahead", rule.ahead), ("ahead_s", rule.ahead_s)):
        if ahead < 0 or not math.isfinite(ahead):
            faults.note(f"{place}/{field}", Sentence("must be zero or more"))
    spans = [rule.every_s, None if rule.every_months is None else rule.every_months * _MONTH_S]
    shortest_s = min((span for span in spans if span), default=math.inf)
    if rule.ahead >= (shortest_s if rule.every is None else rule.every):
        faults.note(f"{place}/ahead", Sentence("is the whole interval, so it would match for ever"))
    if rule.ahead_s >= shortest_s:
        faults.note(f"{place}/ahead_s", Sentence("is the whole interval, so it would match for ever"))
    elif rule.ahead_s and not is_due_by_time(rule):
        faults.note(f"{place}/ahead_s", Sentence("is ahead of nothing: no time makes this due"))


def _check_codes(faults: Faults, place: str, rule: CodesRule, signal: Signal | None) -> None:
    if not rule.codes:
        faults.note(f"{place}/codes", Sentence("must not be empty"))
    if len(rule.codes) > _MOST:
        faults.note(
            f"{place}/codes", Sentence("may have %(most)s, this has %(count)s", most=_MOST, count=len(rule.codes))
        )
    if signal is not None and signal.values and signal.values.keys() <= {one.value for one in rule.codes}:
        faults.note(f"{place}/codes", Sentence("name every one of the signal's “values”, so they would match for ever"))
    for index, one in enumerate(rule.codes):
        _check_coded(faults, f"{place}/codes/{index}", one, signal)


def _check_coded(faults: Faults, place: str, one: CodedValue, signal: Signal | None) -> None:
    _code(faults, f"{place}/code", one.code)
    if (one.value is None) == (one.bit is None):
        faults.note(f"{place}/value", Sentence("either “value” or “bit”, and not both"))
    if one.value is not None:
        faults.line(f"{place}/value", one.value, most=_LINE_MOST)
        if signal is not None and signal.values and one.value not in signal.values:
            faults.note(f"{place}/value", Sentence("is not one of the signal's “values”"))
    if one.bit is not None and signal is not None and signal.kind is Nature.TEXT:
        faults.note(f"{place}/bit", Sentence("is one of a mask, and this signal is text"))
    elif one.bit is not None and not 0 <= one.bit < _BITS:
        faults.note(f"{place}/bit", Sentence("must be between 0 and %(most)s", most=_BITS - 1))
    if one.health not in _HEALTHS:
        known = ", ".join(sorted(_HEALTHS))
        faults.note(f"{place}/health", Sentence("must be one of %(known)s", known=known))


def _check_baseline(faults: Faults, place: str, rule: BaselineRule) -> None:
    between = Sentence("must be between %(least)s and %(most)s", least=_LEARN_LEAST, most=_LEARN_MOST)
    if not _LEARN_LEAST <= rule.learn <= _LEARN_MOST:
        faults.note(f"{place}/learn", between)
    if not _WINDOW_LEAST <= rule.window <= _WINDOW_MOST:
        faults.note(
            f"{place}/window",
            Sentence("must be between %(least)s and %(most)s", least=_WINDOW_LEAST, most=_WINDOW_MOST),
        )
    if not 0 < rule.tolerance <= _MOST:
        faults.note(f"{place}/tolerance", Sentence("must be more than 0"))


def _code(faults: Faults, pointer: str, code: str) -> None:
    if not _CODE.fullmatch(code) or len(code) > _CODE_MOST:
        faults.note(pointer, Sentence("must be letters and digits, joined by _ . or -, 40 at most"))


def _prose(faults: Faults, pointer: str, text: str) -> None:
    if "\x00" in text:
        faults.note(pointer, Sentence("holds a character that cannot be typed"))
    elif len(text) > _PROSE_MOST:
        faults.note(pointer, Sentence("may have %(most)s characters", most=_PROSE_MOST))


def _finite(faults: Faults, place: str, numbers: Mapping[str, float | None]) -> None:
    for field, number in numbers.items():
        if number is not None and not math.isfinite(number):
            faults.note(f"{place}/{field}", Sentence("must be a finite number"))


def _span(faults: Faults, pointer: str, seconds: float | None) -> None:
    if seconds is not None and not 0 < seconds <= _YEAR_S:
        faults.note(pointer, Sentence("must be more than 0 and at most a year, in seconds"))


def _positive(faults: Faults, place: str, numbers: Mapping[str, float | None]) -> None:
    for field, number in numbers.items():
        if number is not None and not (math.isfinite(number) and number > 0):
            faults.note(f"{place}/{field}", Sentence("must be more than 0; it is divided by"))


def _one_of(faults: Faults, place: str, field: str, seconds: float | None, samples: int | None) -> None:
    if (seconds is None) == (samples is None):
        faults.note(f"{place}/{field}", Sentence("either “%(field)s” or “samples”, and not both", field=field))
    _span(faults, f"{place}/{field}", seconds)
    if samples is not None and not 2 <= samples <= _MOST:  # noqa: PLR2004 - one sample is no window
        faults.note(f"{place}/samples", Sentence("must be between %(least)s and %(most)s", least=2, most=_MOST))
