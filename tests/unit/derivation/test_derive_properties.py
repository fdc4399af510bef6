"""What holds of derivation for any samples: order in a batch, splitting, duplicates and late ones."""

import itertools
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statusportal.catalogue.profiling import profile_of
from statusportal.catalogue.vocabulary import LimitRule, ModelRules, Side, SignalKind, SignalRule
from statusportal.derivation.derive import elapse, hear
from statusportal.derivation.timers import Frame, due_ms, is_calm_until
from statusportal.derivation.vocabulary import Cleared, Observation, Phase, Raised, Shift
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.profiles.vocabulary import Aggregate, CodedValue, CodesRule, CombinationRule, NoChangeRule, WindowRule

NOON = 1_763_467_200_000
HOUR_MS = 3_600_000

SIGNAL = SignalRule("a", "A", "A", "", SignalKind.NUMBER, 1)
DOOR = SignalRule("door", "D", "D", "", SignalKind.BOOLEAN, 0)
HIGH = LimitRule(UUID(int=1), "a", "high", Side.HIGH, 50.0, 10.0, 0, Health.OFF_SPEC)
LASTING = LimitRule(UUID(int=2), "a", "lasting", Side.HIGH, 60.0, 0.0, 40, Health.FAILURE)
LOW = LimitRule(UUID(int=3), "a", "low", Side.LOW, 10.0, 5.0, 0, Health.MAINTENANCE_REQUIRED)
OPEN = CodesRule(code="D", source="tests", signal="door", codes=(CodedValue(code="OPEN", value="true"),))
RULES = (
    WindowRule(code="W", source="tests", signal="a", aggregate=Aggregate.MEAN, samples=2, high=55.0, pending_s=30.0),
    NoChangeRule(code="N", source="tests", signal="*", samples=3, keep_firing_s=100.0),
    OPEN,
    CombinationRule(code="C", source="tests", all_of=("W", "high"), pending_s=5.0, health=Health.FAILURE),
)
MODEL = ModelRules(60, signals=(SIGNAL, DOOR), limits=(HIGH, LASTING, LOW), rules=RULES)
FRAME = Frame(MODEL, profile=profile_of("Model", MODEL))

values = st.one_of(st.floats(allow_nan=False, width=32), st.integers(0, 100), st.booleans(), st.sampled_from(["x", ""]))
observations = st.builds(
    Observation,
    signal=st.sampled_from(["a", "b", "door"]),
    at_ms=st.integers(NOON - HOUR_MS, NOON + HOUR_MS),
    value=values,
    is_good=st.booleans(),
    is_retained=st.booleans(),
)
batches = st.lists(observations, max_size=30, unique_by=lambda one: (one.signal, one.at_ms))


def kept(outcome):
    state = outcome.state
    return state.health, state.known_health, state.connectivity, state.conditions, state.last_event_ms, state.heard_ms


def conditions_told(facts):
    return [(type(fact), fact.at_ms, fact.condition.code) for fact in facts if not isinstance(fact, Shift)]


@pytest.mark.parametrize(
    ("signal", "rule", "code"),
    [("door", OPEN, "OPEN"), ("b", NoChangeRule(code="N", source="tests", signal="*", samples=3), "N@b")],
)
def test_condition_of_a_yes_or_no_is_raised_and_cleared(signal, rule, code):
    model = ModelRules(60, signals=(SIGNAL, DOOR), rules=(rule,))
    frame = Frame(model, profile=profile_of("Model", model))
    samples = [Observation(signal, NOON + 60_000 * place, place < 3) for place in range(4)]

    broken = hear(frame, None, samples[:3], NOON + 120_000)
    ends = hear(frame, broken.state, samples[3:], NOON + 180_000)

    raised = [(one.condition.code, one.condition.value) for one in broken.facts if isinstance(one, Raised)]
    cleared = [(one.condition.code, one.value, one.reason["key"]) for one in ends.facts if isinstance(one, Cleared)]
    assert (raised, cleared) == ([(code, None)], [(code, None, "rule_met")])


@given(batches, st.randoms(use_true_random=False))
def test_order_inside_a_batch_does_not_matter(batch, random):
    shuffled = list(batch)
    random.shuffle(shuffled)

    assert hear(FRAME, None, shuffled, NOON) == hear(FRAME, None, batch, NOON)


@given(batches, st.integers(0, 30))
def test_splitting_a_batch_in_order_of_time_does_not_matter(batch, cut):
    ordered = sorted(batch, key=lambda one: (one.at_ms, one.signal))
    whole = hear(FRAME, None, ordered, NOON)
    first = hear(FRAME, None, ordered[:cut], NOON)
    second = hear(FRAME, first.state, ordered[cut:], NOON)

    assert kept(second) == kept(whole)
    assert conditions_told([*first.facts, *second.facts]) == conditions_told(whole.facts)


@given(batches, batches)
def test_late_samples_never_move_the_present(batch, late):
    state = hear(FRAME, None, [*batch, Observation("a", NOON, 20.0)], NOON).state
    newest_ms = max([NOON, *(one.at_ms for one in batch if one.signal == "a" and one.is_good)])
    older = [one for one in late if one.signal == "a" and one.at_ms < min(newest_ms, NOON)]

    after = hear(FRAME, state, older, NOON)

    assert after.facts == ()
    assert after.state.conditions == state.conditions
    assert (after.state.health, after.state.connectivity) == (state.health, state.connectivity)


@given(batches)
def test_second_sending_changes_nothing(batch):
    once = hear(FRAME, None, batch, NOON)

    assert hear(FRAME, once.state, batch, NOON).facts == ()


@given(st.lists(st.tuples(batches, st.integers(0, 400_000)), max_size=8))
@settings(max_examples=60)
def test_any_history_is_whole(steps):
    state, now_ms, facts = None, NOON, []
    for batch, pause_ms in steps:
        now_ms += pause_ms
        outcome = hear(FRAME, state, batch, now_ms)
        facts += outcome.facts
        silent = elapse(FRAME, outcome.state, now_ms + pause_ms)
        now_ms += pause_ms
        facts += silent.facts
        state = silent.state

    shifts = [fact for fact in facts if isinstance(fact, Shift)]
    raised = [fact.condition.code for fact in facts if isinstance(fact, Raised)]
    cleared = [fact.condition.code for fact in facts if isinstance(fact, Cleared)]
    active = [one.code for one in state.conditions.values() if one.is_active] if state else []
    assert [one.at_ms for one in shifts] == sorted(one.at_ms for one in shifts)
    assert all(
        (one.health_after, one.connectivity_after) == (other.health_before, other.connectivity_before)
        for one, other in itertools.pairwise(shifts)
    )
    assert sorted(raised) == sorted([*cleared, *active])
    assert all(fact.at_ms >= fact.condition.since_ms for fact in facts if isinstance(fact, Cleared))
    if state is not None and state.connectivity is Connectivity.OFFLINE:
        assert state.health is Health.UNKNOWN


@given(batches, st.lists(st.integers(0, 900_000), max_size=6))
def test_time_in_pieces_is_time_at_once(batch, pieces):
    state = hear(FRAME, None, batch, NOON).state
    until_ms = NOON + max(pieces, default=0)

    at_once = elapse(FRAME, state, until_ms)
    step, facts = state, []
    for piece in sorted(pieces):
        outcome = elapse(FRAME, step, NOON + piece)
        step, facts = outcome.state, facts + list(outcome.facts)

    assert (step, tuple(facts)) == (at_once.state, at_once.facts)
    due = due_ms(FRAME, at_once.state)
    assert due is None or due > until_ms


@given(batches, st.integers(0, 900_000))
def test_calm_is_said_only_where_nothing_falls_due(batch, pause_ms):
    state = hear(FRAME, None, batch, NOON).state
    due = due_ms(FRAME, state)

    if is_calm_until(FRAME, state, NOON + pause_ms):
        assert due is None or due > NOON + pause_ms


@given(batches, batches, batches)
def test_rules_taken_up_after_another_device_know_nothing_of_it(batch, others, after):
    shared = Frame(MODEL, profile=profile_of("Model", MODEL))
    before = hear(Frame(MODEL, profile=profile_of("Model", MODEL)), None, batch, NOON)
    hear(shared, None, others, NOON)

    outcome = hear(shared, before.state, after, NOON + HOUR_MS)

    assert outcome == hear(Frame(MODEL, profile=profile_of("Model", MODEL)), before.state, after, NOON + HOUR_MS)


@given(batches)
def test_only_a_pending_condition_waits(batch):
    state = hear(FRAME, None, batch, NOON).state

    assert {one.phase for one in state.conditions.values() if one.due_ms is not None} <= {Phase.PENDING}
    assert all(one.due_ms is not None for one in state.conditions.values() if one.phase is Phase.PENDING)
