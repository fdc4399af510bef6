"""Pure: from a rule as data to the judges and gates that watch a signal for it.

Source: the product's words, Connectivity: offline after 5 reporting intervals, and nothing is known from then on.
"""

import functools
import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from statusportal.judges.counting import CounterDue
from statusportal.judges.judging import Coded, Limit, Native, NoChange, OfAll, Rate, Together
from statusportal.judges.vocabulary import NEVER_MS, SECOND_MS, Judge, Verdict
from statusportal.judges.windowing import Window
from statusportal.norms.learning import Baseline
from statusportal.profiles.vocabulary import (
    EVERY_SIGNAL,
    AnyRule,
    BaselineRule,
    CodesRule,
    CombinationRule,
    CounterRule,
    LimitRule,
    NativeRule,
    Nature,
    NoChangeRule,
    RateRule,
    Signal,
    WindowRule,
    judged,
    native_code,
    parts_of,
    signal_of,
)
from statusportal.rules.gating import Gate, Tell

SILENCE_INTERVALS = 5

_JUDGES: Mapping[type, Callable[[Any], Judge]] = {
    LimitRule: Limit,
    WindowRule: Window,
    NativeRule: Native,
    BaselineRule: Baseline,
    CombinationRule: lambda _rule: Together(),
}


class Post:
    """One judge with its gate, where it watches. `otherwise` is what a value means that is no usable number."""

    __slots__ = ("_blank", "_rule_mark", "gate", "is_numeric", "judge", "key", "otherwise", "rule", "signal")

    def __init__(self, rule: AnyRule, signal: str | None, judge: Judge, gate: Gate) -> None:
        self.rule, self.signal, self.judge, self.gate = rule, signal, judge, gate
        self.is_numeric = not isinstance(rule, CodesRule | NativeRule)
        is_everywhere = signal_of(rule) == EVERY_SIGNAL
        is_one_of_many = is_everywhere or native_code(rule, signal) is not None
        self.key = f"{gate.code}@{signal}" if is_one_of_many else gate.code
        self.otherwise = Verdict.SILENT if is_everywhere else Verdict.ERROR
        self._rule_mark = _mark(rule)
        self._blank = self.dump()

    def dump(self) -> list[Any]:
        """Return what judge and gate remember, under the mark of the rule."""
        return [self._rule_mark, self.gate.dump(), self.judge.dump()]

    def load(self, kept: list[Any] | None) -> None:
        """Go on from what was remembered if the rule is still the same; without it, begin anew."""
        if kept is None or kept[0] != self._rule_mark:
            kept = self._blank
        self.gate.load(kept[1])
        self.judge.load(kept[2])


def posts_of(rule: AnyRule, signal: Signal | None, interval_s: float | None, tell: Tell) -> list[Post]:
    """Make the posts of a rule at a signal: one, but for codes, of which each is a condition of its own."""
    if signal is None or (isinstance(rule, NativeRule) and rule.by_code):
        interval_s = None  # conditions are told when they change
    else:
        interval_s = signal.expected_interval_s or interval_s
    silence_ms = NEVER_MS if interval_s is None else round(interval_s * SILENCE_INTERVALS * SECOND_MS)
    name = None if signal is None else signal.name
    if isinstance(rule, CodesRule):
        return [
            Post(rule, name, Coded(one), Gate((one.code, name), rule, one.health, silence_ms, tell))
            for one in rule.codes
        ]
    gate = Gate((rule.code, name), rule, rule.health, silence_ms, tell)
    if isinstance(rule, CounterRule):
        return [Post(rule, name, CounterDue(rule, gate.foresee), gate)]
    return [Post(rule, name, _judge(rule, signal, None if interval_s is None else silence_ms), gate)]


def of_all(rule: NativeRule, one: Post) -> Post:
    """Make what hears the machine speak of all its conditions, for one of them; it remembers nothing of its own."""
    return Post(rule, one.signal, OfAll(rule), one.gate)


def _judge(rule: AnyRule, signal: Signal | None, silence_ms: int | None) -> Judge:
    if isinstance(rule, RateRule):
        return Rate(rule, counts=signal is not None and signal.kind is Nature.COUNTER)
    return NoChange(rule, silence_ms) if isinstance(rule, NoChangeRule) else _JUDGES[type(rule)](rule)


def in_order(rules: Iterable[AnyRule]) -> list[CombinationRule]:
    """Return the combinations, each after those it is made of; a long chain of them is walked, not descended."""
    combined = {rule.code: rule for rule in rules if isinstance(rule, CombinationRule)}
    ordered: dict[str, CombinationRule] = {}
    waiting = list(reversed(combined.values()))
    while waiting:
        rule = waiting[-1]
        missing = [combined[code] for code in parts_of(rule) if code in combined and code not in ordered]
        if missing:
            waiting += reversed(missing)
        else:
            ordered[waiting.pop().code] = rule
    return list(ordered.values())


@functools.lru_cache(maxsize=4_096)
def _mark(rule: AnyRule) -> str:
    return hashlib.sha256(msgspec.json.encode(judged(rule))).hexdigest()[:16]
