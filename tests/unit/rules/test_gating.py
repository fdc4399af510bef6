"""How verdicts become conditions: by hand, one story a test, times in minutes."""

import pytest
from msgspec.structs import replace

from statusportal.foundation.vocabulary import Health
from statusportal.profiles.vocabulary import (
    CodedValue,
    CodesRule,
    CombinationRule,
    CounterRule,
    LimitRule,
    NativeRule,
    Nature,
    Profile,
    RateRule,
    Signal,
    Standard,
)
from statusportal.rules.evaluating import Device
from statusportal.rules.replaying import replay
from statusportal.rules.vocabulary import Phase, Sample
from tests.factories.profiles import MINUTE_MS, MINUTE_S, SOURCE


def told(rules, samples, until=None, interval_s=MINUTE_S):
    """Replay samples of (minute, value) or (minute, signal, value); tell changes as (minute, code, phase)."""
    names = {"x"} | {sample[1] for sample in samples if len(sample) == 3}
    signals = tuple(Signal(name=name) for name in sorted(names))
    profile = Profile(format=1, name="P", expected_interval_s=interval_s, signals=signals, rules=tuple(rules))
    timed = [Sample(round(one[0] * MINUTE_MS), one[1] if len(one) == 3 else "x", one[-1]) for one in samples]
    changes = replay(profile, timed, None if until is None else round(until * MINUTE_MS))
    return [(change.at_ms / MINUTE_MS, change.code, change.after.value) for change in changes]


def limit(code="HOT", **given):
    return LimitRule(**{"code": code, "source": SOURCE, "signal": "x", "high": 90.0, **given})


def test_limit_itself_is_good_and_hysteresis_holds():
    samples = [(0, 90), (1, 90.1), (2, 87), (3, 85), (4, 87)]

    assert told([limit(hysteresis=5)], samples) == [
        (0, "HOT", "normal"),
        (1, "HOT", "active"),
        (3, "HOT", "normal"),
    ]


def test_pending_falls_due_at_its_own_instant_between_two_samples():
    assert told([limit(pending_s=90)], [(0, 1), (1, 99), (2, 99), (3, 99)])[1:] == [
        (1, "HOT", "pending"),
        (2.5, "HOT", "active"),
    ]


def test_pending_that_is_met_again_in_time_never_becomes_active():
    assert told([limit(pending_s=90)], [(0, 1), (1, 99), (2, 1), (3, 1)])[1:] == [
        (1, "HOT", "pending"),
        (2, "HOT", "normal"),
    ]


def test_recovering_is_still_active_and_breaks_again_as_the_same_activation():
    samples = [(0, 99), (1, 1), (2, 99), (3, 1), (4, 1), (5, 1), (6, 1)]

    assert told([limit(keep_firing_s=120)], samples) == [
        (0, "HOT", "active"),
        (1, "HOT", "recovering"),
        (2, "HOT", "active"),
        (3, "HOT", "recovering"),
        (5, "HOT", "normal"),
    ]


def test_cooldown_waits_before_it_is_raised_again():
    samples = [(0, 99), (1, 1), (2, 99), (3, 99), (4, 99), (5, 99)]

    assert told([limit(cooldown_s=180)], samples) == [
        (0, "HOT", "active"),
        (1, "HOT", "normal"),
        (2, "HOT", "pending"),
        (4, "HOT", "active"),
    ]


def test_silence_makes_what_is_calm_or_pending_unknown_and_clears_nothing():
    calm, hot = limit("CALM", high=200.0), limit(pending_s=1200)

    assert told([calm, limit("NOW"), hot], [(0, 99)], until=60) == [
        (0, "CALM", "normal"),
        (0, "HOT", "pending"),
        (0, "NOW", "active"),
        (5, "CALM", "no_data"),
        (5, "HOT", "no_data"),
    ]


def test_value_that_cannot_be_judged_is_an_error_and_neither_breaks_nor_clears():
    samples = [(0, float("nan")), (1, 1), (2, "?"), (3, 99), (4, float("inf")), (5, 10**400), (6, 1)]

    assert told([limit()], samples) == [
        (0, "HOT", "error"),
        (1, "HOT", "normal"),
        (2, "HOT", "error"),
        (3, "HOT", "active"),
        (6, "HOT", "normal"),
    ]


def test_broken_sensor_is_an_error_of_its_own():
    profile = Profile(format=1, name="P", signals=(Signal(name="x", lowest=0, highest=100),), rules=(limit(),))

    phases = [change.after for change in replay(profile, [Sample(0, "x", 6_553), Sample(1, "x", 95)])]

    assert phases == [Phase.ERROR, Phase.ACTIVE]


def test_combination_sees_each_instant_as_it_was():
    rules = [
        CombinationRule(code="WORST", source=SOURCE, all_of=("BOTH",), none_of=("OFF",)),
        CombinationRule(code="BOTH", source=SOURCE, all_of=("A", "B")),
        limit("A", pending_s=60),
        limit("B", signal="y"),
        limit("OFF", signal="off", high=0.0),
    ]
    samples = [(0, "x", 99), (0, "y", 1), (0, "off", 0), (0.5, "y", 99), (2, "x", 99), (3, "off", 1), (4, "y", 1)]

    combined = [change for change in told(rules, samples) if change[1] in ("BOTH", "WORST")]

    assert combined == [
        (0, "BOTH", "normal"),
        (0, "WORST", "normal"),
        (1, "BOTH", "active"),
        (1, "WORST", "active"),
        (3, "WORST", "normal"),
        (4, "BOTH", "normal"),
    ]


def combined(samples, until=None, **given):
    rules = [limit("A"), limit("B", signal="y"), CombinationRule(code="K", source=SOURCE, **given)]
    changes = told(rules, [(0, "z", 0), *samples], until)
    return [(minute, phase) for minute, code, phase in changes if code == "K"]


@pytest.mark.parametrize(
    ("given", "low", "high"),
    [
        ({"all_of": ("A", "B")}, ["normal"], []),
        ({"any_of": ("A", "B")}, [], ["active"]),
        ({"all_of": ("A",), "none_of": ("B",)}, ["normal"], []),
        ({"none_of": ("A", "B")}, [], ["normal"]),
    ],
)
def test_combination_is_judged_by_what_is_known_alone_only_where_that_decides(given, low, high):
    never_heard = [combined([(0, value)], **given) for value in (1, 99)]
    silent = [change for value in (1, 99) for change in combined([(0, "y", 1), (9, value)], **given)]
    broken = [combined([(0, value), (0, "y", "?")], **given) for value in (1, 99)]

    assert never_heard == broken == [[(0, phase) for phase in phases] for phases in (low, high)]
    assert [change for change in silent if change[1] == "active"] == [(9, phase) for phase in high if phase == "active"]


def test_part_that_is_active_and_silent_is_unknown_until_it_speaks_again():
    samples = [(0, 99), (0, "y", 1), *((minute, "y", 1) for minute in range(1, 30)), (30, "y", 99), (31, 99)]

    assert combined(samples, all_of=("A", "B")) == [(0, "normal"), (30, "no_data"), (31, "active")]


def test_pending_combination_is_not_raised_where_a_part_fell_silent_meanwhile():
    talking = [(minute, "y", 1) for minute in range(1, 30)]
    given = {"all_of": ("A",), "none_of": ("B",), "pending_s": 600}

    assert combined([(0, 99), (0, "y", 1), *talking], **given) == [(0, "pending"), (10, "no_data")]
    spoken = [(minute, 99) for minute in range(1, 30)]
    assert combined([(0, 99), (0, "y", 1), *talking, *spoken], **given) == [(0, "pending"), (10, "active")]


def test_unknown_part_ends_no_combination_and_spreads_to_those_made_of_it():
    rules = [
        limit("A"),
        limit("B", signal="y"),
        CombinationRule(code="K", source=SOURCE, all_of=("A", "B")),
        CombinationRule(code="M", source=SOURCE, all_of=("K",), none_of=("C",)),
        limit("C", signal="z"),
    ]
    samples = [(0, 99), (0, "y", 99), (0, "z", 99), (20, "z", 99), (21, "z", 1)]

    changes = [change for change in told(rules, samples) if change[1] in ("K", "M")]

    assert [change for change in changes if change[1] == "K"] == [(0, "K", "active")]
    assert [change for change in changes if change[2] == "active"] == [(0, "K", "active")]


def test_counter_is_due_ahead_and_a_reset_never_counts_backwards():
    rule = CounterRule(code="SERVICE", source=SOURCE, signal="x", every=100.0, ahead=10.0)

    samples = [(0, 5), (1, 50), (2, 3), (3, 44), (4, 45), (5, 49)]

    assert told([rule], samples) == [(0, "SERVICE", "normal"), (4, "SERVICE", "active")]


def test_counter_begins_from_what_it_shows_when_it_is_first_heard():
    rule = CounterRule(code="SERVICE", source=SOURCE, signal="x", every=500.0)

    assert told([rule], [(0, 12_000), (1, 12_499), (2, 12_500)]) == [(0, "SERVICE", "normal"), (2, "SERVICE", "active")]


def test_counter_that_jitters_was_not_reset():
    rule = CounterRule(code="SERVICE", source=SOURCE, signal="x", every=500.0)

    assert told([rule], [(0, 300.0), (1, 300.1), (2, 300.0), (3, 300.1), (4, 799.9)]) == [(0, "SERVICE", "normal")]


def test_service_that_is_done_begins_the_counter_anew():
    rule = CounterRule(code="SERVICE", source=SOURCE, signal="x", every=100.0)
    device = Device(Profile(format=1, name="P", signals=(Signal(name="x", kind=Nature.COUNTER),), rules=(rule,)))
    device.hear(0, "x", 20)
    device.hear(1, "x", 120)

    device.serve("SERVICE", 2)
    device.hear(3, "x", 219)
    device.hear(4, "x", 220)

    assert [(change.at_ms, change.after) for change in device.changes] == [
        (0, Phase.NORMAL),
        (1, Phase.ACTIVE),
        (2, Phase.NORMAL),
        (4, Phase.ACTIVE),
    ]


def test_counter_that_was_reset_has_no_rate_across_it_and_a_gauge_that_falls_has():
    rule = RateRule(code="SLOW", source=SOURCE, signal="x", low=0.5, over_s=60, per_s=60)
    samples = [Sample(minute * MINUTE_MS, "x", value) for minute, value in enumerate([5000, 5001, 1, 2, 2])]

    def active(kind):
        profile = Profile(format=1, name="P", signals=(Signal(name="x", kind=kind),), rules=(rule,))
        return [change.at_ms // MINUTE_MS for change in replay(profile, samples) if change.after.is_active]

    assert (active(Nature.COUNTER), active(Nature.GAUGE)) == ([4], [2, 4])


def test_mask_raises_each_of_its_codes_by_itself():
    codes = (CodedValue(code="E1", bit=0), CodedValue(code="E2", bit=1, health=Health.OFF_SPEC))
    rule = CodesRule(code="MASK", source=SOURCE, signal="x", codes=codes)

    assert told([rule], [(0, 0b01), (1, 0b11), (2, 0b10), (3, "?")]) == [
        (0, "E1", "active"),
        (0, "E2", "normal"),
        (1, "E2", "active"),
        (2, "E1", "normal"),
        (3, "E1", "error"),
    ]


def test_native_condition_keeps_its_severity_and_unavailable_is_never_failure():
    rule = NativeRule(code="OWN", source=SOURCE, signal="x", standard=Standard.MTCONNECT)
    profile = Profile(format=1, name="P", signals=(Signal(name="x", kind=Nature.TEXT),), rules=(rule,))
    words = ["UNAVAILABLE", "Warning", "FAULT", "unavailable", "Normal", "UNAVAILABLE", "whatever"]

    changes = replay(profile, [Sample(at, "x", word) for at, word in enumerate(words)])

    assert [(change.at_ms, change.after, change.health) for change in changes] == [
        (1, Phase.ACTIVE, Health.OFF_SPEC),
        (2, Phase.ACTIVE, Health.FAILURE),
        (4, Phase.NORMAL, Health.FAILURE),
        (5, Phase.NO_DATA, Health.FAILURE),
        (6, Phase.ERROR, Health.FAILURE),
    ]


def test_rule_that_is_worded_anew_goes_on_and_one_that_judges_otherwise_begins_anew():
    rule = CounterRule(code="SERVICE", source=SOURCE, signal="x", every=10)

    def phase(rule, values, memory=None):
        device = Device(Profile(format=1, name="P", signals=(Signal(name="x"),), rules=(rule,)))
        if memory is not None:
            device.load(memory)
        for value in values:
            device.hear(value, "x", value)
        return device.standings()[0].phase, device.dump()

    _, memory = phase(rule, [100, 109])
    worded = replace(rule, source="a book", sentence_en="New", sentence_da="Ny", advice_en="Look", advice_da="Kig")

    assert phase(worded, [110], memory)[0] is Phase.ACTIVE
    assert phase(replace(rule, every=9), [110], memory)[0] is Phase.NORMAL
