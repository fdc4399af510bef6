"""The machine opens, reopens and closes entries of its own, as its conditions come and go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.activations.queries import activations_of
from statusportal.discussion.queries import thread_of
from statusportal.discussion.service import post_comment
from statusportal.discussion.vocabulary import ThreadSort
from statusportal.entries.queries import entries_page, entry_for
from statusportal.entries.service import move_lifecycle
from statusportal.entries.vocabulary import Lifecycle
from statusportal.fleet.models import Device
from statusportal.foundation.clock import to_ms
from statusportal.foundation.paging import Slice
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.jobs.keeping_time import status_round
from statusportal.status.events import ConditionCleared, ConditionRaised, StatusChanged
from tests.factories.machines import LimitSpec, ModelSpec, hand_over, make_machine, make_organisation
from tests.factories.town import build_town, later


@pytest.fixture
def town(works):
    return build_town(works)


def reason(words):
    return {"key": "limit_high", "args": {}, "en": words, "da": f"{words} (da)"}


def raised(town, at, code="T-1", words="Heat above 80 °C."):
    return ConditionRaised(
        device_id=town.press,
        organisation_id=town.alpha,
        ownership_id=town.ownership,
        code=code,
        health=Health.OFF_SPEC,
        reason=reason(words),
        at=at,
        value=81.0,
        signal_name="heat",
    )


def cleared(town, at, code="T-1", words="Heat is back."):
    return ConditionCleared(
        device_id=town.press,
        organisation_id=town.alpha,
        ownership_id=town.ownership,
        code=code,
        health=Health.OFF_SPEC,
        reason=reason(words),
        at=at,
        active_since=at,
        value=70.0,
        signal_name="heat",
    )


def changed(town, at, before=Health.NORMAL, after=Health.OFF_SPEC, was="online", now="online", words="Changed."):
    return StatusChanged(
        device_id=town.press,
        organisation_id=town.alpha,
        ownership_id=town.ownership,
        at=at,
        health_before=before,
        health_after=after,
        connectivity_before=Connectivity(was),
        connectivity_after=Connectivity(now),
        reason=reason(words),
        version=2,
    )


def tell(works, *events):
    with works.writing(SYSTEM) as work:
        for event in events:
            work.emit(event)


def own(works, town):
    with works.reading(town.mette) as work:
        return list(reversed(entries_page(work, Slice()).items))


def lines_of(works, town, entry_id):
    with works.reading(town.mette) as work:
        return [line.comment for line in thread_of(work, entry_id, ThreadSort.OLDEST, Slice()).items]


def speak(works, town, clock, value=70.0):
    """Let the press send its heat of now, and have it followed and settled."""
    source = Source("credential:test", town.alpha, town.press)
    store_readings(works, source, [Reading(None, "heat", to_ms(clock.now()), value)])
    return status_round(works, follow_once)


def test_condition_opens_an_entry_that_changed_the_health(works, town, clock):
    at = clock.now()
    tell(works, raised(town, at), changed(town, at + timedelta(seconds=1), words="Heat above 80 °C."))
    later(clock, 61)
    tell(works, raised(town, clock.now(), "T-2", "Second."), changed(town, at, Health.OFF_SPEC, words="Second."))

    first, second = own(works, town)
    assert (first.kind, first.code, first.health, first.title) == ("transition", "T-1", "off_spec", "Heat above 80 °C.")
    assert (first.headline["da"], first.author, first.audience) == ("Heat above 80 °C. (da)", None, "organisation")
    assert (second.kind, second.code) == ("condition", "T-2")
    assert first.snapshot["limits"] == [
        {"signal": "heat", "code": "T-1", "side": "high", "threshold": 80.0, "health": "off_spec"}
    ]


def test_burst_is_one_entry_led_by_its_worst_and_watched_when_all_of_it_is_clear(works, town, clock):
    at = clock.now()
    worse = replace(raised(town, at + timedelta(seconds=20), "T-2", "The pump stopped."), health=Health.FAILURE)
    tell(works, raised(town, at), worse, raised(town, at + timedelta(seconds=59), "T-3", "Flow is low."))
    later(clock, 120)
    tell(works, cleared(town, clock.now(), "T-2"), cleared(town, clock.now(), "T-1"))
    (still,) = own(works, town)
    later(clock)
    tell(works, cleared(town, clock.now(), "T-3", "Flow is back."))

    (entry,) = own(works, town)
    with works.reading(town.mette) as work:
        events = activations_of(work, entry)
    assert (entry.code, entry.health, entry.title, entry.opened_at) == ("T-2", "failure", "The pump stopped.", at)
    assert (still.lifecycle, entry.lifecycle) == ("open", "monitoring")
    assert (entry.event_count, entry.last_event_at, entry.clear_since) == (3, clock.now(), clock.now())
    assert [(one.code, one.from_ms - to_ms(at), one.to_ms - to_ms(at)) for one in events] == [
        ("T-1", 0, 120_000),
        ("T-2", 20_000, 120_000),
        ("T-3", 59_000, 121_000),
    ]
    assert [line.body_markdown for line in lines_of(works, town, entry.id)] == [
        "At the same time: The pump stopped.",
        "At the same time: Flow is low.",
        "Cleared: Flow is back.",
    ]


def test_what_comes_and_goes_is_one_entry_that_counts_and_soon_says_no_more(works, town, clock):
    begun = clock.now()
    for _ in range(20):
        tell(works, raised(town, clock.now()))
        later(clock, 30)
        tell(works, cleared(town, clock.now()))
        later(clock, 30)

    (entry,) = own(works, town)
    lines = [line.reason["key"] for line in lines_of(works, town, entry.id)]
    assert (entry.event_count, entry.opened_at, entry.lifecycle) == (20, begun, "monitoring")
    assert entry.last_event_at == clock.now() - timedelta(seconds=30)
    assert lines == [*["entry_cleared", "entry_reopened"] * 3, "entry_counted"]


def test_machine_confirms_what_was_clear_for_a_day_at_its_own_time(works, town, clock):
    tell(works, raised(town, clock.now()))
    later(clock, 60)
    tell(works, cleared(town, clock.now()))
    clear = clock.now()
    later(clock, 86_399)
    speak(works, town, clock)
    (early,) = own(works, town)
    later(clock, 7 * 3_600)
    status_round(works, follow_once)
    silent = own(works, town)[0]
    later(clock, 60)
    speak(works, town, clock)

    (entry,) = [one for one in own(works, town) if one.code == "T-1"]
    assert (early.lifecycle, silent.lifecycle) == ("monitoring", "monitoring")
    assert (entry.lifecycle, entry.resolved_at) == ("resolved", clear + timedelta(days=1))
    last = lines_of(works, town, entry.id)[-1]
    assert (last.body_markdown, last.author_id) == (
        "Resolved: the machine stayed clear, so it confirms that this is over.",
        None,
    )
    later(clock, 60)
    tell(works, raised(town, clock.now()))
    assert [one.lifecycle for one in own(works, town) if one.code == "T-1"] == ["resolved", "open"]


def test_relapse_reopens_what_people_resolved_too_early(works, town, clock):
    tell(works, raised(town, clock.now()))
    (entry,) = own(works, town)
    later(clock, 60)
    tell(works, cleared(town, clock.now()))
    with works.writing(town.engineer) as work:
        move_lifecycle(work, entry.id, Lifecycle.RESOLVED)
    later(clock, 3_600)
    tell(works, raised(town, clock.now()))

    (again,) = own(works, town)
    assert (again.id, again.lifecycle, again.resolved_at, again.event_count) == (entry.id, "open", None, 2)
    assert lines_of(works, town, entry.id)[-1].body_markdown == "Active again: Heat above 80 °C."


def test_span_of_the_model_and_of_a_rule_say_how_long_clear_is_over(works, town, clock):
    with works.writing(SYSTEM) as work:
        model = work.session.get(Device, town.press).model
        model.clear_after_s, model.version = 60, model.version + 1
    tell(works, raised(town, clock.now()), cleared(town, clock.now()))

    (entry,) = own(works, town)
    assert entry.clear_due_at == clock.now() + timedelta(seconds=60)


def test_condition_that_people_talk_about_is_watched_and_reopens(works, town, clock):
    tell(works, raised(town, clock.now()))
    with works.reading(town.mette) as work:
        entry_id = entries_page(work, Slice()).items[0].id
    with works.writing(town.mette) as work:
        post_comment(work, entry_id, "We see it too.")
    states = []
    for event in (raised, cleared, raised):
        later(clock)
        tell(works, event(town, clock.now()))
        with works.reading(town.mette) as work:
            states.append(entry_for(work, entry_id).lifecycle)

    with works.reading(town.mette) as work:
        lines = [line.comment for line in thread_of(work, entry_id, ThreadSort.OLDEST, Slice()).items]
        assert states == ["open", "monitoring", "open"]
        assert [line.body_markdown for line in lines] == [
            "We see it too.",
            "Active again: Heat above 80 °C.",
            "Cleared: Heat is back.",
            "Active again: Heat above 80 °C.",
        ]
        assert lines[2].reason["da"] == "Ophørt: Heat is back. (da)"
        assert [line.author_id for line in lines[1:]] == [None, None, None]


def test_silent_machine_opens_an_entry_and_its_return_closes_it(works, town, clock):
    tell(works, changed(town, clock.now(), Health.NORMAL, Health.UNKNOWN, "stale", "offline", "Nothing heard."))
    with works.reading(town.mette) as work:
        (entry,) = entries_page(work, Slice()).items
        assert (entry.kind, entry.code, entry.health, entry.lifecycle) == ("transition", "offline", "unknown", "open")
    later(clock)
    tell(works, changed(town, clock.now(), Health.UNKNOWN, Health.NORMAL, "offline", "online", "Heard again."))

    with works.reading(town.mette) as work:
        (entry,) = entries_page(work, Slice()).items
        assert (entry.lifecycle, entry.clear_since) == ("monitoring", clock.now())


def test_how_a_machine_fares_under_the_next_owner_holds_up_no_entry_of_the_former(works, clock):
    machine = make_machine(works, spec=ModelSpec(limits=(LimitSpec(),)))
    sender = Source("credential:1", machine.organisation_id, machine.id)
    for value in (95.0, 20.0):
        store_readings(works, sender, [Reading(None, "temperature", to_ms(clock.now()), value)])
        status_round(works, follow_once)
        later(clock, 10)
    buyer = make_organisation(works)
    hand_over(works, machine, buyer, clock.now())
    later(clock, 10)
    store_readings(
        works, Source("credential:2", buyer, machine.id), [Reading(None, "temperature", to_ms(clock.now()), 95.0)]
    )
    status_round(works, follow_once)
    later(clock, 86_400)
    status_round(works, follow_once)

    with works.reading(SYSTEM) as work:
        found = {one.organisation_id: one.lifecycle for one in entries_page(work, Slice()).items if one.code == "hot"}
    assert found == {machine.organisation_id: "resolved", buyer: "open"}
