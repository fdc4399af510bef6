"""Where a rule stands, in plain words: its state and since when, the value beside the limit, what it takes to clear."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from flask_babel import gettext as _

from statusportal.catalogue.vocabulary import ModelRules
from statusportal.foundation.clock import from_ms
from statusportal.http.filters import reader_locale, reader_zone
from statusportal.http.formatting import since
from statusportal.http.rule_sentences import ModelWords, rule_sentence
from statusportal.profiles.vocabulary import (
    Aggregate,
    AnyRule,
    BaselineRule,
    CodesRule,
    CombinationRule,
    CounterRule,
    NativeRule,
    NoChangeRule,
    RateRule,
    WindowRule,
)
from statusportal.rules.vocabulary import Phase
from statusportal.standings.vocabulary import RuleNow

_WHOLE = 100


@dataclass(frozen=True, slots=True)
class StandingWords:
    """A rule, where it stands, the value beside the limit, and what it takes to clear; empty where there is nothing."""

    says: str
    stands: str
    now: str
    takes: str


def standing_words(one: RuleNow, rules: ModelRules, now: datetime) -> StandingWords:
    """Say in the reader's language where a rule stands; labels and units are the model's."""
    words = _Standing(one, rules, now)
    return StandingWords(rule_sentence(_told(one), rules), words.stands(), words.beside(), words.takes())


def phase_words() -> Mapping[Phase, str]:
    """Return the states of a rule as words."""
    return {
        Phase.NORMAL: _("normal"),
        Phase.PENDING: _("pending"),
        Phase.ACTIVE: _("active"),
        Phase.RECOVERING: _("recovering"),
        Phase.NO_DATA: _("no data"),
        Phase.ERROR: _("cannot be judged"),
    }


def _told(one: RuleNow) -> AnyRule:
    """Return a rule narrowed to what stands here: one of its codes, the signal it watches."""
    rule = one.rule
    if isinstance(rule, CodesRule):
        return msgspec.structs.replace(rule, codes=tuple(code for code in rule.codes if code.code == one.code))
    if one.signal is not None and not isinstance(rule, CombinationRule | NativeRule):
        return msgspec.structs.replace(rule, signal=one.signal)
    return rule


class _Standing:
    """One rule of one device in the reader's language."""

    def __init__(self, one: RuleNow, rules: ModelRules, now: datetime) -> None:
        self._one, self._now = one, now
        self._words = ModelWords(rules)
        named = one.rule.signal if isinstance(one.rule, NativeRule) else one.signal
        self._label = self._words.label(named) if named else ""

    def stands(self) -> str:
        """Say the state, since when, and until when where it ends by itself."""
        one = self._one
        at, due = self._at(one.since_ms), self._at(one.due_ms)
        if one.phase is Phase.NO_DATA:
            return self._without_data(at)
        if one.phase is Phase.ERROR:
            value = self._value()
            return str(
                _("Cannot be judged since %(time)s: %(value)s is no value that it can use.", time=at, value=value)
            )
        if one.phase is Phase.PENDING:
            return str(_("Pending since %(time)s; it fires at %(due)s if it stays so.", time=at, due=due))
        if one.phase is Phase.RECOVERING:
            return str(_("Recovering since %(time)s; it clears at %(due)s if it stays so.", time=at, due=due))
        if one.phase is Phase.ACTIVE:
            return str(_("Active since %(time)s.", time=self._at(one.active_since_ms) or at))
        foreseen = _("Normal since %(time)s; by the calendar it is said %(due)s at the latest.", time=at, due=due)
        return str(foreseen if due else _("Normal since %(time)s.", time=at))

    def _without_data(self, at: str) -> str:
        one = self._one
        if isinstance(one.rule, CombinationRule):
            return str(_("No data: what decides it is not known."))
        if isinstance(one.rule, BaselineRule) and 0 < one.learned < 1:
            return str(_("No verdict yet: %(share)s of its normal is learned.", share=self._share(one.learned)))
        if one.since_ms is not None:
            return str(_("No data since %(time)s: %(signal)s tells nothing.", time=at, signal=self._label))
        if one.value is None:
            return str(_("No data: %(signal)s was never heard.", signal=self._label))
        return str(_("No verdict yet: too little was heard of %(signal)s.", signal=self._label))

    def beside(self) -> str:
        """Say what stands against the limit now."""
        one, rule = self._one, self._one.rule
        if isinstance(rule, CombinationRule):
            known = phase_words()
            return ", ".join(f"{code}: {known[phase]}" for code, phase in one.parts)
        if isinstance(rule, NoChangeRule | CounterRule | RateRule | WindowRule):
            return "" if one.measure is None else self._measured(rule, one.measure)
        if one.value is None:
            return ""
        return str(_("Now %(value)s.", value=self._value()))

    def _measured(self, rule: AnyRule, measure: float) -> str:
        words = self._words
        if isinstance(rule, NoChangeRule):
            still = words.time(measure) if rule.for_s is not None else self._values(measure)
            whole = words.time(rule.for_s) if rule.for_s is not None else self._values(rule.samples or 0)
            return str(_("Unmoved for %(time)s of %(whole)s.", time=still, whole=whole))
        if isinstance(rule, CounterRule):
            counted = words.amount(rule.signal, measure)
            if rule.every is None:
                return str(_("%(counted)s counted since the last service.", counted=counted))
            whole = words.amount(rule.signal, rule.every)
            return str(_("%(counted)s of %(whole)s counted since the last service.", counted=counted, whole=whole))
        if isinstance(rule, RateRule):
            rate = words.amount(rule.signal, measure)
            return str(_("Now %(value)s in %(time)s.", value=rate, time=words.time(rule.per_s)))
        return str(_("Now %(value)s.", value=self._amount(rule, measure)))

    def takes(self) -> str:
        """Say what would clear it, where it is active."""
        one = self._one
        if not one.phase.is_active:
            return ""
        what = _CLEARING[type(one.rule)](self, one.rule) if type(one.rule) in _CLEARING else self._back(one.rule)
        if one.rule.keep_firing_s:
            return str(_("To clear: %(what)s for %(time)s.", what=what, time=self._words.time(one.rule.keep_firing_s)))
        return str(_("To clear: %(what)s.", what=what))

    def _back(self, rule: Any) -> str:  # noqa: ANN401 - a banded one, as the table of kinds says
        low = None if rule.low is None else self._amount(rule, rule.low + rule.hysteresis)
        high = None if rule.high is None else self._amount(rule, rule.high - rule.hysteresis)
        if low is not None and high is not None:
            return str(_("%(low)s to %(high)s", low=low, high=high))
        return str(_("at most %(limit)s", limit=high) if high is not None else _("at least %(limit)s", limit=low))

    def moved(self, rule: NoChangeRule) -> str:
        """Say what clears a stuck sensor."""
        if not rule.tolerance:
            return str(_("the value moves again"))
        far = self._words.amount(self._one.signal or "", rule.tolerance)
        return str(_("the value moves by more than %(far)s", far=far))

    def _amount(self, rule: AnyRule, value: float) -> str:
        if isinstance(rule, WindowRule) and rule.aggregate is Aggregate.COUNT:
            return self._words.count(value)
        return self._words.amount(self._one.signal or "", value)

    def _value(self) -> str:
        value = self._one.value
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        if isinstance(value, int | float):
            return self._words.amount(self._one.signal or "", float(value))
        return f"“{value}”" if value is not None else "–"

    def _values(self, count: float) -> str:
        return str(_("%(count)s values", count=self._words.count(count)))

    def _share(self, share: float) -> str:
        return f"{self._words.count(int(share * _WHOLE))}\N{NO-BREAK SPACE}%"

    def _at(self, at_ms: int | None) -> str:
        return "" if at_ms is None else since(from_ms(at_ms), now=self._now, zone=reader_zone(), locale=reader_locale())


_CLEARING: Mapping[type, Callable[[_Standing, Any], str]] = {
    NoChangeRule: _Standing.moved,
    CodesRule: lambda _words, _rule: _("the machine shows the code no more"),
    CounterRule: lambda _words, _rule: _("somebody says that the service was done"),
    CombinationRule: lambda _words, _rule: _("its parts stand so no more"),
    NativeRule: lambda _words, _rule: _("the machine says that it is over"),
    BaselineRule: lambda _words, _rule: _(
        "the values are like its own past again, or stay so long that they are its normal"
    ),
}
