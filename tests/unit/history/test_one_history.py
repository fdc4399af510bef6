"""Samples have one history: in whatever order, pieces and copies they come, what is told in the end is the same."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from statusportal.catalogue.profiling import profile_of
from statusportal.catalogue.vocabulary import LimitRule, ModelRules, Side, SignalKind, SignalRule, SignalTraits
from statusportal.derivation.derive import hear
from statusportal.derivation.timers import Frame
from statusportal.derivation.vocabulary import Cleared, Observation, Raised
from statusportal.foundation.ids import new_id
from statusportal.foundation.vocabulary import Health
from statusportal.history.retelling import activations, is_behind, retell
from statusportal.profiles.vocabulary import Aggregate, CombinationRule, NoChangeRule, RateRule, WindowRule
from statusportal.profiles.vocabulary import LimitRule as Limit

NOON = 1_763_467_200_000
STEP_MS, STEPS = 10_000, 20
END = NOON + (STEPS + 1) * STEP_MS
SOURCE = "tests"
SIGNALS = ("a", "b", "door")

MODEL = ModelRules(
    60,
    signals=tuple(SignalRule(name, name, name, "", SignalKind.NUMBER, 1) for name in SIGNALS),
    limits=(LimitRule(new_id(), "a", "high", Side.HIGH, 50.0, 10.0, 0, Health.OFF_SPEC),),
    rules=(
        Limit(code="B", source=SOURCE, signal="b", high=50.0, pending_s=15.0),
        Limit(code="D", source=SOURCE, signal="door", high=0.5, keep_firing_s=15.0),
        CombinationRule(code="BOTH", source=SOURCE, all_of=("high", "D")),
        CombinationRule(code="ONE", source=SOURCE, any_of=("B", "D"), pending_s=10.0),
        CombinationRule(code="NOT", source=SOURCE, all_of=("high",), none_of=("B", "D")),
        WindowRule(code="MEAN", source=SOURCE, signal="a", aggregate=Aggregate.MEAN, over_s=60.0, high=55.0),
        WindowRule(code="MAX", source=SOURCE, signal="b", aggregate=Aggregate.MAXIMUM, samples=3, high=80.0),
        WindowRule(code="ROUGH", source=SOURCE, signal="b", aggregate=Aggregate.DEVIATION, samples=3, high=20.0),
        RateRule(code="FAST", source=SOURCE, signal="a", high=30.0, over_s=20.0, per_s=10.0),
        NoChangeRule(code="STUCK", source=SOURCE, signal="b", for_s=30.0),
    ),
)
FRAME = Frame(MODEL, profile=profile_of("Model", MODEL))

SAMPLES = st.builds(
    Observation,
    signal=st.sampled_from(SIGNALS),
    at_ms=st.integers(0, STEPS).map(lambda step: NOON + step * STEP_MS),
    value=st.sampled_from([0.0, 20.0, 45.0, 55.0, 60.0, 90.0]),
)


@st.composite
def sent(draw):
    """Give batches in which samples come: in any order, some of them twice, and some against another value."""
    samples = draw(st.lists(SAMPLES, min_size=1, max_size=25))
    order = [*draw(st.permutations(samples)), *draw(st.lists(st.sampled_from(samples), max_size=5))]
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=5)))
    return [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True) if start < end]


def kept(batches):
    """Return what the store takes of each batch: the first value of each place stands, and is told of once."""
    places = set()
    for batch in batches:
        fresh = {}
        for one in batch:
            if (place := (one.at_ms, one.signal)) not in places:
                places.add(place)
                fresh[place] = one
        yield list(fresh.values())


def told(active):
    return [(one.code, one.from_ms - NOON, None if one.to_ms is None else one.to_ms - NOON) for one in active]


def live(batches):
    """Tell it as the portal does: as it comes, and all of it again if some of it came behind."""
    state, facts, is_late, newest_ms = None, [], False, 0
    for batch in batches:
        is_late = is_late or (state is not None and any(is_behind(FRAME, state, one) for one in batch))
        newest_ms = max([newest_ms, *(one.at_ms for one in batch)])
        outcome = hear(FRAME, state, batch, newest_ms)
        state, facts = outcome.state, [*facts, *outcome.facts]
    return again(batches) if is_late else told(activations(None, facts))


def again(batches):
    """Tell all that was kept, in its own order."""
    ordered = sorted((one for batch in batches for one in batch), key=lambda one: (one.at_ms, one.signal))
    return told(retell(FRAME, None, ordered, END).active)


HOT, OPEN = Observation("a", NOON, 60.0), Observation("door", NOON, 1.0)
LATER = Observation("door", NOON + STEP_MS, 1.0)


@given(sent())
@example([[OPEN], [HOT]])
@example([[LATER], [HOT]])
@example([[HOT], [Observation("a", NOON, 20.0)]])
@settings(max_examples=100, deadline=None)
def test_no_order_no_copies_and_no_pieces_change_what_is_told_in_the_end(batches):
    last = [Observation(name, END, 0.0) for name in SIGNALS]
    stored = [batch for batch in kept([*batches, last]) if batch]

    assert live(stored) == again(stored)


def test_order_of_two_signals_matters_only_where_a_combination_hangs_on_both():
    alone = Frame(ModelRules(60, signals=MODEL.signals, limits=MODEL.limits, rules=MODEL.rules[:2]))
    state = hear(FRAME, None, [OPEN], NOON).state

    assert [is_behind(FRAME, state, one) for one in (HOT, LATER, OPEN)] == [True, False, False]
    assert not is_behind(alone, state, HOT)
    assert not is_behind(FRAME, state, Observation("loose", NOON - 1, 1.0))


def test_sample_under_another_name_of_its_signal_is_judged_and_has_its_place():
    signal = SignalRule("a", "A", "A", "", SignalKind.NUMBER, 1, SignalTraits(aliases=("T1",), highest=500.0))
    model = ModelRules(60, signals=(signal,), limits=MODEL.limits, rules=(MODEL.rules[5],))
    frame = Frame(model, profile=profile_of("Model", model))

    hot = hear(frame, None, [Observation("T1", NOON + 60_000 * at, 60.0) for at in range(3)], NOON + 120_000)
    odd = hear(frame, hot.state, [Observation("T1", NOON + 130_000, 900.0)], NOON + 130_000)
    cool = hear(frame, odd.state, [Observation("a", NOON + 180_000, 20.0)], NOON + 180_000)

    assert [one.condition.code for one in hot.facts if isinstance(one, Raised)] == ["high", "MEAN"]
    assert [fact for fact in odd.facts if isinstance(fact, Raised | Cleared)] == []
    assert [one.condition.code for one in cool.facts if isinstance(one, Cleared)] == ["high", "MEAN"]
    assert is_behind(frame, cool.state, Observation("T1", NOON + 150_000, 20.0))
