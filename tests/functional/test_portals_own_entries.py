"""The machine opens, reopens and closes entries of its own, as its conditions come and go."""

from datetime import timedelta

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.discussion.queries import thread_of
from statusportal.discussion.service import post_comment
from statusportal.discussion.vocabulary import ThreadSort
from statusportal.entries.queries import entries_page, entry_for
from statusportal.foundation.paging import Slice
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.status.events import ConditionCleared, ConditionRaised, StatusChanged
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


def test_condition_opens_an_entry_that_changed_the_health(works, town, clock):
    at = clock.now()
    tell(works, raised(town, at), changed(town, at + timedelta(seconds=1), words="Heat above 80 °C."))
    tell(works, raised(town, at, "T-2", "Second."), changed(town, at, Health.OFF_SPEC, words="Second."))

    with works.reading(town.mette) as work:
        second, first = entries_page(work, Slice()).items
        assert (first.kind, first.code, first.health, first.title) == (
            "transition",
            "T-1",
            "off_spec",
            "Heat above 80 °C.",
        )
        assert (first.headline["da"], first.author, first.audience) == ("Heat above 80 °C. (da)", None, "organisation")
        assert (second.kind, second.code) == ("condition", "T-2")
        assert first.snapshot["limits"] == [
            {"signal": "heat", "code": "T-1", "side": "high", "threshold": 80.0, "health": "off_spec"}
        ]


def test_cleared_condition_resolves_where_nobody_talked(works, town, clock):
    tell(works, raised(town, clock.now()))
    later(clock)
    tell(works, cleared(town, clock.now()))
    later(clock)
    tell(works, raised(town, clock.now(), words="Hot again."))

    with works.reading(town.mette) as work:
        assert [(one.title, one.lifecycle) for one in entries_page(work, Slice()).items] == [
            ("Hot again.", "open"),
            ("Heat above 80 °C.", "resolved"),
        ]


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
        assert entry.lifecycle == "resolved"
