"""Pure: what a rule's change is as a condition, and which sentence a state is told in.

Source: the product's words, words Condition, Health and Connectivity.
"""

from statusportal.derivation.timers import Frame
from statusportal.derivation.vocabulary import ConditionState, DeviceState, Phase
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.profiles.vocabulary import AnyRule
from statusportal.reasons.sentences import reason, rule_broken, silence
from statusportal.reasons.vocabulary import Reason
from statusportal.rules.naming import condition_code, rule_id
from statusportal.rules.vocabulary import Change


def condition_of(rule: AnyRule, change: Change, before: ConditionState | None, frame: Frame) -> ConditionState:
    """Make the condition of a rule that has become active, or become worse."""
    is_again = before is not None and before.is_active
    since_ms = before.since_ms if before is not None and is_again else change.at_ms
    return ConditionState(
        code=condition_code(rule, change),
        phase=Phase.ACTIVE,
        health=change.health,
        since_ms=since_ms,
        first_ms=change.at_ms if before is None else before.first_ms,
        last_ms=change.at_ms,
        signal_name=change.signal,
        limit_id=rule_id(change.code),
        value=change.measure,
        active_since_ms=since_ms,
        count=(before.count if before else 0) + (not is_again),
        reason=rule_broken(rule, change, frame.rules),
    )


def chosen_reason(frame: Frame, state: DeviceState, health: Health, worst: list[ConditionState]) -> Reason:
    """Choose the sentence of a state: the newest of the worst conditions, else what silence or calm has to say."""
    if worst:
        return max(worst, key=lambda one: (one.active_since_ms or 0, one.code)).reason
    if state.aside_since_ms is not None:
        return silence("underivable", state.aside_since_ms, state.known_health, frame.zone)
    last_ms = state.last_event_ms if state.heard_ms is None else state.heard_ms
    if last_ms is None:
        return reason("never_seen")
    if state.connectivity is Connectivity.OFFLINE:
        return silence("offline", last_ms, state.known_health, frame.zone)
    is_known = state.known_health is not Health.UNKNOWN
    if is_known and (state.connectivity is Connectivity.STALE or health is Health.UNKNOWN):
        key, since_ms = ("stale", last_ms) if state.unusable_since_ms is None else ("unusable", state.unusable_since_ms)
        return silence(key, since_ms, state.known_health, frame.zone)
    return reason("normal" if is_known else "nothing_usable")
