"""A profile with a rule of every kind, and samples that come near all of them."""

import math

from hypothesis import strategies as st

from statusportal.foundation.vocabulary import Health
from statusportal.profiles.vocabulary import (
    Aggregate,
    BaselineRule,
    CodedValue,
    CodesRule,
    CombinationRule,
    CounterRule,
    LimitRule,
    NativeRule,
    Nature,
    NoChangeRule,
    Profile,
    RateRule,
    Signal,
    Standard,
    WindowRule,
)
from statusportal.rules.vocabulary import Sample

SOURCE = "made up for tests"
MINUTE_S, MINUTE_MS = 60.0, 60_000

EVERY_KIND = Profile(
    format=1,
    name="Everything",
    expected_interval_s=MINUTE_S,
    signals=(
        Signal(name="heat", unit="°C", lowest=-50.0, highest=500.0, aliases=("T1",)),
        Signal(name="hours", kind=Nature.COUNTER),
        Signal(name="word", kind=Nature.ENUMERATION),
        Signal(name="state", kind=Nature.TEXT),
        Signal(name="alarms", kind=Nature.TEXT),
    ),
    rules=(
        LimitRule(code="HOT", source=SOURCE, signal="heat", high=90, hysteresis=5, pending_s=120, keep_firing_s=180),
        LimitRule(code="COLD", source=SOURCE, signal="heat", low=0, cooldown_s=600, health=Health.FAILURE),
        RateRule(code="FAST", source=SOURCE, signal="heat", high=10, over_s=120, per_s=60),
        WindowRule(code="WARM", source=SOURCE, signal="heat", aggregate=Aggregate.MEAN, over_s=300, high=80),
        WindowRule(code="PEAK", source=SOURCE, signal="heat", aggregate=Aggregate.MAXIMUM, samples=3, high=95),
        WindowRule(code="ROUGH", source=SOURCE, signal="heat", aggregate=Aggregate.DEVIATION, samples=4, high=30),
        WindowRule(code="FEW", source=SOURCE, signal="heat", aggregate=Aggregate.COUNT, over_s=300, low=3),
        NoChangeRule(code="STUCK", source=SOURCE, signal="heat", for_s=240),
        CounterRule(code="DUE", source=SOURCE, signal="hours", every=100, ahead=10),
        CounterRule(code="DATE", source=SOURCE, signal="hours", every_s=1_200, ahead_s=90, keep_firing_s=60),
        CodesRule(
            code="WORDS",
            source=SOURCE,
            signal="word",
            codes=(CodedValue(code="E1", bit=0), CodedValue(code="E7", value="7")),
        ),
        NativeRule(code="OWN", source=SOURCE, signal="state", standard=Standard.MTCONNECT),
        NativeRule(
            code="MANY", source=SOURCE, signal="alarms", standard=Standard.MTCONNECT, by_code=True, pending_s=60
        ),
        CombinationRule(code="EASED", source=SOURCE, all_of=("MANY",), none_of=("OWN", "BOTH"), keep_firing_s=90),
        CombinationRule(
            code="BOTH", source=SOURCE, all_of=("HOT",), any_of=("FAST", "STUCK"), none_of=("E1",), pending_s=60
        ),
        BaselineRule(code="ODD", source=SOURCE, signal="heat", learn=50, window=8),
    ),
)

_NUMBERS = st.one_of(st.integers(-100, 200), st.sampled_from([0, 1, 85, 91, 10**400, -(10**400)]), st.floats(-100, 200))
# What is no number is always the same object: two of them would never be equal, and histories are compared.
_ODD = st.one_of(
    st.floats(allow_nan=False),
    st.just(math.nan),
    st.booleans(),
    st.text(max_size=4),
    st.sampled_from(["FAULT", "warning", "UNAVAILABLE", "7"]),
)

# Times lie on a coarse grid, so that instants, gaps and durations meet exactly now and then.
SAMPLES = st.builds(
    Sample,
    st.integers(0, 90).map(lambda step: step * 30_000),
    st.sampled_from([*["heat"] * 4, "T1", "hours", "word", "state", "unheard-of", "alarms", "alarms/E1", "alarms/E2"]),
    st.one_of(_NUMBERS, _NUMBERS, _ODD),
)
