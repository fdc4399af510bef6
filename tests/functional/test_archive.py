"""The archive: words of two languages, operators, choices to narrow by, other spellings; each for its reader."""

import pytest

from statusportal.access.vocabulary import MemberRole
from statusportal.answers.accepting import accept_answer, unaccept_answer
from statusportal.app import create_app
from statusportal.attachments.blobs import blob_store, keep_prepared
from statusportal.attachments.preparing import prepare_file
from statusportal.consent.widening import change_audience
from statusportal.discussion.service import delete_comment, post_comment
from statusportal.enclosures.service import attach_file, enclose
from statusportal.entries.service import move_lifecycle, publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind, Lifecycle
from statusportal.search.queries import search
from statusportal.search.vocabulary import Outcome, SearchFilters
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import browser_of
from tests.factories.fleet import make_device
from tests.factories.town import build_town, later


@pytest.fixture
def town(works):
    return build_town(works)


def publish(works, actor, device_id, title, body="", audience=None, kind=EntryKind.QUESTION):
    with works.writing(actor) as work:
        return publish_entry(work, device_id, kind, title, body, audience).id


def page(works, actor, query):
    with works.reading(actor) as work:
        return search(work, query)


def titles(works, actor, query):
    return [hit.title for hit in page(works, actor, query).items]


def test_words_are_found_in_every_form_and_both_languages(works, town):
    publish(works, town.mette, town.press, "Leaks", "The batteries were leaking; utætte slanger ved pumpen")

    for query in ("leak", "battery", "leaked", "utæt slange", "pumper", "slangerne"):
        assert titles(works, town.mads, query) == ["Leaks"], query
    assert titles(works, town.mads, "leakproof") == []


def test_beginnings_count_where_nothing_holds_the_word(works, town):
    publish(works, town.mette, town.press, "Whole", "The temp is wrong")
    publish(works, town.mette, town.press, "Longer", "The thermostat is wrong")

    assert titles(works, town.mads, "temp") == ["Whole"]
    assert titles(works, town.mads, "therm wrong") == ["Longer"]
    assert titles(works, town.mads, "the*") == ["Longer", "Whole"]


def test_exact_code_comes_before_what_speaks_of_it(works, town, clock):
    publish(works, town.mette, town.press, "Of the press", "no number here")
    later(clock)
    publish(works, town.mette, town.mill, "Newer", "PR 100 PR-100 pr100 PR-100")

    assert titles(works, town.mads, "PR-100") == ["Of the press", "Newer"]


def test_counts_to_narrow_by_hold_nothing_foreign(works, town):
    asked = publish(works, town.mette, town.press, "Canary asked")
    with works.writing(town.engineer) as work:
        post_comment(work, asked, "canary reply")
        post_comment(work, asked, "canary internal", audience=Audience.INTERNAL)
        move_lifecycle(work, asked, Lifecycle.RESOLVED)
    publish(works, town.bent, town.lathe, "Canary theirs")

    facets = {
        name: [(one.value, one.count) for one in choices]
        for name, choices in page(works, town.mads, "canary").facets.items()
    }

    assert facets == {
        "kind": [("comment", 1), ("question", 1)],
        "model": [("kx", 2)],
        "outcome": [("resolved", 2)],
        "code": [],
    }


def test_other_spelling_comes_from_what_the_reader_may_see_alone(works, town):
    publish(works, town.mette, town.press, "Gasket", "the cylinder drips")
    publish(works, town.bent, town.lathe, "Secret", "the flywheel of beta hums")
    publish(works, town.engineer, town.press, "Note", "flywheels are hidden", Audience.INTERNAL, EntryKind.FIELD_UPDATE)

    assert page(works, town.mads, "gaskte cylnder").suggestion == "gasket cylinder"
    assert page(works, town.mads, "flywheol").suggestion is None
    assert page(works, town.bent, "flywheol").suggestion == "flywheel"
    assert page(works, town.guest, "flywheol").suggestion is None


def test_narrowed_entry_leaves_hits_counts_and_spellings_at_once(works, town):
    entry_id = publish(works, town.engineer, town.press, "Gasket", "grommet", kind=EntryKind.FIELD_UPDATE)
    with works.writing(town.mads) as work:
        post_comment(work, entry_id, "grommets again")
    with works.writing(town.engineer) as work:
        change_audience(work, entry_id, Audience.INTERNAL)

    seen = page(works, town.mads, "grommet")

    assert (seen.items, seen.total, dict(seen.facets), seen.suggestion) == ((), 0, {}, None)
    assert page(works, town.mads, "gromet").suggestion is None
    assert page(works, town.engineer, "grommet").total == 2


def test_answered_entries_are_found_as_such_while_they_are(works, town):
    asked = publish(works, town.mette, town.press, "Canary asked")
    publish(works, town.mette, town.press, "Canary waits")
    with works.writing(town.engineer) as work:
        answer = post_comment(work, asked, "canary answer").id
    with works.writing(town.mette) as work:
        accept_answer(work, answer)
    with works.reading(town.mads) as work:
        found = search(work, "canary", SearchFilters(outcomes=(Outcome.ANSWERED,)))
    with works.writing(town.mette) as work:
        unaccept_answer(work, answer)
    with works.reading(town.mads) as work:
        after = search(work, "canary", SearchFilters(outcomes=(Outcome.ANSWERED,)))

    assert ([hit.title for hit in found.items], after.total) == (["Canary asked", "Canary asked"], 0)


def test_words_of_files_are_found_with_the_comment_that_holds_them(works, town):
    asked = publish(works, town.mette, town.press, "Why?")
    with works.writing(town.engineer) as work:
        prepared = prepare_file("cleaning protocol.log", b"12:31 flywheel stalled")
        row = attach_file(work, asked, prepared, keep_prepared(blob_store(works.settings), prepared))
        comment = post_comment(work, asked, "See the log.", audience=Audience.INTERNAL)
        enclose(work, comment, [row.id])

    assert titles(works, town.engineer, "flywheels") == titles(works, town.engineer, "cleaning protocol") == ["Why?"]
    assert page(works, town.mads, "flywheels").total == page(works, town.mads, "flywheol").total == 0
    with works.writing(town.engineer) as work:
        delete_comment(work, comment.id)
    assert titles(works, town.engineer, "flywheels") == []


def test_page_reads_operators_and_says_what_it_cannot_read(settings, works):
    alpha = make_organisation(works, "alpha")
    mette = make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, name="Mette", password=PASSWORD)
    publish(works, actor_for(works, mette), make_device(works, alpha).id, "Canary <b>bold</b>")
    browser = browser_of(create_app(settings, works), mette)

    found = browser.get('/search?q=canary+is:open+author:"mette"&outcome=open').text
    narrowed = browser.get("/search?q=canary+before:2020-01-01").text
    odd = browser.get("/search?q=canary+before:soon+is:x&outcome=none&sort=none&kind=none&from=x").text

    assert "Canary &lt;b&gt;bold&lt;/b&gt;" in found
    assert "Still open" in found
    assert "Canary &lt;b&gt;bold" not in narrowed
    assert "“soon” is no date. Write it like 2026-11-30. “is:” takes one of these" in odd
    assert "Canary &lt;b&gt;bold" in odd
