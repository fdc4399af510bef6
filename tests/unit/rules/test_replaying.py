"""One set of samples has one history: whatever the order, the doubles, the batches, the restarts."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from statusportal.profiles.vocabulary import CombinationRule, LimitRule, Profile, Signal
from statusportal.rules.evaluating import Device
from statusportal.rules.replaying import Stream, replay, unique
from statusportal.rules.vocabulary import Phase, Sample
from tests.factories.profiles import EVERY_KIND, MINUTE_MS, SAMPLES, SOURCE

LAST_MS = 200 * 30_000


@st.composite
def sent(draw):
    """Give a set of samples, and a way to send it: in some order, some of it twice, in batches."""
    samples = draw(st.lists(SAMPLES, max_size=60))
    order = draw(st.permutations(samples))
    order = [*order, *draw(st.lists(st.sampled_from(samples), max_size=10))] if samples else []
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=5)))
    return samples, [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]


@given(sent())
@settings(max_examples=200, deadline=None)
def test_history_depends_on_no_order_no_doubles_and_no_batches(given_samples):
    samples, batches = given_samples
    stream = Stream(EVERY_KIND)

    for batch in batches:
        stream.hear(batch)

    assert stream.history(LAST_MS) == replay(EVERY_KIND, samples, LAST_MS)
    assert stream.late == 0


@given(st.lists(SAMPLES, min_size=1, max_size=60), st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_restart_in_the_middle_changes_no_history(samples, at):
    stream = Stream(EVERY_KIND, horizon=8)
    changes = []
    ordered = list(unique(samples))

    for index, sample in enumerate(ordered):
        if index == at:
            reborn = Stream(EVERY_KIND, horizon=8)
            reborn.load(json.loads(json.dumps(stream.dump())))
            changes += stream.settled()
            stream = reborn
        stream.hear([sample])
    changes += [*stream.settled(), *stream.history(LAST_MS)]

    assert sorted(map(repr, changes)) == sorted(map(repr, replay(EVERY_KIND, samples, LAST_MS)))


@given(st.lists(SAMPLES, min_size=1, max_size=60), st.lists(st.integers(0, 200), max_size=4))
@settings(max_examples=100, deadline=None)
def test_looking_in_between_changes_no_history(samples, looks):
    stream = Stream(EVERY_KIND)

    for sample in samples:
        stream.hear([sample])
        for look in looks:
            stream.history(look * 30_000)

    assert stream.history(LAST_MS) == replay(EVERY_KIND, samples, LAST_MS)


@given(st.lists(SAMPLES, min_size=1, max_size=60), st.sets(st.integers(0, 59), max_size=20))
@settings(max_examples=100, deadline=None)
def test_time_that_is_let_pass_between_samples_changes_no_history(samples, stops):
    device = Device(EVERY_KIND)

    for index, sample in enumerate(unique(samples)):
        if index in stops:
            device.elapse(sample.at_ms - 1)
        device.hear(*sample)
    device.elapse(LAST_MS)

    assert sorted(map(repr, device.changes)) == sorted(map(repr, replay(EVERY_KIND, samples, LAST_MS)))


@given(st.lists(SAMPLES, max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_samples_crash_it_and_each_rule_goes_from_phase_to_phase(samples):
    device = Device(EVERY_KIND)
    stands = {}

    for sample in samples:
        device.hear(*sample)
    device.elapse(LAST_MS)

    for change in device.changes:
        assert stands.get(change[1:3], Phase.NO_DATA) is change.before
        stands[change[1:3]] = change.after
    assert all(one.phase is stands.get(one[:2], Phase.NO_DATA) for one in device.standings())
    carried = json.dumps(device.dump())
    device.load(json.loads(carried))
    assert json.dumps(device.dump()) == carried


def test_late_sample_within_the_horizon_corrects_history():
    hot = [Sample(minute * MINUTE_MS, "heat", 95) for minute in (0, 1, 3, 4)]
    cool = Sample(2 * MINUTE_MS - 1, "heat", 20)
    stream = Stream(EVERY_KIND)

    stream.hear(hot)
    before = [change.at_ms for change in stream.history() if change.code == "HOT" and change.after.is_active]
    stream.hear([cool])
    after = [change.at_ms for change in stream.history() if change.code == "HOT" and change.after.is_active]

    assert before == [2 * MINUTE_MS]
    assert after == []
    assert stream.history() == replay(EVERY_KIND, [*hot, cool])


def test_sample_behind_the_horizon_is_counted_and_changes_nothing():
    stream = Stream(EVERY_KIND, horizon=4)
    stream.hear([Sample(minute * MINUTE_MS, "heat", minute) for minute in range(100, 120)])
    settled, after = stream.settled(), stream.history()

    stream.hear([Sample(0, "heat", 95)])

    assert stream.late == 1
    assert [*settled, *after] == replay(
        EVERY_KIND, [Sample(minute * MINUTE_MS, "heat", minute) for minute in range(100, 120)]
    )
    assert (stream.settled(), stream.history()) == ([], after)


def test_chain_of_combinations_is_as_long_as_a_profile_may_be():
    links = [CombinationRule(code=f"C{at}", source=SOURCE, all_of=(f"C{at + 1}",)) for at in range(999)]
    hot = LimitRule(code="C999", source=SOURCE, signal="heat", high=90.0)
    profile = Profile(format=1, name="Chain", signals=(Signal(name="heat"),), rules=(*links, hot))

    changes = replay(profile, [Sample(0, "heat", 20.0), Sample(1, "heat", 95.0)])

    assert {change.code for change in changes if change.after.is_active} == {rule.code for rule in profile.rules}
