"""Pure: one device under its profile, sample by sample; what each costs depends on the rules of its signal alone.

Samples must come in the order of their time, and of their signals' names within one instant; `replaying` sees to that.

Source: docs/adr/0037-rules-are-data.md.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from devices.reading import Value
from statusportal.judges.counting import CounterDue, Forecast
from statusportal.judges.vocabulary import MOST, NEVER_MS, Plain, Verdict
from statusportal.norms.learning import Baseline
from statusportal.profiles.vocabulary import (
    EVERY_SIGNAL,
    AnyRule,
    CombinationRule,
    NativeRule,
    Nature,
    Profile,
    Signal,
    is_due_by_time,
    native_code,
    parts_of,
)
from statusportal.rules.compiling import Post, in_order, of_all, posts_of
from statusportal.rules.gating import Gate
from statusportal.rules.vocabulary import Change, Standing

_MOST_SIGNALS = 1_000


class Device:
    """One device under a profile.

    Shape: `changes` grows by every change of phase; whoever has read them takes them out.
    """

    def __init__(self, profile: Profile) -> None:
        self.changes: list[Change] = []
        self._profile = profile
        self._everywhere = [
            rule for rule in profile.rules if not isinstance(rule, CombinationRule) and rule.signal == EVERY_SIGNAL
        ]
        self._native = [rule for rule in profile.rules if isinstance(rule, NativeRule) and rule.by_code]
        self._declared = {name: one for one in profile.signals for name in (one.name, *one.aliases)}
        self._posts: dict[str, Post] = {}
        # Signals that nobody declared, in the order in which they came.
        self._opened: list[str] = []
        self._watches: dict[str, tuple[float, float, list[Post]]] = {}
        # What combinations are made of, by its code; one that watches every signal stands at each.
        self._parts: dict[str, list[Gate]] = {code: [] for rule in profile.rules for code in parts_of(rule)}
        self._flipped = False
        self._due_ms = NEVER_MS
        for signal in profile.signals:
            self._watch(signal.name)
        counted = [post for post in self._posts.values() if isinstance(post.judge, CounterDue)]
        self._timed = [post.gate for post in counted if is_due_by_time(post.rule)]
        self._combined: list[Post] = []
        for rule in in_order(profile.rules):
            self._combined += self._place(rule, None)

    def hear(self, at_ms: int, signal: str, value: Value) -> None:
        """Take in the next sample. Units: milliseconds since 1970 UTC."""
        lowest, highest, posts = self._watches.get(signal) or self._watch(signal)
        if at_ms >= self._due_ms:
            self._run_until(at_ms)
        if self._parts:
            self._wake(at_ms, posts)
        # False for NaN, and for infinities and integers that are too long for a double.
        number = float(value) if not isinstance(value, str) and lowest <= value <= highest else None
        due_ms = self._due_ms
        for post in posts:
            judge, gate = post.judge, post.gate
            told = value
            if not post.is_numeric:
                verdict = judge.hear(at_ms, value)
            elif number is None:
                verdict = post.otherwise
            else:
                verdict = judge.hear(at_ms, number)
                if judge.measure is not None:
                    told = judge.measure
            if verdict is Verdict.BROKEN and judge.health is not None:
                gate.escalate(judge.health, at_ms, value)
            gate.hear(verdict, at_ms, told)
            if gate.due_ms < due_ms:  # noqa: PLR1730 - the hottest loop of all
                due_ms = gate.due_ms
        self._due_ms = due_ms
        if self._flipped:
            self._combine(at_ms)

    def elapse(self, to_ms: int) -> None:
        """Let time pass up to an instant: what is pending falls due, and what is not heard becomes unknown."""
        self._run_until(to_ms)
        for post in self._posts.values():
            post.gate.elapse(to_ms)

    def serve(self, code: str, at_ms: int) -> None:
        """Begin a counter anew because its service was done; a code that counts nothing changes nothing."""
        post = self._posts.get(code)
        if post is not None and isinstance(post.judge, CounterDue):
            post.judge.serve(at_ms)
            post.gate.hear(Verdict.CLEAR, at_ms, None)
            self._combine(at_ms)

    def counters(self) -> list[tuple[str, bool, Forecast]]:
        """Say of each counter that was heard how far it is, by its code, and whether it calls for service already."""
        found = []
        for post in self._posts.values():
            forecast = post.judge.forecast() if isinstance(post.judge, CounterDue) else None
            if forecast is not None:
                found.append((post.gate.code, post.gate.phase.is_active, forecast))
        return found

    @property
    def calendar_ms(self) -> int | None:
        """Return when a service falls due by time alone, heard or not, or None."""
        calm = [gate for gate in self._timed if not gate.phase.is_active]
        due_ms = min((gate.foreseen_ms for gate in calm), default=NEVER_MS)
        return None if due_ms == NEVER_MS else due_ms

    @property
    def due_ms(self) -> int | None:
        """Return when something falls due by itself if nothing more is heard, or None."""
        due_ms = min((post.gate.due_ms for post in self._posts.values()), default=NEVER_MS)
        return None if due_ms == NEVER_MS else due_ms

    def standings(self) -> list[Standing]:
        """Say where every condition stands, in the order of the profile."""
        found = []
        for post in self._posts.values():
            gate = post.gate
            learned = post.judge.learned if isinstance(post.judge, Baseline) else 1.0
            where = (gate.code, post.signal, gate.phase, gate.health, gate.since_ms)
            heard_ms = None if gate.last_ms == -NEVER_MS else gate.last_ms
            due_ms = None if gate.due_ms == NEVER_MS else gate.due_ms
            measure = post.judge.measured(gate.last_ms)
            times = (gate.active_since_ms, gate.first_ms, gate.count)
            found.append(Standing(*where, *times, learned, heard_ms, due_ms, measure))
        return found

    def undecided(self) -> frozenset[str]:
        """Name the combinations that their parts leave open, as of the time that was let pass, for a screen."""
        return frozenset(gate.code for gate, verdict in self._verdicts(-NEVER_MS) if verdict is Verdict.UNKNOWN)

    def dump(self) -> dict[str, Plain]:
        """Return all that is remembered, as plain values that JSON can carry."""
        return {"signals": list[Plain](self._opened), "posts": {key: post.dump() for key, post in self._posts.items()}}

    def load(self, kept: Mapping[str, Any]) -> None:
        """Go on from what was remembered, whatever this one remembers; a rule that is another since begins anew."""
        if self._opened != kept["signals"]:
            self._open(kept["signals"])
        self.changes, self._flipped = [], False
        due_ms, posts = NEVER_MS, kept["posts"]
        for key, post in self._posts.items():
            post.load(posts.get(key))
            gate = post.gate
            if gate.due_ms < due_ms:  # noqa: PLR1730 - done for each rule in each batch
                due_ms = gate.due_ms
        self._due_ms = due_ms

    def _open(self, names: Iterable[str]) -> None:
        """Watch these signals beside the declared ones, and no others."""
        for name in self._opened:
            for post in self._watches.pop(name)[2]:
                gate = self._posts.pop(post.key).gate
                if gate.code in self._parts:
                    self._parts[gate.code].remove(gate)
        for rule in self._native:
            posts = self._watches[rule.signal][2]
            posts[:] = [post for post in posts if post.key in self._posts]
        self._opened = []
        for name in names:
            self._watch(name)

    def _watch(self, name: str) -> tuple[float, float, list[Post]]:
        """Set the posts of a signal; under another of its names they are the same."""
        declared = self._declared.get(name)
        if declared is not None and declared.name != name:
            watch = self._watches[name] = self._watches[declared.name]
            return watch
        if len(self._watches) >= _MOST_SIGNALS + len(self._declared):
            return -MOST, MOST, []
        signal = declared or Signal(name=name)
        rules: list[AnyRule] = [
            rule for rule in self._profile.rules if not isinstance(rule, CombinationRule) and rule.signal == name
        ]
        if signal.kind is Nature.GAUGE:
            rules += self._everywhere
        posts = [post for rule in rules for post in self._place(rule, signal)]
        for rule in self._native:
            if native_code(rule, name) is not None:
                own = self._place(rule, signal)
                posts += own
                self._watches[rule.signal][2].extend(of_all(rule, post) for post in own)
        lowest = -MOST if signal.lowest is None else signal.lowest
        highest = MOST if signal.highest is None else signal.highest
        watch = self._watches[name] = (lowest, highest, posts)
        if declared is None:
            self._opened.append(name)
        return watch

    def _place(self, rule: AnyRule, signal: Signal | None) -> list[Post]:
        posts = posts_of(rule, signal, self._profile.expected_interval_s, self._tell)
        self._posts.update((post.key, post) for post in posts)
        for post in posts:
            if post.gate.code in self._parts:
                self._parts[post.gate.code].append(post.gate)
        return posts

    def _tell(self, change: Change) -> None:
        """Note a change; a combination may be another by it, unless time alone made it, which `stands` sees itself."""
        self.changes.append(change)
        if change.code in self._parts:
            is_heard = change.value is not None
            self._flipped |= is_heard or change.before.is_active is not change.after.is_active

    def _wake(self, at_ms: int, posts: Iterable[Post]) -> None:
        """Judge the combinations of a part that was silent, before it speaks again and once it has."""
        if any(post.gate.code in self._parts and post.gate.is_silent(at_ms) for post in posts):
            self._combine(at_ms)
            self._flipped = True

    def _run_until(self, to_ms: int) -> None:
        """Let fall due what falls due, in its order, so that combinations see each instant as it was."""
        while self._posts:
            gate = min(self._posts.values(), key=lambda post: post.gate.due_ms).gate
            self._due_ms = gate.due_ms
            if self._due_ms > to_ms:
                break
            if gate.signal is None:
                self._combine(self._due_ms)  # its parts may have fallen silent since
            gate.elapse(self._due_ms)
            if self._flipped:
                self._combine(self._due_ms)

    def _combine(self, at_ms: int) -> None:
        """Judge all combinations, each after those it is made of: one that nobody can judge is an unknown part."""
        for gate, verdict in self._verdicts(at_ms):
            if verdict is Verdict.UNKNOWN:
                gate.lose(at_ms)
            else:
                gate.hear(verdict, at_ms, None)
            self._due_ms = min(self._due_ms, gate.due_ms)
        self._flipped = False

    def _verdicts(self, at_ms: int) -> Iterator[tuple[Gate, Verdict]]:
        """Judge combination after combination; whoever takes a verdict acts on it before the next is judged."""
        unknown: set[str] = set()
        for post in self._combined:
            verdict = _together(post.rule, lambda code: None if code in unknown else self._stands(code, at_ms))
            if verdict is Verdict.UNKNOWN:
                unknown.add(post.gate.code)
            yield post.gate, verdict

    def _stands(self, code: str, at_ms: int) -> bool | None:
        """Tell whether a part is active, None where nobody knows; one on every signal is known where one of them is."""
        known = [stands for gate in self._parts[code] if (stands := gate.stands(at_ms)) is not None]
        return any(known) if known else None


def _together(rule: AnyRule, stands: Callable[[str], bool | None]) -> Verdict:
    """Judge a combination by the logic of three values: what one part decides needs no other to be known."""
    if not isinstance(rule, CombinationRule):
        return Verdict.UNKNOWN
    needed = [stands(code) for code in rule.all_of]
    needed += [None if (one := stands(code)) is None else not one for code in rule.none_of]
    if rule.any_of:
        choices = [stands(code) for code in rule.any_of]
        needed.append(True if True in choices else None if None in choices else False)
    if False in needed:
        return Verdict.CLEAR
    return Verdict.UNKNOWN if None in needed else Verdict.BROKEN
