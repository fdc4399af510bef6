"""Entries are published, moved through their lifecycle, edited and narrowed."""

from datetime import timedelta

import pytest

from statusportal.access.vocabulary import Right
from statusportal.consent.widening import change_audience
from statusportal.discussion.queries import thread_of
from statusportal.discussion.service import post_comment
from statusportal.discussion.vocabulary import ThreadSort
from statusportal.entries.queries import (
    entries_of_device,
    entries_page,
    entry_for,
    happenings_of,
    open_counts,
    version_seen,
)
from statusportal.entries.service import (
    edit_entry,
    expect_version,
    move_lifecycle,
    publish_entry,
)
from statusportal.entries.vocabulary import Audience, EntryFilters, EntryKind, Lifecycle
from statusportal.foundation.errors import Forbidden, IllegalTransition, Invalid, NotFound, Stale
from statusportal.foundation.paging import Slice
from statusportal.foundation.vocabulary import Health
from tests.factories.town import SOLD, build_town, grant, later


@pytest.fixture
def town(works):
    return build_town(works)


def publish(works, actor, device_id, kind=EntryKind.QUESTION, title="Title", **more):
    with works.writing(actor) as work:
        return publish_entry(work, device_id, kind, title, "Body", **more).id


def move(works, actor, entry_id, *steps):
    for step in steps:
        with works.writing(actor) as work:
            move_lifecycle(work, entry_id, step)


def titles(works, actor, filters=None):
    with works.reading(actor) as work:
        return [entry.title for entry in entries_page(work, Slice(), filters or EntryFilters()).items]


def test_question_of_a_member_stands_on_the_time_line(works, town, clock):
    entry_id = publish(works, town.mads, town.press, title=" Why  so\nhot? ")

    with works.reading(town.mette) as work:
        entry = entry_for(work, entry_id)
        assert (entry.title, entry.kind, entry.lifecycle, entry.audience) == (
            "Why so hot?",
            "question",
            "open",
            "organisation",
        )
        assert (entry.author.name, entry.author_role, entry.device.name) == ("Mads", "customer", "Press")
        assert (entry.opened_at, entry.body_html, entry.version) == (clock.now(), "<p>Body</p>\n", 1)


@pytest.mark.parametrize("kind", [EntryKind.FIELD_UPDATE, EntryKind.MAINTENANCE])
def test_operators_kinds_are_the_staffs(works, town, kind):
    with pytest.raises(Forbidden):
        publish(works, town.mette, town.press, kind)
    with pytest.raises(Forbidden):
        publish(works, town.product, town.press, kind)
    publish(works, town.engineer, town.press, kind, "By staff")

    assert titles(works, town.mette) == ["By staff"]


def test_wrong_content_is_named_field_by_field(works, town):
    with pytest.raises(Invalid) as caught:
        publish(works, town.engineer, town.press, EntryKind.TRANSITION, audience=Audience.PUBLIC, health=Health.NORMAL)
    assert [one.pointer for one in caught.value.errors] == ["/kind", "/audience", "/health"]
    for title in ("", " \n", "x" * 301, "a\0b"):
        with pytest.raises(Invalid, match="/title"):
            publish(works, town.engineer, town.press, title=title)


def test_publishing_needs_the_present_owner(works, town):
    with pytest.raises(NotFound):
        publish(works, town.bent, town.press)
    with pytest.raises(Forbidden):
        publish(works, town.bent, town.mill)
    with pytest.raises(NotFound):
        publish(works, town.guest, town.press)
    with pytest.raises(Forbidden):
        publish(works, grant(works, town, town.press), town.press)
    publish(works, grant(works, town, town.press, Right.VIEW | Right.COMMENT), town.press, title="Guest asks")
    with pytest.raises(Invalid, match="/audience"):
        publish(works, grant(works, town, town.press, Right.COMMENT), town.press, audience=Audience.ORGANISATION)

    assert titles(works, town.mette) == ["Guest asks"]


def test_health_is_declared_by_staff_only(works, town):
    with pytest.raises(Forbidden):
        publish(works, town.mette, town.press, health=Health.FAILURE)

    assert titles(works, town.mette) == []


def test_former_owner_keeps_the_own_time_and_sees_nothing_after(works, town, clock):
    now = clock.now()
    clock.set(SOLD - timedelta(days=1))
    publish(works, town.bent, town.mill, title="Before the sale")
    clock.set(now)
    publish(works, town.mette, town.mill, title="After the sale")

    assert titles(works, town.bent) == ["Before the sale"]
    assert titles(works, town.mette) == ["After the sale"]
    assert titles(works, town.engineer) == ["After the sale", "Before the sale"]
    with works.reading(town.bent) as work:
        assert open_counts(work, [town.mill, town.press]) == {town.mill: 1}


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ([], Lifecycle.ACKNOWLEDGED),
        ([Lifecycle.RESOLVED], Lifecycle.OPEN),
        ([Lifecycle.MONITORING], Lifecycle.OPEN),
    ],
)
def test_owners_may_acknowledge_and_reopen(works, town, steps, wanted):
    entry_id = publish(works, town.mette, town.press)
    move(works, town.engineer, entry_id, *steps)

    move(works, town.mads, entry_id, wanted)

    with works.reading(town.mette) as work:
        entry = entry_for(work, entry_id)
        assert (entry.lifecycle, entry.resolved_at) == (wanted, None)


@pytest.mark.parametrize(
    "wanted", [Lifecycle.INVESTIGATING, Lifecycle.IDENTIFIED, Lifecycle.MONITORING, Lifecycle.RESOLVED]
)
def test_steps_of_the_work_are_the_staffs(works, town, wanted):
    entry_id = publish(works, town.mette, town.press)

    for actor in (town.mette, town.product):
        with pytest.raises(Forbidden):
            move(works, actor, entry_id, wanted)
    with pytest.raises(NotFound):
        move(works, town.bent, entry_id, Lifecycle.ACKNOWLEDGED)
    move(works, town.engineer, entry_id, wanted)


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ([Lifecycle.RESOLVED], Lifecycle.MONITORING),
        ([Lifecycle.INVESTIGATING], Lifecycle.OPEN),
        ([Lifecycle.ACKNOWLEDGED], Lifecycle.OPEN),
    ],
)
def test_step_that_leads_nowhere_is_refused(works, town, steps, wanted):
    entry_id = publish(works, town.mette, town.press)
    move(works, town.engineer, entry_id, *steps)

    with pytest.raises(IllegalTransition):
        move(works, town.engineer, entry_id, wanted)


def test_step_is_a_happening_and_a_line_that_is_nobodys_word(works, town, clock):
    entry_id = publish(works, town.mette, town.press)
    later(clock)
    move(works, town.engineer, entry_id, Lifecycle.RESOLVED, Lifecycle.RESOLVED)

    with works.reading(town.mads) as work:
        (happening,) = happenings_of(work, entry_id)
        (line,) = thread_of(work, entry_id, ThreadSort.OLDEST, Slice()).items
        entry = entry_for(work, entry_id)
        assert (happening.kind, happening.before, happening.after, happening.person.name) == (
            "lifecycle",
            {"lifecycle": "open"},
            {"lifecycle": "resolved"},
            "Jonas",
        )
        assert (line.comment.kind, line.comment.body_markdown, line.comment.reason["da"]) == (
            "system",
            "Resolved.",
            "Løst.",
        )
        assert (entry.comment_count, entry.version, entry.resolved_at) == (0, 2, clock.now())
        assert open_counts(work, [town.press]) == {}


def test_edit_keeps_what_stood_before(works, town):
    entry_id = publish(works, town.mette, town.press, title="One")
    for actor in (town.mads, town.engineer):
        with pytest.raises(Forbidden), works.writing(actor) as work:
            edit_entry(work, entry_id, "Two")
    with works.writing(town.mette) as work:
        edit_entry(work, entry_id, "Two", "**New**")
        edit_entry(work, entry_id, "Two", "**New**")

    with works.reading(town.mads) as work:
        entry = entry_for(work, entry_id)
        (happening,) = happenings_of(work, entry_id)
        assert (entry.title, entry.body_html, entry.version) == ("Two", "<p><strong>New</strong></p>\n", 2)
        assert (happening.kind, happening.before) == ("edited", {"title": "One", "body_markdown": "Body"})


def test_narrowed_entry_is_gone_for_customers_and_comes_back(works, town):
    entry_id = publish(works, town.engineer, town.press, EntryKind.FIELD_UPDATE, "Found it")
    with works.writing(town.engineer) as work:
        change_audience(work, entry_id, Audience.INTERNAL)
        edit_entry(work, entry_id, "Not for customers")
        edit_entry(work, entry_id, "Found it")

    assert titles(works, town.mette) == []
    with pytest.raises(Forbidden), works.writing(town.product) as work:
        change_audience(work, entry_id, Audience.ORGANISATION)
    with works.writing(town.engineer) as work:
        change_audience(work, entry_id, Audience.ORGANISATION)
    assert titles(works, town.mette) == ["Found it"]
    with works.reading(town.mette) as work:
        assert happenings_of(work, entry_id) == []
    with works.reading(town.engineer) as work:
        assert [one.kind for one in happenings_of(work, entry_id)] == ["audience", "edited", "edited", "audience"]


def test_audience_cannot_be_widened_beyond_or_hide_a_customers_words(works, town):
    entry_id = publish(works, town.mette, town.press)

    with pytest.raises(Forbidden), works.writing(town.mette) as work:
        change_audience(work, entry_id, Audience.INTERNAL)
    for audience in (Audience.INTERNAL, Audience.MODEL, Audience.PUBLIC):
        with pytest.raises(Invalid, match="/audience"), works.writing(town.engineer) as work:
            change_audience(work, entry_id, audience)


def test_who_decides_who_gets_in_chooses_whether_an_entry_is_for_them(works, town):
    entry_id = publish(works, town.mette, town.press)

    for actor in (town.product, town.mads):
        with pytest.raises(Forbidden), works.writing(actor) as work:
            change_audience(work, entry_id, Audience.SHARED)
    for audience in (Audience.SHARED, Audience.ORGANISATION):
        with works.writing(town.mette) as work:
            assert change_audience(work, entry_id, audience).audience == audience


def test_version_that_was_read_is_asked_for(works, town):
    entry_id = publish(works, town.mette, town.press)
    with works.writing(town.engineer) as work:
        post_comment(work, entry_id, "internal", audience=Audience.INTERNAL)

    with works.writing(town.mette) as work:
        assert version_seen(work, expect_version(work, entry_id, 1)) == 1
    with works.writing(town.engineer) as work:
        assert version_seen(work, expect_version(work, entry_id, 2)) == 2
    with pytest.raises(Stale) as caught, works.writing(town.engineer) as work:
        expect_version(work, entry_id, 1)
    assert caught.value.version == 2


def test_pages_and_filters_give_each_entry_once(works, town, clock):
    for number in range(5):
        later(clock)
        publish(works, town.mette, (town.press, town.mill)[number % 2], title=str(number))
    publish(works, town.bent, town.lathe, title="foreign")

    seen, cursor = [], None
    with works.reading(town.mads) as work:
        for _ in range(3):
            page = entries_page(work, Slice(2, cursor))
            seen += [entry.title for entry in page.items]
            cursor = page.next_cursor
        mill = entries_of_device(work, town.mill, Slice()).items
        foreign = entries_of_device(work, town.lathe, Slice()).items

    assert (seen, cursor) == (["4", "3", "2", "1", "0"], None)
    assert [entry.title for entry in mill] == ["3", "1"]
    assert foreign == []
    since = EntryFilters(since=clock.now() - timedelta(seconds=1), until=clock.now())
    assert titles(works, town.mads, since) == ["3"]
    assert titles(works, town.mads, EntryFilters(kinds=frozenset({EntryKind.MAINTENANCE}))) == []
    assert titles(works, town.mads, EntryFilters(lifecycles=frozenset({Lifecycle.RESOLVED}))) == []
