"""Pure: rules, what is known, and samples in; what is known then, and what changed, out.

Conditions follow the time of the samples, connectivity the time of their arrival. Time itself passes only when it is
told: `hear` brings it to an arrival, `elapse` to an instant. A sample that is older than the newest of its signal
changes nothing about the present; the room `history` puts it in its place.

Source: the product's words, words Connectivity and Health; NAMUR NE 107 (2012) for the order of healths.
"""

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from statusportal.catalogue.vocabulary import LimitRule
from statusportal.derivation.ruling import Found, Ruler
from statusportal.derivation.telling import chosen_reason, condition_of
from statusportal.derivation.timers import SECOND_MS, Frame, declared_health, dues, is_calm_until, is_left_behind
from statusportal.derivation.vocabulary import (
    Cleared,
    ConditionState,
    DeviceState,
    Fact,
    Observation,
    Outcome,
    Phase,
    Raised,
    Shift,
    unheard,
)
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.reasons.sentences import limit_broken, limit_met, reason, rule_met
from statusportal.reasons.vocabulary import Reason
from statusportal.rules.naming import condition_code


def hear(frame: Frame, state: DeviceState | None, observations: Iterable[Observation], arrived_ms: int) -> Outcome:
    """Take in samples that arrived together.

    Shape: their order does not matter; a state of None is a device that was never heard. One that is ahead of its
    time is a sign of life, and says nothing else before its time has come.
    Units: `arrived_ms` is milliseconds since 1970 UTC by the portal's own clock.
    """
    ordered = sorted(observations, key=lambda one: (one.at_ms, one.signal))
    fresh = [one for one in ordered if not one.is_retained and one.at_ms >= arrived_ms - frame.offline_ms]
    is_life = any(not one.is_stale for one in fresh)
    if state is None:
        oldest_ms = ordered[0].at_ms if ordered and not is_life else arrived_ms
        state = unheard(min(oldest_ms, arrived_ms))
    course = _Course(frame, state, arrived_ms)
    course.drop_forgotten_limits()
    if state.connectivity is not Connectivity.NEVER_SEEN:
        course.elapse()
    # A first sign of life shows the machine as it is now, not what went through it on the way.
    course.is_hiding = is_life and state.connectivity is Connectivity.NEVER_SEEN
    for one in ordered:
        if not one.is_ahead(arrived_ms):
            course.observe(one)
    if is_life:
        course.live()
    elif fresh:
        course.fade({one.signal for one in fresh})
    return course.outcome()


def elapse(frame: Frame, state: DeviceState, now_ms: int) -> Outcome:
    """Let time pass up to an instant; what fell due on the way happens at its own time.

    Units: milliseconds since 1970 UTC.
    """
    course = _Course(frame, state, now_ms)
    course.drop_forgotten_limits()
    course.elapse()
    return course.outcome()


def declare(frame: Frame, state: DeviceState, code: str, health: Health, why: Reason, at_ms: int) -> Outcome:
    """Take in what a person says of the device; it counts until it is withdrawn, silence or not.

    Shape: the same code again with another health replaces it; with the same health it changes nothing.
    """
    course = _Course(frame, state, at_ms)
    before = state.conditions.get(code)
    if before is None or not before.is_active or before.health is not health:
        first_ms, count = (before.first_ms, before.count) if before else (at_ms, 0)
        course.raise_condition(
            ConditionState(
                code=code,
                phase=Phase.ACTIVE,
                health=health,
                since_ms=at_ms,
                first_ms=first_ms,
                last_ms=at_ms,
                active_since_ms=at_ms,
                count=count + 1,
                reason=why,
            )
        )
    return course.outcome()


def withdraw(frame: Frame, state: DeviceState, code: str, at_ms: int) -> Outcome:
    """Take back what a person said; a code that is not active changes nothing."""
    course = _Course(frame, state, at_ms)
    condition = state.conditions.get(code)
    if condition is not None and condition.is_active:
        course.clear_condition(condition, at_ms, None, reason("withdrawn"))
    return course.outcome()


def serve(frame: Frame, state: DeviceState, code: str, at_ms: int) -> Outcome:
    """Begin a rule's counter anew because its service was done; a code that counts nothing changes nothing."""
    course = _Course(frame, state, at_ms)
    course.serve(code)
    return course.outcome()


def set_aside(frame: Frame, state: DeviceState, at_ms: int) -> Outcome:
    """Say that a device's status cannot be derived; what is known of it waits, and only signs of life are heard."""
    course = _Course(frame, replace(state, aside_since_ms=at_ms), at_ms)
    course.look(at_ms)
    return course.outcome()


def go_on(frame: Frame, state: DeviceState, at_ms: int) -> Outcome:
    """Show what is known of a device that was set aside."""
    course = _Course(frame, replace(state, aside_since_ms=None), at_ms)
    course.look(at_ms)
    return course.outcome()


def hand_over(frame: Frame, state: DeviceState, at_ms: int) -> Outcome:
    """Begin anew for another owner, who is told nothing of what was before; the former one's conditions clear."""
    course = _Course(frame, state, at_ms)
    for condition in [one for one in state.conditions.values() if one.is_active]:
        course.clear_condition(condition, at_ms, None, reason("handed_over"))
    cleared = tuple(fact for fact in course.outcome().facts if isinstance(fact, Cleared))
    anew = unheard(max(at_ms, state.changed_ms))
    shift = Shift(anew.changed_ms, state.health, anew.health, state.connectivity, anew.connectivity, anew.reason)
    return Outcome(anew, (*cleared, shift))


class _Course:
    """One device on its way through a batch or through time; lives for one call."""

    def __init__(self, frame: Frame, state: DeviceState, until_ms: int) -> None:
        self._frame = frame
        self._state = state
        self._conditions = dict(state.conditions)
        self._limits = frame.limits
        self._until_ms = self._now_ms = until_ms
        self._is_past = is_left_behind(state)
        self._facts: list[Fact] = []
        self.is_hiding = False
        book = None if state.is_aside else frame.rulebook
        self._ruler = None if book is None else Ruler(book, state.memory)
        is_ruled = self._ruler is not None or state.is_aside
        self._dues_of_rules = (state.rules_due_ms, state.service_due_ms) if is_ruled else (None, None)

    def outcome(self) -> Outcome:
        """Give the state reached and the facts on the way."""
        memory = self._state.memory if self._state.is_aside else None
        if self._ruler is not None:
            if self._ruler.heard_ms is not None:
                self._dues_of_rules = self._ruler.due_after(self._ruler.heard_ms, self._until_ms)
            memory = self._ruler.rest()
        return Outcome(replace(self._reached(), memory=memory), tuple(self._facts))

    def _reached(self) -> DeviceState:
        rules_due_ms, service_due_ms = self._dues_of_rules
        conditions = dict(self._conditions)
        return replace(self._state, conditions=conditions, rules_due_ms=rules_due_ms, service_due_ms=service_due_ms)

    def drop_forgotten_limits(self) -> None:
        """Clear conditions of limits and rules that the model has no more."""
        if self._state.is_aside:
            return
        known = self._frame.known_ids
        for code, condition in list(self._conditions.items()):
            if condition.limit_id is not None and condition.limit_id not in known:
                if condition.is_active:
                    self.clear_condition(condition, self._until_ms, None, reason("rule_gone"))
                del self._conditions[code]

    def elapse(self) -> None:
        """Let fall due what falls due by now, in its order."""
        if is_calm_until(self._frame, self._state, self._until_ms):
            return
        while waiting := dues(self._frame, self._reached()):
            due = min(waiting, key=lambda one: (one.at_ms, one.rank, one.code))
            if due.at_ms > self._until_ms:
                break
            self._now_ms = due.at_ms
            if due.is_of_rules and self._ruler is not None:
                self._rule(self._ruler.let_fall_due())
                self._dues_of_rules = self._ruler.due_after(self._ruler.elapsed_ms, due.at_ms)
            elif due.code:
                self._activate_pending(self._conditions[due.code])
            elif due.connectivity is not None:
                self.look(due.at_ms, due.connectivity)
            else:
                self._leave_behind()
        self._now_ms = self._until_ms

    def live(self) -> None:
        """Note a sign of life."""
        self._state = replace(self._state, heard_ms=max(self._state.heard_ms or 0, self._until_ms))
        is_shown = self._state.connectivity is Connectivity.ONLINE and not self._is_past
        self.is_hiding = self._is_past = False
        if not is_shown:  # where it is, every change was looked at when it came
            self.look(self._until_ms, Connectivity.ONLINE)

    def fade(self, signals: Collection[str]) -> None:
        """Note that the machine's source is gone: a death, or values that are all unavailable, and never a failure.

        What is known is hidden at once where most of the signals are gone; one alone may come back before it matters.
        """
        if 2 * len(signals) >= len(self._frame.rules.signals):
            self._hide_known(self._until_ms)
        is_online = self._state.connectivity is Connectivity.ONLINE
        self.look(self._until_ms, Connectivity.STALE if is_online else None)

    def observe(self, one: Observation) -> None:
        """Look at one sample; whatever is older than the newest of its signal changes nothing."""
        if self._is_after_a_gap(one.at_ms):
            self._leave_behind()
        last_ms = self._state.last_event_ms
        self._state = replace(
            self._state,
            arrived_ms=max(self._state.arrived_ms or 0, self._until_ms),
            last_event_ms=one.at_ms if last_ms is None else max(last_ms, one.at_ms),
        )
        if self._state.is_aside or self._is_poor(one, is_newest=last_ms is None or one.at_ms >= last_ms):
            return
        if self._state.known_health is Health.UNKNOWN:
            self._state = replace(self._state, known_health=Health.NORMAL)
            self.look(one.at_ms)
        if self._frame.is_plausible(one.signal, one.value):
            for limit in self._limits.get(one.signal, ()):
                self._judge(limit, one.at_ms, float(one.value))
        if self._ruler is not None and (changed := self._ruler.hear(one.at_ms, one.signal, one.value)):
            self._rule(changed)
        if self._state.connectivity is Connectivity.NEVER_SEEN and (last_ms is None or one.at_ms > last_ms):
            self._is_past = False
            self.look(one.at_ms)

    def _is_poor(self, one: Observation, *, is_newest: bool) -> bool:
        """Tell whether a sample says nothing usable; where no other has for two intervals, what is known is hidden."""
        state = self._state
        if one.is_good:
            if is_newest and (state.poor_since_ms is not None or state.unusable_since_ms is not None):
                self._state = replace(state, poor_since_ms=None, unusable_since_ms=None)
                if state.unusable_since_ms is not None:
                    self.look(one.at_ms)
        elif is_newest:
            since_ms = one.at_ms if state.poor_since_ms is None else state.poor_since_ms
            self._state = replace(state, poor_since_ms=since_ms)
            if one.at_ms >= since_ms + self._frame.stale_ms:
                self._hide_known(one.at_ms)
                self.look(one.at_ms)
        return not one.is_good

    def _hide_known(self, at_ms: int) -> None:
        """Let what is known be named, and shown no more: nothing usable comes."""
        state = self._state
        if state.unusable_since_ms is None and state.known_health is not Health.UNKNOWN:
            self._state = replace(state, unusable_since_ms=state.poor_since_ms or at_ms)

    def _is_after_a_gap(self, at_ms: int) -> bool:
        last_ms = self._state.last_event_ms
        is_never_seen = self._state.connectivity is Connectivity.NEVER_SEEN and not self.is_hiding
        return is_never_seen and last_ms is not None and at_ms > last_ms + self._frame.offline_ms

    def _leave_behind(self) -> None:
        """Say that old samples tell nothing any more, as of when they ended."""
        self._is_past = True
        self.look((self._state.last_event_ms or self._until_ms) + self._frame.offline_ms)

    def serve(self, code: str) -> None:
        """Begin a counter anew, no earlier than the newest sample."""
        if self._ruler is not None:
            self._rule(self._ruler.serve(code, max(self._until_ms, self._state.last_event_ms or 0)))

    def _rule(self, changed: Found) -> None:
        """Let what rules found become conditions; only being active or not is one."""
        for rule, change in changed:
            code = condition_code(rule, change)
            before = self._conditions.get(code)
            if change.after.is_active and not (before and before.is_active and before.health is change.health):
                self.raise_condition(condition_of(rule, change, before, self._frame))
            elif not change.after.is_active and before is not None and before.is_active:
                self.clear_condition(before, change.at_ms, change.measure, rule_met(rule, change, self._frame.rules))

    def _judge(self, limit: LimitRule, at_ms: int, value: float) -> None:
        before = self._conditions.get(limit.code)
        if before is None:
            before = ConditionState(
                limit.code, Phase.NORMAL, limit.health, at_ms, at_ms, at_ms - 1, limit.signal_name, limit.id
            )
        if at_ms <= before.last_ms:
            return
        if before.phase is Phase.PENDING:
            before = self._pending_before(limit, before, at_ms)
        now = replace(before, value=value, last_ms=at_ms)
        if before.phase is Phase.ACTIVE:
            if not limit.is_beyond(value, limit.hysteresis):
                self.clear_condition(now, at_ms, value, limit_met(limit, self._frame.rules, value))
            else:
                self._conditions[limit.code] = now
        elif not limit.is_beyond(value):
            calm = replace(now, phase=Phase.NORMAL, due_ms=None)
            self._conditions[limit.code] = replace(calm, since_ms=at_ms) if before.phase is Phase.PENDING else calm
        else:
            self._stay_broken(limit, before, now)

    def _pending_before(self, limit: LimitRule, before: ConditionState, at_ms: int) -> ConditionState:
        """Let a pending condition fall due by the samples' own time, unless silence left it open what was between."""
        due_ms_ = before.since_ms + limit.duration_s * SECOND_MS
        if due_ms_ > before.last_ms + self._frame.offline_ms:
            is_gap = at_ms > before.last_ms + self._frame.offline_ms
            return replace(before, phase=Phase.NORMAL, due_ms=None) if is_gap else before
        if due_ms_ <= at_ms:
            self._activate_pending(before)
            return self._conditions[before.code]
        return before

    def _stay_broken(self, limit: LimitRule, before: ConditionState, now: ConditionState) -> None:
        """Begin or go on with a pending condition; one without a duration becomes active at once."""
        since_ms = before.since_ms if before.phase is Phase.PENDING else now.last_ms
        left_ms = since_ms + limit.duration_s * SECOND_MS - now.last_ms
        pending = replace(
            now,
            phase=Phase.PENDING,
            health=limit.health,
            since_ms=since_ms,
            due_ms=self._until_ms + left_ms,
            reason=limit_broken(limit, self._frame.rules, now.value or 0.0),
        )
        self._conditions[limit.code] = pending
        if left_ms <= 0:
            self._activate_pending(pending)

    def _activate_pending(self, pending: ConditionState) -> None:
        limit = next(one for one in self._frame.rules.limits if one.id == pending.limit_id)
        at_ms = pending.since_ms + limit.duration_s * SECOND_MS
        self.raise_condition(
            replace(
                pending,
                phase=Phase.ACTIVE,
                since_ms=at_ms,
                active_since_ms=at_ms,
                first_ms=pending.first_ms if pending.count else at_ms,
                due_ms=None,
                count=pending.count + 1,
            )
        )

    def raise_condition(self, condition: ConditionState) -> None:
        """Let a condition count from when it became active."""
        self._conditions[condition.code] = condition
        self._facts.append(Raised(condition.since_ms, condition))
        self.look(condition.since_ms)

    def clear_condition(self, condition: ConditionState, at_ms: int, value: float | None, why: Reason) -> None:
        """Let a condition count no more."""
        at_ms = max(at_ms, condition.since_ms)
        self._conditions[condition.code] = replace(
            condition, phase=Phase.NORMAL, since_ms=at_ms, active_since_ms=None, reason=why
        )
        self._facts.append(Cleared(at_ms, condition, value, why))
        self.look(at_ms)

    def look(self, at_ms: int, connectivity: Connectivity | None = None) -> None:
        """Set what is known and what is shown; tell when what is shown becomes another."""
        if self.is_hiding:
            return
        state = self._state
        connectivity = connectivity or state.connectivity
        active = [one for one in self._conditions.values() if one.is_active]
        broken = [one.health for one in active if not one.is_declared]
        calm = state.known_health if state.known_health is Health.UNKNOWN else Health.NORMAL
        known = max([calm, *broken], key=lambda one: one.rank)
        is_hidden = connectivity is Connectivity.OFFLINE or self._is_past or state.is_blind
        declared = declared_health(self._conditions)
        health = max(declared, Health.UNKNOWN if is_hidden else known, key=lambda one: one.rank)
        worst = [one for one in active if one.health is health and (one.is_declared or not is_hidden)]
        why = chosen_reason(self._frame, replace(state, known_health=known, connectivity=connectivity), health, worst)
        self._state = replace(state, known_health=known, reason=why)
        if (health, connectivity) == (state.health, state.connectivity):
            return
        at_ms = max(state.changed_ms, min(at_ms, self._now_ms))
        self._facts.append(Shift(at_ms, state.health, health, state.connectivity, connectivity, why))
        self._state = replace(
            self._state,
            health=health,
            connectivity=connectivity,
            changed_ms=at_ms,
            health_since_ms=state.health_since_ms if health is state.health else at_ms,
            connectivity_since_ms=state.connectivity_since_ms if connectivity is state.connectivity else at_ms,
        )
