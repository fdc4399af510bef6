"""People publish entries, talk under them, edit, take back and read; nobody else hears of it."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from statusportal.access.vocabulary import Right
from statusportal.discussion.queries import (
    comment_for,
    last_words,
    participants_of,
    revisions_of,
    thread_of,
    unread_counts,
    unread_of_devices,
)
from statusportal.discussion.service import delete_comment, edit_comment, mark_read, post_comment
from statusportal.discussion.vocabulary import CommentKind, CommentState, ThreadSort
from statusportal.entries.queries import comment_count_seen, entries_page, entry_for, version_seen
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.foundation.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from statusportal.foundation.paging import Slice
from tests.factories.town import build_town, grant, later


@pytest.fixture
def town(works):
    return build_town(works)


def ask(works, actor, device_id, title="Why is it hot?", **more):
    with works.writing(actor) as work:
        return publish_entry(work, device_id, EntryKind.QUESTION, title, "It smells.", **more).id


def say(works, actor, entry_id, body, **more):
    with works.writing(actor) as work:
        return post_comment(work, entry_id, body, **more).id


def read(works, actor, entry_id, sort=ThreadSort.OLDEST, wanted=None):
    with works.reading(actor) as work:
        page = thread_of(work, entry_id, sort, wanted or Slice())
        return [line.comment.body_markdown for line in page.items]


def test_thread_reads_in_order_of_its_branches(works, town, clock):
    entry_id = ask(works, town.mette, town.press)
    first = say(works, town.mette, entry_id, "1")
    say(works, town.engineer, entry_id, "2")
    answer = say(works, town.engineer, entry_id, "1.1", parent_id=first)
    say(works, town.mette, entry_id, "1.2", parent_id=first)
    say(works, town.mads, entry_id, "1.1.1", parent_id=answer)

    assert read(works, town.mads, entry_id) == ["1", "1.1", "1.1.1", "1.2", "2"]
    assert read(works, town.mads, entry_id, ThreadSort.HELPFUL) == ["1", "1.1", "1.1.1", "1.2", "2"]
    assert read(works, town.mads, entry_id, ThreadSort.NEWEST) == ["2", "1", "1.2", "1.1", "1.1.1"]


@pytest.mark.parametrize("sort", list(ThreadSort))
def test_thread_pages_join_to_the_whole(works, town, sort):
    entry_id = ask(works, town.mette, town.press)
    roots = [say(works, town.mette, entry_id, f"root {number}") for number in range(4)]
    for number in range(5):
        say(works, town.engineer, entry_id, f"reply {number}", parent_id=roots[1])

    pages, cursor = [], None
    with works.reading(town.mads) as work:
        while True:
            page = thread_of(work, entry_id, sort, Slice(2, cursor))
            pages.append([line.comment.body_markdown for line in page.items])
            cursor = page.next_cursor
            if cursor is None:
                break

    assert [len(page) for page in pages] == [2, 2, 2, 2, 1]
    assert [body for page in pages for body in page] == read(works, town.mads, entry_id, sort)


def test_thread_counts_direct_replies_that_speak(works, town):
    entry_id = ask(works, town.mette, town.press)
    root = say(works, town.mette, entry_id, "root")
    say(works, town.engineer, entry_id, "reply", parent_id=root)
    gone = say(works, town.engineer, entry_id, "gone", parent_id=root)
    say(works, town.engineer, entry_id, "internal", parent_id=root, audience=Audience.INTERNAL)
    with works.writing(town.engineer) as work:
        delete_comment(work, gone)

    with works.reading(town.mette) as work:
        customer = thread_of(work, entry_id, ThreadSort.OLDEST, Slice()).items[0].reply_count
    with works.reading(town.support) as work:
        staff = thread_of(work, entry_id, ThreadSort.OLDEST, Slice()).items[0].reply_count

    assert (customer, staff) == (1, 2)


def test_threads_of_writers_at_once_give_each_its_own_place(works, town):
    entry_id = ask(works, town.mette, town.press)
    root = say(works, town.mette, entry_id, "root")
    actors = [town.mette, town.mads, town.engineer, town.support]
    errors = []

    def write(actor):
        try:
            for number in range(6):
                say(works, actor, entry_id, f"reply {number}", parent_id=root)
        except Exception as err:  # noqa: BLE001 - shown by the assertion below
            errors.append(err)

    threads = [threading.Thread(target=write, args=[actor]) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with works.reading(town.mette) as work:
        lines = thread_of(work, entry_id, ThreadSort.OLDEST, Slice(100)).items
        entry = entry_for(work, entry_id)

        assert errors == []
        assert [line.comment.path for line in lines] == ["000001", *(f"000001.{n:06d}" for n in range(1, 25))]
        assert (entry.comment_count, entry.version) == (25, 26)


def test_deep_thread_keeps_its_order(works, town, clock):
    entry_id = ask(works, town.mette, town.press)
    parent = None
    with works.writing(town.mette) as work:
        for number in range(240):
            if number % 20 == 0:
                later(clock, 120)
            parent = post_comment(work, entry_id, str(number), parent_id=parent).id

    with works.reading(town.mads) as work:
        page = thread_of(work, entry_id, ThreadSort.OLDEST, Slice(200))
        rest = thread_of(work, entry_id, ThreadSort.OLDEST, Slice(200, page.next_cursor))

        depths = [line.comment.depth for line in [*page.items, *rest.items]]

    assert depths == list(range(240))


def test_internal_words_are_in_no_list_and_no_count_of_customers(works, town, clock):
    entry_id = ask(works, town.mette, town.press)
    later(clock)
    say(works, town.engineer, entry_id, "we look")
    later(clock)
    hidden = say(works, town.engineer, entry_id, "goodwill", audience=Audience.INTERNAL)
    under = say(works, town.support, entry_id, "agreed", parent_id=hidden)

    with works.reading(town.mette) as work:
        entry = entry_for(work, entry_id)
        assert read(works, town.mette, entry_id) == ["we look"]
        assert (comment_count_seen(work, entry), version_seen(work, entry)) == (1, 2)
        assert unread_counts(work, [entry_id]) == {entry_id: 1}
        assert unread_of_devices(work, [town.press]) == {town.press: 1}
        assert [one.name for one in participants_of(work, entry_id)] == ["Jonas"]
        assert last_words(work, [entry_id])[entry_id].body_markdown == "we look"
        assert entry.last_word_at == clock.now() - timedelta(seconds=1)
        for comment_id in (hidden, under):
            with pytest.raises(NotFound):
                comment_for(work, comment_id)
    with works.reading(town.product) as work:
        entry = entry_for(work, entry_id)
        assert (comment_count_seen(work, entry), version_seen(work, entry)) == (3, 4)
        assert unread_counts(work, [entry_id]) == {entry_id: 3}
        assert [one.name for one in participants_of(work, entry_id)] == ["Jonas", "Aisha"]
        assert last_words(work, [entry_id])[entry_id].body_markdown == "agreed"


def test_reply_is_never_wider_than_what_it_answers(works, town):
    entry_id = ask(works, town.engineer, town.press)
    hidden = say(works, town.engineer, entry_id, "hidden", audience=Audience.INTERNAL)

    with pytest.raises(Invalid, match="/audience"):
        say(works, town.engineer, entry_id, "open", parent_id=hidden, audience=Audience.ORGANISATION)
    with pytest.raises(Invalid, match="/audience"):
        say(works, town.engineer, entry_id, "wide", audience=Audience.PUBLIC)
    with pytest.raises(Invalid, match="/parent_id"):
        say(works, town.mette, entry_id, "guess", parent_id=hidden)
    with pytest.raises(Forbidden):
        say(works, town.mette, entry_id, "as staff", audience=Audience.INTERNAL)


def test_parent_of_another_thread_is_refused(works, town):
    own = ask(works, town.mette, town.press)
    other = ask(works, town.bent, town.lathe)
    foreign = say(works, town.bent, other, "foreign")

    with pytest.raises(Invalid, match="/parent_id"):
        say(works, town.mette, own, "reply", parent_id=foreign)
    with pytest.raises(NotFound):
        say(works, town.mette, other, "reply")


@pytest.mark.parametrize("kind", [CommentKind.UPDATE, CommentKind.FIELD_REPORT])
def test_workers_kinds_are_the_staffs(works, town, kind):
    entry_id = ask(works, town.mette, town.press)

    with pytest.raises(Forbidden):
        say(works, town.mette, entry_id, "report", kind=kind)
    with pytest.raises(Forbidden):
        say(works, town.product, entry_id, "report", kind=kind)
    with pytest.raises(Invalid, match="/kind"):
        say(works, town.engineer, entry_id, "line", kind=CommentKind.SYSTEM)
    comment_id = say(works, town.engineer, entry_id, "report", kind=kind)

    with works.reading(town.mette) as work:
        comment = comment_for(work, comment_id)
        assert (comment.kind, comment.author_role, comment.author.name) == (kind, "engineer", "Jonas")


@pytest.mark.parametrize("body", ["", " \n ", "a\0b", "\ud800", "x" * 20_001])
def test_body_that_is_no_text_is_refused(works, town, body):
    entry_id = ask(works, town.mette, town.press)

    with pytest.raises(Invalid, match="/body"):
        say(works, town.mette, entry_id, body)


def test_edit_keeps_what_stood_before(works, town, clock):
    entry_id = ask(works, town.mette, town.press)
    comment_id = say(works, town.mette, entry_id, "one")
    later(clock)
    with works.writing(town.mette) as work:
        edit_comment(work, comment_id, "two")
        edit_comment(work, comment_id, "two")
        edit_comment(work, comment_id, "three")

    with works.reading(town.mads) as work:
        comment = comment_for(work, comment_id)
        assert (comment.body_markdown, comment.body_html) == ("three", "<p>three</p>\n")
        assert comment.edited_at == clock.now()
        assert [(one.number, one.body_markdown) for one in revisions_of(work, comment_id)] == [(1, "one"), (2, "two")]


def test_anothers_words_can_be_neither_changed_nor_deleted(works, town):
    entry_id = ask(works, town.mette, town.press)
    comment_id = say(works, town.mette, entry_id, "mine")

    for actor, error in ((town.mads, Forbidden), (town.engineer, Forbidden), (town.bent, NotFound)):
        with pytest.raises(error), works.writing(actor) as work:
            edit_comment(work, comment_id, "yours")
        with pytest.raises(error), works.writing(actor) as work:
            delete_comment(work, comment_id)

    assert read(works, town.mads, entry_id) == ["mine"]


def test_deleted_words_are_gone_and_the_replies_stay(works, town):
    entry_id = ask(works, town.mette, town.press)
    comment_id = say(works, town.mette, entry_id, "canary first")
    say(works, town.engineer, entry_id, "reply", parent_id=comment_id)
    with works.writing(town.mette) as work:
        edit_comment(work, comment_id, "canary second")
    with works.writing(town.mette) as work:
        delete_comment(work, comment_id)
        delete_comment(work, comment_id)

    with works.reading(town.engineer) as work:
        comment = comment_for(work, comment_id)
        assert (comment.state, comment.body_markdown, comment.body_html) == (CommentState.DELETED, "", "")
        assert revisions_of(work, comment_id) == []
        assert entry_for(work, entry_id).comment_count == 1
        tables = work.session.execute(text("SELECT body_markdown FROM comment_revision")).all()
        assert tables == []
    assert read(works, town.engineer, entry_id) == ["", "reply"]
    with pytest.raises(Conflict), works.writing(town.mette) as work:
        edit_comment(work, comment_id, "back")


def test_reading_takes_the_unread_away_until_the_next_word(works, town, clock):
    entry_id = ask(works, town.mette, town.press)
    say(works, town.engineer, entry_id, "one")
    with works.writing(town.mette) as work:
        mark_read(work, entry_id)
        mark_read(work, entry_id)

    with works.reading(town.mette) as work:
        assert unread_counts(work, [entry_id]) == {}
    later(clock)
    say(works, town.engineer, entry_id, "two")
    say(works, town.mette, entry_id, "own words are read")
    with works.reading(town.mette) as work:
        assert unread_counts(work, [entry_id]) == {entry_id: 1}
    with works.reading(town.mads) as work:
        assert unread_counts(work, [entry_id]) == {entry_id: 3}


def test_one_person_is_held_to_the_rate_and_others_are_not(works, town, clock):
    entry_id = ask(works, town.mette, town.press)
    for number in range(30):
        say(works, town.mette, entry_id, str(number))

    with pytest.raises(TooMany) as caught:
        say(works, town.mette, entry_id, "31")
    say(works, town.mads, entry_id, "another person")
    later(clock, caught.value.retry_after_s)
    say(works, town.mette, entry_id, "later")

    assert len(read(works, town.mette, entry_id)) == 32


def test_stranger_finds_nothing(works, town):
    entry_id = ask(works, town.mette, town.press)
    comment_id = say(works, town.mette, entry_id, "ours")
    ask(works, town.bent, town.lathe, "Theirs")

    with works.reading(town.bent) as work:
        assert [entry.title for entry in entries_page(work, Slice()).items] == ["Theirs"]
        assert unread_counts(work, [entry_id]) == {}
        assert unread_of_devices(work, [town.press]) == {}
        assert last_words(work, [entry_id]) == {}
        for find in (entry_for, participants_of):
            with pytest.raises(NotFound):
                find(work, entry_id)
        with pytest.raises(NotFound):
            comment_for(work, comment_id)
        with pytest.raises(NotFound):
            thread_of(work, entry_id, ThreadSort.OLDEST, Slice())
    with pytest.raises(NotFound), works.writing(town.bent) as work:
        mark_read(work, entry_id)


def test_grantee_reads_and_talks_where_it_is_shared_only(works, town):
    kept = ask(works, town.mette, town.press, "Ours alone")
    shared = ask(works, town.mette, town.press, "Shared")
    with works.writing(town.engineer) as work:
        work.session.execute(text("UPDATE status_entry SET audience = 'shared' WHERE title = 'Shared'"))
    say(works, town.mette, shared, "for guests too")
    say(works, town.mette, shared, "ours", audience=Audience.ORGANISATION)
    guest = grant(works, town, town.press, Right.VIEW)

    with works.reading(guest) as work:
        assert [entry.title for entry in entries_page(work, Slice()).items] == ["Shared"]
        with pytest.raises(NotFound):
            entry_for(work, kept)
    assert read(works, guest, shared) == ["for guests too"]
    with pytest.raises(Forbidden):
        say(works, guest, shared, "may I?")
    guest = grant(works, town, town.press, Right.VIEW | Right.COMMENT)
    say(works, guest, shared, "now I may")
    assert read(works, town.mads, shared) == ["for guests too", "ours", "now I may"]
