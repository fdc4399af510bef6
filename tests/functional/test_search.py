"""What people said is found again, by those who may read it and by nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from statusportal.access.vocabulary import Right
from statusportal.consent.widening import change_audience
from statusportal.discussion.service import delete_comment, edit_comment, post_comment
from statusportal.entries.service import edit_entry, move_lifecycle, publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind, Lifecycle
from statusportal.fleet.events import DeviceRenamed
from statusportal.fleet.models import Device
from statusportal.foundation.paging import Slice
from statusportal.search.queries import search
from statusportal.search.vocabulary import SearchFilters, SearchSort
from tests.factories.html import dangers
from tests.factories.town import build_town, grant, later

ODD = [
    '"',
    '""',
    '"open phrase',
    "NEAR(a b)",
    "a AND OR NOT b",
    "title:leak",
    "col : x",
    "*",
    "leak*",
    "-leak",
    "(leak",
    "leak)",
    "a & | ! b",
    "<-> a",
    "a:*",
    "\0leak",
    "'; DROP TABLE search_document; --",
    "%_%",
    "🔥🔥",
    "漏れ",
    "é" * 5_000,
    "leak " * 2_000,
    "x" * 10_000,
    "\ud800",
    "\\",
    "the and or",
    "$1 ? :name",
]


@pytest.fixture
def town(works):
    return build_town(works)


def publish(works, actor, device_id, title, body="", kind=EntryKind.QUESTION):
    with works.writing(actor) as work:
        return publish_entry(work, device_id, kind, title, body).id


def say(works, actor, entry_id, body, **more):
    with works.writing(actor) as work:
        return post_comment(work, entry_id, body, **more).id


def found(works, actor, query, filters=None, **more):
    with works.reading(actor) as work:
        page = search(work, query, filters or SearchFilters(), **more)
        return [(hit.title, hit.excerpt) for hit in page.items], page.total


def titles(works, actor, query, **filters):
    hits, total = found(works, actor, query, SearchFilters(**filters))
    assert total == len(hits)
    return sorted(title for title, _ in hits)


def test_conversation_is_found_by_its_words(works, town):
    entry_id = publish(works, town.mette, town.press, "Leak under the press", "Oil is dripping on the floor.")
    say(works, town.engineer, entry_id, "Replace the **gasket** of the cylinder & check.")

    assert found(works, town.mads, "gasket") == (
        [("Leak under the press", "Replace the <mark>gasket</mark> of the cylinder &amp; check.")],
        1,
    )
    assert found(works, town.mads, "drip floor")[1] == 1
    assert found(works, town.mads, "gasket floor") == ([], 0)


def test_accents_case_and_danish_letters_fold(works, town):
    publish(works, town.mette, town.press, "Støj fra Måleren", "Une pièce défectueuse")

    assert titles(works, town.mette, "stoj maleren") == ["Støj fra Måleren"]
    assert titles(works, town.mette, "STØJ") == ["Støj fra Måleren"]
    assert found(works, town.mette, "piece")[0][0][1] == "Une <mark>pièce</mark> défectueuse"


def test_phrase_and_joined_words_stand_side_by_side(works, town):
    publish(works, town.mette, town.press, "First", "the red pump failed")
    publish(works, town.mette, town.press, "Second", "the pump is red")

    assert titles(works, town.mette, '"red pump"') == ["First"]
    assert titles(works, town.mette, "red-pump") == ["First"]
    assert titles(works, town.mette, "red pump") == ["First", "Second"]


def test_exact_serial_comes_first(works, town):
    publish(works, town.mette, town.mill, "About PR-100", "PR-100 PR-100 PR-100 is better than this one")
    publish(works, town.mette, town.press, "Something else", "no number in the words")

    hits, total = found(works, town.mette, "pr-100")

    assert ([title for title, _ in hits], total) == (["Something else", "About PR-100"], 2)


def test_foreign_and_internal_words_are_in_no_hit_and_no_total(works, town, clock):
    ours = publish(works, town.mette, town.press, "Canary ours")
    say(works, town.mette, ours, "canary comment")
    say(works, town.engineer, ours, "canary internal", audience=Audience.INTERNAL)
    publish(works, town.bent, town.lathe, "Canary theirs")
    with works.writing(town.engineer) as work:
        hidden = publish_entry(work, town.press, EntryKind.FIELD_UPDATE, "Canary hidden", "", Audience.INTERNAL).id
    say(works, town.engineer, hidden, "canary under hidden")

    assert titles(works, town.mads, "canary") == ["Canary ours", "Canary ours"]
    assert titles(works, town.bent, "canary") == ["Canary theirs"]
    assert titles(works, town.guest, "canary") == []
    assert len(titles(works, town.engineer, "canary")) == 6
    with works.reading(town.mads) as work:
        first = search(work, "canary", wanted=Slice(1))
        second = search(work, "canary", wanted=Slice(1, first.next_cursor))
        assert (first.total, second.total, second.next_cursor) == (2, 2, None)
        assert {first.items[0].id, second.items[0].id}.isdisjoint({hidden})


def test_former_owner_and_grantee_find_only_their_share(works, town, clock):
    now = clock.now()
    clock.set(now - timedelta(days=10))
    publish(works, town.bent, town.mill, "Canary before the sale")
    clock.set(now)
    publish(works, town.mette, town.mill, "Canary after the sale")
    shared = publish(works, town.mette, town.press, "Canary shared")
    with works.writing(town.engineer) as work:
        work.session.execute(text("UPDATE status_entry SET audience = 'shared' WHERE title = 'Canary shared'"))
        work.session.execute(text("UPDATE search_document SET audience = 'shared' WHERE title = 'Canary shared'"))
    say(works, town.mette, shared, "canary for the house", audience=Audience.ORGANISATION)
    publish(works, town.mette, town.press, "Canary kept")

    assert titles(works, town.bent, "canary") == ["Canary before the sale"]
    assert titles(works, grant(works, town, town.press, Right.VIEW), "canary") == ["Canary shared"]


def test_deleted_edited_and_narrowed_words_leave_the_index(works, town):
    entry_id = publish(works, town.engineer, town.press, "Gone title", "gone body", EntryKind.FIELD_UPDATE)
    comment_id = say(works, town.engineer, entry_id, "gone comment")
    assert found(works, town.mette, "gone")[1] == 2
    with works.writing(town.engineer) as work:
        edit_comment(work, comment_id, "other words")
        edit_entry(work, entry_id, "New title", "new body")
    assert found(works, town.engineer, "gone") == ([], 0)
    assert found(works, town.mette, "other")[1] == 1
    with works.writing(town.engineer) as work:
        delete_comment(work, comment_id)
    assert found(works, town.engineer, "other") == ([], 0)
    with works.writing(town.engineer) as work:
        change_audience(work, entry_id, Audience.INTERNAL)
    assert found(works, town.mette, "new title") == ([], 0)
    assert found(works, town.engineer, "new title")[1] == 1
    with works.reading(town.engineer) as work:
        kept = work.session.execute(text("SELECT body FROM search_document")).scalars().all()
        assert kept == ["new body"]


def test_portals_own_lines_are_not_searched(works, town):
    entry_id = publish(works, town.mette, town.press, "Title")
    with works.writing(town.engineer) as work:
        move_lifecycle(work, entry_id, Lifecycle.RESOLVED)

    assert found(works, town.mette, "resolved") == ([], 0)


def test_renamed_device_is_found_by_its_new_name(works, town):
    publish(works, town.mette, town.press, "Title")
    with works.writing(town.mette) as work:
        work.session.get(Device, town.press).name = "Goliath"
        work.emit(DeviceRenamed(device_id=town.press, organisation_id=town.alpha))

    assert titles(works, town.mette, "goliath") == ["Title"]


def test_filters_narrow(works, town, clock):
    asked = publish(works, town.mette, town.press, "Canary asked")
    later(clock, 60)
    say(works, town.engineer, asked, "canary answered")
    publish(works, town.engineer, town.mill, "Canary update", kind=EntryKind.FIELD_UPDATE)

    assert titles(works, town.mads, "canary", kind="comment") == ["Canary asked"]
    assert titles(works, town.mads, "canary", kind="field_update") == ["Canary update"]
    assert titles(works, town.mads, "canary", device="MI-200") == ["Canary update"]
    assert titles(works, town.mads, "canary", device=str(town.press)) == ["Canary asked", "Canary asked"]
    assert titles(works, town.mads, "canary", model="kx", author="mette") == ["Canary asked"]
    assert titles(works, town.mads, "canary", author="%") == []
    assert titles(works, town.mads, "canary", model="none") == []
    assert titles(works, town.mads, "canary", code="T-1") == []
    assert len(titles(works, town.mads, "canary", since=clock.now())) == 2
    assert titles(works, town.mads, "canary", until=clock.now()) == ["Canary asked"]
    assert titles(works, town.mads, "", device="MI-200") == ["Canary update"]


def test_newest_comes_first_when_asked(works, town, clock):
    publish(works, town.mette, town.press, "Canary canary canary")
    later(clock)
    publish(works, town.mette, town.press, "New", "one canary")

    assert [title for title, _ in found(works, town.mette, "canary", sort=SearchSort.NEWEST)[0]] == [
        "New",
        "Canary canary canary",
    ]


@pytest.mark.parametrize("query", ODD)
def test_odd_query_never_fails(works, town, query):
    entry_id = publish(works, town.bent, town.lathe, "leak a b x the")
    say(works, town.bent, entry_id, "leak col title name")

    hits, total = found(works, town.mette, query)

    assert (hits, total) == ([], 0)
    assert found(works, town.bent, query)[1] in (0, 1, 2)


def test_excerpt_holds_no_tag_but_mark(works, town):
    body = "before `<script>alert(1)</script>` <img src=x onerror=alert(1)> & canary\"'<b>canary</b>"
    publish(works, town.mette, town.press, "<i>Title</i>", body)

    ((_, excerpt),), _ = found(works, town.mette, "canary script")

    assert "<mark>canary</mark>" in excerpt
    assert dangers(excerpt) == []


def test_score_and_order_do_not_tell_what_others_write(works, town):
    rare = publish(works, town.mette, town.press, "Hum", "a bearing hums")
    common = publish(works, town.mette, town.press, "Oil", "a filter drips")

    def seen():
        with works.reading(town.mette) as work:
            return [(hit.entry_id, hit.score) for hit in search(work, "bearing").items + search(work, "filter").items]

    before = seen()
    for _ in range(6):
        publish(works, town.bent, town.lathe, "Hum", "a bearing hums, and hums")

    assert [entry for entry, _ in before] == [rare, common]
    assert seen() == before
