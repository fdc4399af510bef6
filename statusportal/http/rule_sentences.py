"""Rules as one plain sentence each: failure when oil temperature is above 90 °C for 10 minutes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import ngettext

from statusportal.catalogue.vocabulary import ModelRules
from statusportal.http.filters import reader_locale
from statusportal.http.formatting import duration, number
from statusportal.http.words import health_word
from statusportal.profiles.vocabulary import (
    EVERY_SIGNAL,
    Aggregate,
    AnyRule,
    Banded,
    BaselineRule,
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
from statusportal.reasons.sentences import quantity


def rule_sentence(rule: AnyRule, rules: ModelRules) -> str:
    """Say in the reader's language when a rule fires and what that means; labels and units are the model's."""
    words = ModelWords(rules)
    what = _CLAUSES[type(rule)](words, rule)
    if rule.pending_s:
        what = _("%(what)s for %(time)s", what=what, time=words.time(rule.pending_s))
    if isinstance(rule, CodesRule):
        return str(_("%(what)s.", what=what))
    return str(_("%(health)s when %(what)s.", health=health_word(rule.health.value, locale=reader_locale()), what=what))


def aggregate_words() -> dict[Aggregate, str]:
    """Return what a window is reduced to, as it stands in a sentence."""
    return {
        Aggregate.MEAN: _("the mean"),
        Aggregate.MINIMUM: _("the least"),
        Aggregate.MAXIMUM: _("the greatest"),
        Aggregate.DEVIATION: _("the standard deviation"),
        Aggregate.COUNT: _("the number of values"),
    }


def standard_words() -> dict[Standard, str]:
    """Return the standards of native conditions by name."""
    return {
        Standard.OPCUA: "OPC UA / NAMUR NE 107",
        Standard.OPCUA_ALARM: "OPC UA Alarms",
        Standard.MTCONNECT: "MTConnect",
        Standard.SPARKPLUG: "Sparkplug",
        Standard.ISO15143: "ISO 15143-3",
        Standard.SNMP: "SNMP",
        Standard.SNMP_ALARM: "SNMP Alarm MIB",
    }


class ModelWords:
    """Names and quantities of one model in the reader's language."""

    def __init__(self, rules: ModelRules) -> None:
        self._signals = {one.name: one for one in rules.signals}
        self._locale = reader_locale()

    def label(self, name: str) -> str:
        """Return what the model calls a signal."""
        if name == EVERY_SIGNAL:
            return str(_("any signal"))
        signal = self._signals.get(name)
        if signal is None:
            return name
        return (signal.label_da if self._locale == "da" else signal.label_en) or name

    def amount(self, name: str, value: float) -> str:
        """Write a value of a signal, with its unit."""
        return quantity(value, self._signals.get(name), self._locale)

    def time(self, seconds: float) -> str:
        """Write a duration."""
        return duration(seconds, locale=self._locale)

    def day(self, on: date) -> str:
        """Write a day, as long as it takes to be clear."""
        return format_date(on, "long", locale=self._locale)

    def count(self, value: float) -> str:
        """Write a number without a unit."""
        return number(value, locale=self._locale)


def _beyond(subject: str, rule: Banded, amount: Callable[[float], str]) -> str:
    if rule.low is not None and rule.high is not None:
        low, high = amount(rule.low), amount(rule.high)
        return str(_("%(signal)s is outside %(low)s to %(high)s", signal=subject, low=low, high=high))
    if rule.high is not None:
        return str(_("%(signal)s is above %(limit)s", signal=subject, limit=amount(rule.high)))
    return str(_("%(signal)s is below %(limit)s", signal=subject, limit=amount(rule.low or 0.0)))


def _limit(words: ModelWords, rule: LimitRule) -> str:
    return _beyond(words.label(rule.signal), rule, lambda value: words.amount(rule.signal, value))


def _rate(words: ModelWords, rule: RateRule) -> str:
    per = words.time(rule.per_s)
    label = words.label(rule.signal)
    rising, falling = (
        None if limit is None else words.amount(rule.signal, abs(limit)) for limit in (rule.high, rule.low)
    )
    if rising and falling:
        return str(
            _(
                "%(signal)s rises faster than %(high)s or falls faster than %(low)s in %(time)s",
                signal=label,
                high=rising,
                low=falling,
                time=per,
            )
        )
    if rising:
        return str(_("%(signal)s rises faster than %(limit)s in %(time)s", signal=label, limit=rising, time=per))
    return str(_("%(signal)s falls faster than %(limit)s in %(time)s", signal=label, limit=falling, time=per))


def _window(words: ModelWords, rule: WindowRule) -> str:
    over = words.time(rule.over_s) if rule.over_s else _("%(count)s values", count=words.count(rule.samples or 0))
    what = aggregate_words()[rule.aggregate]
    subject = _("%(aggregate)s of %(signal)s over %(span)s", aggregate=what, signal=words.label(rule.signal), span=over)
    if rule.aggregate is Aggregate.COUNT:
        return _beyond(str(subject), rule, words.count)
    return _beyond(str(subject), rule, lambda value: words.amount(rule.signal, value))


def _no_change(words: ModelWords, rule: NoChangeRule) -> str:
    over = words.time(rule.for_s) if rule.for_s else _("%(count)s values", count=words.count(rule.samples or 0))
    return str(_("%(signal)s has not moved over %(span)s", signal=words.label(rule.signal), span=over))


def _codes(words: ModelWords, rule: CodesRule) -> str:
    locale = reader_locale()
    each = [f"{one.code} ({health_word(one.health.value, locale=locale)})" for one in rule.codes]
    return str(_("%(signal)s shows an alarm code: %(codes)s", signal=words.label(rule.signal), codes=", ".join(each)))


def _counter(words: ModelWords, rule: CounterRule) -> str:
    label = words.label(rule.signal)
    spans = []
    if rule.every is not None:
        every = words.amount(rule.signal, rule.every)
        spans.append(_("%(signal)s has counted %(every)s since the last service", signal=label, every=every))
    if rule.every_s is not None:
        spans.append(_("%(span)s have gone by since the last service", span=words.time(rule.every_s)))
    if rule.every_months is not None:
        months = ngettext("%(num)d month has", "%(num)d months have", rule.every_months)
        spans.append(_("%(months)s gone by since the last service", months=months))
    if rule.due_on is not None:
        spans.append(_("it is %(day)s", day=words.day(rule.due_on)))
    due = _(" or ").join(map(str, spans))
    ahead = [words.amount(rule.signal, rule.ahead) if rule.every is not None else words.time(rule.ahead)]
    told = ([] if not rule.ahead else ahead) + ([] if not rule.ahead_s else [words.time(rule.ahead_s)])
    return str(_("%(due)s, said %(ahead)s before", due=due, ahead=_(" or ").join(told))) if told else str(due)


def _combination(_words: ModelWords, rule: CombinationRule) -> str:
    parts = []
    if rule.all_of:
        codes = _listed(rule.all_of, _(" and "))
        parts.append(ngettext("%(codes)s is active", "%(codes)s are active", len(rule.all_of), codes=codes))
    if rule.any_of:
        parts.append(_("one of %(codes)s is active", codes=_listed(rule.any_of, _(" or "))))
    if rule.none_of:
        parts.append(_("%(codes)s is not active", codes=_listed(rule.none_of, _(" or "))))
    return str(_(" and ").join(map(str, parts)))


def _listed(codes: Iterable[str], word: str) -> str:
    *first, last = codes
    return f"{', '.join(first)}{word}{last}" if first else last


def _native(words: ModelWords, rule: NativeRule) -> str:
    standard = standard_words()[rule.standard]
    if rule.by_code:
        label = words.label(rule.signal)
        return str(
            _("the machine reports one of its own codes in %(signal)s (%(standard)s)", signal=label, standard=standard)
        )
    return str(
        _("the machine says so itself in %(signal)s (%(standard)s)", signal=words.label(rule.signal), standard=standard)
    )


def _baseline(words: ModelWords, rule: BaselineRule) -> str:
    count = words.count(rule.learn)
    return str(
        _(
            "%(signal)s is unlike its own past, learned from %(count)s values",
            signal=words.label(rule.signal),
            count=count,
        )
    )


_CLAUSES: Mapping[type, Callable[[ModelWords, Any], str]] = {
    LimitRule: _limit,
    RateRule: _rate,
    WindowRule: _window,
    NoChangeRule: _no_change,
    CodesRule: _codes,
    CounterRule: _counter,
    CombinationRule: _combination,
    NativeRule: _native,
    BaselineRule: _baseline,
}
