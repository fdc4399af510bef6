"""Pure: what the rules of a profile say against each other: one code for two things, combinations of what cannot be."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from statusportal.foundation.errors import Faults, Sentence
from statusportal.profiles.vocabulary import AnyRule, CodesRule, CombinationRule, LimitRule, codes_of, parts_of

Span = tuple[float, float]


def check_codes_differ(faults: Faults, rules: Iterable[AnyRule]) -> None:
    """Note every code that stands for two things; a rule of codes may be called as one of its own."""
    places: list[tuple[str, str]] = []
    for index, rule in enumerate(rules):
        inner = rule.codes if isinstance(rule, CodesRule) else ()
        if rule.code not in {one.code for one in inner}:
            places.append((f"/rules/{index}/code", rule.code))
        places += [(f"/rules/{index}/codes/{at}/code", one.code) for at, one in enumerate(inner)]
    counted = Counter(code for _, code in places)
    for pointer, code in places:
        if counted[code] > 1:
            faults.note(pointer, Sentence("“%(name)s” is there twice", name=code))


def check_combinations(faults: Faults, rules: tuple[AnyRule, ...]) -> None:
    """Note every part of a combination that is not there or leads back, and every combination that says nothing."""
    known = {code for rule in rules for code in codes_of(rule)}
    limits = {rule.code: rule for rule in rules if isinstance(rule, LimitRule)}
    parts = {rule.code: parts_of(rule) for rule in rules}
    for index, rule in enumerate(rules):
        if not isinstance(rule, CombinationRule):
            continue
        for field in ("all_of", "any_of", "none_of"):
            for at, code in enumerate(getattr(rule, field)):
                if code not in known:
                    faults.note(f"/rules/{index}/{field}/{at}", Sentence("“%(name)s” is not a rule here", name=code))
                elif _leads_to(parts, code, rule.code):
                    faults.note(f"/rules/{index}/{field}/{at}", Sentence("leads back to this rule"))
        _check_sense(faults, f"/rules/{index}", rule, limits)


def _leads_to(parts: Mapping[str, tuple[str, ...]], start: str, goal: str) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        code = waiting.pop()
        if code == goal:
            return True
        if code not in seen:
            seen.add(code)
            waiting.extend(parts.get(code, ()))
    return False


def _check_sense(faults: Faults, place: str, rule: CombinationRule, limits: Mapping[str, LimitRule]) -> None:
    both = sorted(set(rule.all_of) & set(rule.none_of))
    if both:
        faults.note(f"{place}/none_of", Sentence("“%(name)s” is asked for as well", name=both[0]))
    if rule.any_of and set(rule.any_of) <= set(rule.none_of):
        faults.note(f"{place}/none_of", Sentence("leaves nothing of “any_of”, so it could never match"))
    wanted = [limits[code] for code in rule.all_of if code in limits]
    if any(_never_meet(wanted, signal) for signal in {one.signal for one in wanted}):
        faults.note(f"{place}/all_of", Sentence("are limits that no value can break at once"))
    if _is_always_one([limits[code] for code in rule.any_of if code in limits]):
        faults.note(
            f"{place}/any_of", Sentence("are limits of which every value breaks one, so it would match for ever")
        )


def _never_meet(limits: Iterable[LimitRule], signal: str) -> bool:
    """Say whether no value can keep limits active at once; one that goes on for a while may meet any other."""
    left: list[Span] = [(-math.inf, math.inf)]
    for limit in limits:
        if limit.signal == signal and not limit.keep_firing_s:
            active = _active(limit)
            left = [(max(a, c), min(b, d)) for a, b in left for c, d in active if max(a, c) < min(b, d)]
    return not left


def _active(limit: LimitRule) -> list[Span]:
    """Return between which values a limit can be active: until a value is back by its hysteresis."""
    spans = []
    if limit.low is not None:
        spans.append((-math.inf, limit.low + limit.hysteresis))
    if limit.high is not None:
        spans.append((limit.high - limit.hysteresis, math.inf))
    return spans


def _is_always_one(limits: Iterable[LimitRule]) -> bool:
    """Say whether every value breaks one of some limits at once: above one, or below another that lies higher."""
    highs: dict[str, float] = {}
    lows: dict[str, float] = {}
    for limit in limits:
        if limit.pending_s or limit.cooldown_s:
            continue
        if limit.high is not None:
            highs[limit.signal] = min(limit.high, highs.get(limit.signal, math.inf))
        if limit.low is not None:
            lows[limit.signal] = max(limit.low, lows.get(limit.signal, -math.inf))
    return any(lows.get(signal, -math.inf) > high for signal, high in highs.items())
