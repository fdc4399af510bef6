"""Samples that come late: history becomes the true one, entries are corrected and never doubled, and nothing flaps."""

import itertools
import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.activations.models import Activation
from statusportal.discussion.queries import thread_of
from statusportal.discussion.service import post_comment
from statusportal.discussion.vocabulary import ThreadSort
from statusportal.entries.queries import entries_page
from statusportal.entries.vocabulary import EntryFilters
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.paging import Slice
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.jobs.keeping_time import status_round
from statusportal.status.models import KeptState
from statusportal.status.queries import conditions_of, intervals_of, status_of
from tests.factories.machines import LimitSpec, ModelSpec, make_machine

MINUTE_MS = 60_000
LASTING = ModelSpec(limits=(LimitSpec(), LimitSpec(code="lasting", threshold=80.0, duration_s=150, health="failure")))


@pytest.fixture
def noon_ms(clock):
    return to_ms(clock.now())


def send(works, machine, samples):
    """Store (time, value) of the temperature, and follow."""
    source = Source("credential:1", machine.organisation_id, machine.id)
    store_readings(works, source, [Reading(None, "temperature", at_ms, value) for at_ms, value in samples])
    while follow_once(works):
        pass


def settle(works, clock):
    """Let the time pass after which late samples are put in their place."""
    clock.move(timedelta(seconds=31))
    status_round(works, follow_once)


def history(works, machine):
    with works.reading(SYSTEM) as work:
        rows = work.session.scalars(select(Activation).where(Activation.device_id == machine.id))
        pieces = intervals_of(work, machine.id, 0, to_ms(work.now))
        conditions = conditions_of(work, machine.id)
        return (
            sorted((one.code, one.from_ms, one.to_ms, one.health) for one in rows),
            [(one.from_ms, one.to_ms, one.health, one.connectivity) for one in pieces],
            [(one.code, one.phase, one.count, one.since_ms, one.first_ms, one.value) for one in conditions],
            status_of(work, machine.id).health,
        )


def entries_of(works, machine):
    with works.reading(SYSTEM) as work:
        return list(reversed(entries_page(work, Slice(), EntryFilters(device_id=machine.id)).items))


def test_sample_ahead_of_its_time_blinds_nobody_and_counts_when_its_time_comes(works, clock, noon_ms):
    machine, new = (make_machine(works, spec=ModelSpec(limits=(LimitSpec(),))) for _ in range(2))
    send(works, machine, [(noon_ms, 20.0)])
    send(works, machine, [(noon_ms + 60 * MINUTE_MS, 95.0)])
    send(works, new, [(noon_ms + 60 * MINUTE_MS, 95.0)])
    assert history(works, new)[3] == "unknown", "nothing is known of it before its time has come"

    for minute, value in ((1, 99.0), (2, 20.0)):
        clock.move(timedelta(minutes=1))
        send(works, machine, [(noon_ms + minute * MINUTE_MS, value)])
        settle(works, clock)
        assert history(works, machine)[3] == ("off_spec" if value > 90 else "normal")
        clock.move(timedelta(seconds=-31))
    clock.move(timedelta(minutes=58))
    settle(works, clock)

    known = [
        [
            (from_ms - noon_ms, to_ms and to_ms - noon_ms)
            for code, from_ms, to_ms, _ in history(works, one)[0]
            if code == "hot"
        ]
        for one in (machine, new)
    ]
    assert known == [[(MINUTE_MS, 2 * MINUTE_MS), (60 * MINUTE_MS, None)], [(60 * MINUTE_MS, None)]]


def test_no_order_double_or_split_of_the_same_samples_changes_the_history(works, clock, noon_ms):
    values = [20, 85, 85, 95, 96, 70, 85, 84, 99, 83, 82, 30, 91, 20]
    samples = [(noon_ms - (len(values) - place) * 10_000, float(value)) for place, value in enumerate(values)]
    chance = random.Random(7)  # noqa: S311 - orders, the same in every run
    orders = [samples, *(chance.sample(samples, len(samples)) for _ in range(4))]
    machines = [make_machine(works, spec=LASTING) for _ in orders]

    for machine, order in zip(machines, orders, strict=True):
        send(works, machine, [(noon_ms - 200_000, 20.0)])
        cuts = sorted(chance.sample(range(1, len(order)), 3))
        for start, end in itertools.pairwise([0, *cuts, len(order)]):
            send(works, machine, order[max(0, start - 2) : end])  # some of it twice
    settle(works, clock)

    found = [history(works, machine) for machine in machines]
    assert [one[0] for one in found] == [found[0][0]] * len(found)
    assert [one[2:] for one in found] == [found[0][2:]] * len(found)
    assert found[0][0] == [
        ("hot", noon_ms - 110_000, noon_ms - 90_000, "off_spec"),
        ("hot", noon_ms - 60_000, noon_ms - 50_000, "off_spec"),
        ("hot", noon_ms - 20_000, noon_ms - 10_000, "off_spec"),
    ]


def test_late_value_corrects_the_entry_that_people_talk_about(works, clock, noon_ms):
    machine = make_machine(works, spec=LASTING)
    send(works, machine, [(noon_ms - 300_000, 20.0), (noon_ms - 240_000, 95.0), (noon_ms - 10_000, 96.0)])
    entry, lasting = entries_of(works, machine)
    with works.writing(SYSTEM) as work:
        post_comment(work, entry.id, "We see it.")
    send(works, machine, [(noon_ms - 60_000, 20.0), (noon_ms - 250_000, 95.0)])
    before = history(works, machine)
    settle(works, clock)

    after = history(works, machine)
    assert before[0] == [
        ("hot", noon_ms - 240_000, None, "off_spec"),
        ("lasting", noon_ms - 90_000, None, "failure"),
    ]
    assert after[0] == [
        ("hot", noon_ms - 250_000, noon_ms - 60_000, "off_spec"),
        ("hot", noon_ms - 10_000, None, "off_spec"),
        ("lasting", noon_ms - 100_000, noon_ms - 60_000, "failure"),
    ]
    assert (before[3], after[3]) == ("failure", "off_spec")
    told = [(one.id, one.lifecycle, one.event_count, one.opened_at) for one in entries_of(works, machine)]
    assert told == [
        (entry.id, "open", 2, from_ms(noon_ms - 250_000)),
        (lasting.id, "monitoring", 1, from_ms(noon_ms - 100_000)),
    ]
    with works.reading(SYSTEM) as work:
        lines = [line.comment.body_markdown for line in thread_of(work, entry.id, ThreadSort.OLDEST, Slice()).items]
    assert lines[-1] == "Corrected: samples that came late tell when this really was."


def test_what_never_was_is_taken_back_in_its_own_entry(works, clock, noon_ms):
    machine = make_machine(works, spec=ModelSpec(limits=(LimitSpec(duration_s=150),)))
    send(works, machine, [(noon_ms - 400_000, 20.0), (noon_ms - 300_000, 95.0), (noon_ms - 100_000, 95.0)])
    (told,) = entries_of(works, machine)
    send(works, machine, [(noon_ms - 200_000, 20.0)])
    settle(works, clock)

    (entry,) = entries_of(works, machine)
    assert (told.lifecycle, entry.id, entry.lifecycle, entry.event_count) == ("open", told.id, "resolved", 0)
    assert history(works, machine)[0] == []
    assert history(works, machine)[3] == "normal"


def test_time_at_which_nobody_was_heard_is_known_when_its_samples_come(works, clock, noon_ms):
    machine = make_machine(works, spec=ModelSpec(limits=(LimitSpec(),)))
    send(works, machine, [(noon_ms, 20.0)])
    clock.move(timedelta(hours=1))
    status_round(works, follow_once)
    silent = history(works, machine)[1]
    gap = [(noon_ms + minute * MINUTE_MS, 95.0 if 20 <= minute < 30 else 20.0) for minute in range(1, 60)]
    send(works, machine, [*gap, (to_ms(clock.now()), 20.0)])
    settle(works, clock)

    activations, pieces, *_ = history(works, machine)
    assert [one[2:] for one in silent] == [("normal", "online"), ("normal", "stale"), ("unknown", "offline")]
    assert [one[2:] for one in pieces] == [
        ("normal", "online"),
        ("normal", "stale"),
        ("normal", "offline"),
        ("off_spec", "offline"),
        ("normal", "offline"),
        ("normal", "online"),
    ]
    assert [one for one in activations if one[0] == "hot"] == [
        ("hot", noon_ms + 20 * MINUTE_MS, noon_ms + 30 * MINUTE_MS, "off_spec")
    ]
    assert len([one for one in entries_of(works, machine) if one.code == "hot"]) == 1


def test_sample_behind_the_horizon_is_kept_and_corrects_nothing(works, clock, noon_ms):
    machine = make_machine(works, spec=ModelSpec(limits=(LimitSpec(),)))
    send(works, machine, [(noon_ms, 20.0)])
    send(works, machine, [(noon_ms - 8 * 24 * 3_600_000, 95.0)])
    settle(works, clock)

    activations, pieces, *_ = history(works, machine)
    assert (activations, [one[2:] for one in pieces]) == ([], [("normal", "online")])


def test_states_are_kept_now_and_then_and_few_of_them(works, clock, noon_ms):
    machine = make_machine(works, spec=ModelSpec(limits=(LimitSpec(),)))
    for hour in range(30):
        send(works, machine, [(noon_ms + hour * 3_600_000, 20.0)])
        clock.move(timedelta(hours=1))

    with works.reading(SYSTEM) as work:
        kept = work.session.scalars(select(KeptState.at_ms).where(KeptState.device_id == machine.id)).all()
    beginning, *others = sorted(kept)
    assert beginning < noon_ms - 30 * 24 * 3_600_000, "the one from before the horizon"
    assert [(at_ms - noon_ms) // 3_600_000 for at_ms in others] == [1, 13, 19, 25]
