"""Pure: samples in order of time through the rules that judge live, and what one of them made of them.

Source: docs/adr/0037-rules-are-data.md.
"""

from statusportal.foundation.vocabulary import Health
from statusportal.profiles.vocabulary import AnyRule, Banded, CombinationRule, LimitRule, Profile, codes_of, parts_of
from statusportal.rules.evaluating import Device
from statusportal.rules.vocabulary import Change, Phase, Sample
from statusportal.trials.vocabulary import Firing, Passing

MOST_KEPT = 100

Place = tuple[str, str | None]


class Watch:
    """One rule among those it is made of, on one device; constant memory, however long it watches."""

    def __init__(self, profile: Profile, rule: AnyRule) -> None:
        self.times = self.active_ms = 0
        self.firings: list[Firing] = []
        self.passings: list[Passing] = []
        self._codes = frozenset(codes_of(rule))
        self._device = Device(profile)
        self._limit = rule if isinstance(rule, LimitRule) else None
        self._open: dict[Place, Firing] = {}
        self._pending: dict[Place, int] = {}

    def hear(self, sample: Sample) -> None:
        """Take in the next sample."""
        self._device.hear(*sample)
        if self._device.changes:
            self._note()
        if self._open and self._limit is not None and sample.signal == self._limit.signal:
            self._reach(self._limit, sample)

    def end(self, at_ms: int) -> None:
        """Let time pass to the end of what is looked at; what is active then is still so."""
        self._device.elapse(at_ms)
        self._note()
        for firing in self._open.values():
            self.active_ms += at_ms - firing.from_ms
            self._keep(firing)
        self._open.clear()
        self.firings.sort(key=lambda one: (one.from_ms, one.code, one.signal or ""))

    @property
    def learned(self) -> float:
        """Return the least share of a normal that the rule has learned, of signals that came; 1 where it needs none."""
        shares = [one.learned for one in self._device.standings() if one.code in self._codes]
        return min([share for share in shares if share] or shares, default=1.0)

    def _note(self) -> None:
        changes, self._device.changes = self._device.changes, []
        for change in changes:
            if change.code in self._codes:
                self._follow(change)

    def _follow(self, change: Change) -> None:
        place = (change.code, change.signal)
        if change.after is Phase.PENDING:
            self._pending[place] = change.at_ms
        elif change.after.is_active and place not in self._open:
            self.times += 1
            self._pending.pop(place, None)
            self._open[place] = Firing(*place, change.health, change.at_ms, None, _number(change.value))
        elif not change.after.is_active and place in self._open:
            firing = self._open.pop(place)
            self.active_ms += change.at_ms - firing.from_ms
            self._keep(Firing(*place, firing.health, firing.from_ms, change.at_ms, firing.peak))
        elif place in self._pending:
            began_ms = self._pending.pop(place)
            if change.after is Phase.NORMAL and len(self.passings) < MOST_KEPT:
                self.passings.append(Passing(began_ms, change.at_ms))

    def _keep(self, firing: Firing) -> None:
        if len(self.firings) < MOST_KEPT:
            self.firings.append(firing)

    def _reach(self, limit: LimitRule, sample: Sample) -> None:
        """Remember the value that went farthest beyond the limit while it was broken."""
        value = _number(sample.value)
        if value is None:
            return
        for place, firing in self._open.items():
            if firing.peak is None or _beyond(limit, value) > _beyond(limit, firing.peak):
                self._open[place] = Firing(*place, firing.health, firing.from_ms, None, value)


def alone(profile: Profile, rule: AnyRule) -> Profile:
    """Return a profile with a rule and what it is made of, and nothing else that would have to be judged."""
    known = {code: one for one in profile.rules for code in codes_of(one)}
    wanted: dict[str, AnyRule] = {rule.code: rule}
    waiting = list(parts_of(rule))
    while waiting:
        part = known[waiting.pop()]
        if part.code not in wanted:
            wanted[part.code] = part
            waiting.extend(parts_of(part))
    return Profile(
        format=profile.format,
        name=profile.name,
        expected_interval_s=profile.expected_interval_s,
        signals=profile.signals,
        rules=tuple(wanted.values()),
    )


def signals_watched(profile: Profile) -> frozenset[str]:
    """Name the signals that a profile's rules look at."""
    return frozenset(rule.signal for rule in profile.rules if not isinstance(rule, CombinationRule))


def worst_of(device: Device) -> tuple[Health, tuple[str, ...]]:
    """Return a device's health by its rules alone, and what is active."""
    active = [one for one in device.standings() if one.phase.is_active]
    health = max((one.health for one in active), key=lambda one: one.rank, default=Health.NORMAL)
    return health, tuple(sorted({one.code for one in active}))


def _beyond(rule: Banded, value: float) -> float:
    above = value - rule.high if rule.high is not None else float("-inf")
    below = rule.low - value if rule.low is not None else float("-inf")
    return max(above, below)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
