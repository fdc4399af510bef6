"""Judges against what they compute, done again the slow way over the whole past."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusportal.judges.judging import NoChange, Rate
from statusportal.judges.vocabulary import Verdict
from statusportal.judges.windowing import Window
from statusportal.profiles.vocabulary import Aggregate, NoChangeRule, RateRule, WindowRule
from tests.factories.profiles import MINUTE_MS, SOURCE

NUMBERS = st.lists(st.integers(-1000, 1000).map(lambda number: number / 4), min_size=1, max_size=80)
MEASURES = {
    Aggregate.MEAN: statistics.fmean,
    Aggregate.MINIMUM: min,
    Aggregate.MAXIMUM: max,
    Aggregate.DEVIATION: statistics.pstdev,
    Aggregate.COUNT: len,
}


def expected(measure, window, high):
    value = measure(window)
    return Verdict.BROKEN if value > high else Verdict.CLEAR


@pytest.mark.parametrize("aggregate", MEASURES)
@given(numbers=NUMBERS, size=st.integers(2, 12), high=st.integers(-900, 900))
def test_window_of_samples_is_what_its_samples_are(aggregate, numbers, size, high):
    limit = high / 4 + 0.1  # never met exactly, so that rounding decides nothing
    judge = Window(WindowRule(code="W", source=SOURCE, signal="x", aggregate=aggregate, samples=size, high=limit))

    said = [judge.hear(at, number) for at, number in enumerate(numbers)]

    windows = [numbers[end - size : end] if end >= size else None for end in range(1, len(numbers) + 1)]
    assert said == [
        Verdict.SILENT if window is None else expected(MEASURES[aggregate], window, limit) for window in windows
    ]


@pytest.mark.parametrize("aggregate", MEASURES)
@given(numbers=NUMBERS, high=st.integers(-900, 900), gaps=st.sets(st.integers(0, 80), max_size=4))
def test_window_of_time_is_what_lies_in_it(aggregate, numbers, high, gaps):
    limit = high / 4 + 0.1
    judge = Window(WindowRule(code="W", source=SOURCE, signal="x", aggregate=aggregate, over_s=0.5, high=limit))
    gone_ms = [2_000 * len([gap for gap in gaps if gap <= at]) for at in range(len(numbers))]
    timed = [(at * 70 + (at % 3) * 20 + gone_ms[at], number) for at, number in enumerate(numbers)]

    said = [judge.hear(at_ms, number) for at_ms, number in timed]

    assert said == [
        expected(MEASURES[aggregate], [number for then, number in timed if at_ms - 500 < then <= at_ms], limit)
        if at_ms - timed[0][0] >= 500
        else Verdict.SILENT
        for at_ms, _ in timed
    ]


def test_window_of_time_forgets_all_that_came_before_a_gap():
    judge = Window(WindowRule(code="W", source=SOURCE, signal="x", aggregate=Aggregate.MEAN, over_s=600, high=50))
    for minute in range(30):
        judge.hear(minute * MINUTE_MS, 10.0)

    said = judge.hear(330 * MINUTE_MS, 90.0)

    assert (said, judge.measure) == (Verdict.BROKEN, 90.0)


def test_window_forgets_what_was_huge():
    judge = Window(WindowRule(code="W", source=SOURCE, signal="x", aggregate=Aggregate.MEAN, samples=3, high=2.0))

    said = [judge.hear(at, number) for at, number in enumerate([1e90, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0, 3.0])]

    assert said[-3:] == [Verdict.CLEAR, Verdict.CLEAR, Verdict.BROKEN]


def test_rate_is_the_change_over_its_span():
    judge = Rate(RateRule(code="R", source=SOURCE, signal="x", high=5.0, low=-5.0, over_s=60, per_s=60))

    said = [judge.hear(at * 30_000, value) for at, value in enumerate([0, 3, 5, 9, 9, 3])]

    assert said == [
        Verdict.SILENT,
        Verdict.SILENT,
        Verdict.CLEAR,
        Verdict.BROKEN,
        Verdict.CLEAR,
        Verdict.BROKEN,
    ]


def test_stuck_value_is_one_that_moved_no_more_than_its_tolerance():
    judge = NoChange(NoChangeRule(code="N", source=SOURCE, signal="x", samples=3, tolerance=0.5))

    said = [judge.hear(at, value) is Verdict.BROKEN for at, value in enumerate([1.0, 1.4, 0.6, 0.7, 2.0, 2.0, 2.0])]

    assert said == [False, False, True, True, False, False, True]


@pytest.mark.parametrize("silence_ms", [5 * MINUTE_MS, None])
def test_same_value_after_a_silence_is_not_a_stuck_one_until_it_is_seen_to_stay(silence_ms):
    judge = NoChange(NoChangeRule(code="N", source=SOURCE, signal="x", for_s=3600), silence_ms)
    minutes = [0, 1, *range(121, 183)]

    said = [judge.hear(minute * MINUTE_MS, 9.0) for minute in minutes]

    assert [minute for minute, one in zip(minutes, said, strict=True) if one is Verdict.BROKEN] == [181, 182]


def test_stuck_value_is_not_cleared_by_a_silence_but_when_it_moves():
    judge = NoChange(NoChangeRule(code="N", source=SOURCE, signal="x", for_s=60), 5 * MINUTE_MS)

    said = [judge.hear(minute * MINUTE_MS, value) for minute, value in [(0, 9.0), (1, 9.0), (60, 9.0), (61, 8.0)]]

    assert said == [Verdict.CLEAR, Verdict.BROKEN, Verdict.HELD, Verdict.CLEAR]


def test_slow_sensor_is_stuck_though_it_speaks_more_rarely_than_its_rule_lasts():
    judge = NoChange(NoChangeRule(code="N", source=SOURCE, signal="x", for_s=60), 50 * MINUTE_MS)

    assert [judge.hear(minute * MINUTE_MS, 9.0) for minute in (0, 10)] == [Verdict.CLEAR, Verdict.BROKEN]
