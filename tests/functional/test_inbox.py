"""The inbox: a customer's word waits until somebody of the operator answers, and the clock is there to be seen."""

import pytest

from statusportal.access.vocabulary import StaffRole
from statusportal.catalogue.queries import model_for
from statusportal.discussion.service import post_comment
from statusportal.entries.service import move_lifecycle, publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind, Lifecycle
from statusportal.following.service import follow
from statusportal.following.vocabulary import FollowedKind, FollowLevel
from statusportal.foundation.errors import Forbidden
from statusportal.foundation.paging import Slice
from statusportal.foundation.vocabulary import Health
from statusportal.inboxes.queries import clocks, inbox_page, queue_counts
from statusportal.inboxes.vocabulary import Queue
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.browsing import browser_of
from tests.factories.letters import app_of
from tests.factories.town import build_town, later


@pytest.fixture
def town(works):
    return build_town(works)


def publish(works, actor, device_id, title, kind=EntryKind.QUESTION, **more):
    with works.writing(actor) as work:
        return publish_entry(work, device_id, kind, title, "", **more).id


def say(works, actor, entry_id, words, **more):
    with works.writing(actor) as work:
        post_comment(work, entry_id, words, **more)


def waiting(works, actor, queue=Queue.WAITING, **narrowed):
    with works.reading(actor) as work:
        return [one.title for one in inbox_page(work, queue, Slice(), **narrowed).items]


def test_question_waits_until_it_is_answered_and_again_when_the_customer_comes_back(works, town, clock):
    entry_id = publish(works, town.mette, town.press, "Why?")
    later(clock, 60)
    say(works, town.engineer, entry_id, "Look at it later", audience=Audience.INTERNAL)
    assert (waiting(works, town.support), waiting(works, town.support, Queue.UNANSWERED)) == (["Why?"], ["Why?"])

    later(clock, 60)
    say(works, town.support, entry_id, "Because.")
    assert (waiting(works, town.support), waiting(works, town.support, Queue.CUSTOMER)) == ([], ["Why?"])

    later(clock, 60)
    say(works, town.mads, entry_id, "But why?")
    assert (waiting(works, town.support), waiting(works, town.support, Queue.UNANSWERED)) == (["Why?"], [])

    with works.writing(town.support) as work:
        move_lifecycle(work, entry_id, Lifecycle.RESOLVED)
    assert waiting(works, town.support) == []


def test_worst_comes_first_and_then_the_oldest_page_by_page(works, town, clock):
    for title in ("First", "Second"):
        publish(works, town.mette, town.press, title)
        later(clock, 60)
    failed = publish(works, town.engineer, town.lathe, "Failed", EntryKind.FIELD_UPDATE, health=Health.FAILURE)
    later(clock, 60)
    say(works, town.bent, failed, "We cannot work")

    with works.reading(town.support) as work:
        first = inbox_page(work, Queue.WAITING, Slice(2))
        rest = inbox_page(work, Queue.WAITING, Slice(2, first.next_cursor))
        counts = queue_counts(work)

    assert [one.title for one in (*first.items, *rest.items)] == ["Failed", "First", "Second"]
    assert counts == {
        Queue.WAITING: 3,
        Queue.UNANSWERED: 2,
        Queue.CRITICAL: 1,
        Queue.BROKEN: 0,
        Queue.CUSTOMER: 0,
    }


def test_clock_tells_what_is_late_and_the_middle_of_what_was_answered(works, town, clock):
    answered = publish(works, town.mette, town.press, "Answered")
    later(clock, 600)
    say(works, town.engineer, answered, "Done")
    publish(works, town.mette, town.press, "Late")
    later(clock, 3_601)
    publish(works, town.mette, town.press, "In time")

    with works.reading(town.support) as work:
        found = clocks(work)

    assert (found.unanswered, found.late, found.middle.total_seconds()) == (2, 1, 600)


def test_expert_has_a_queue_of_the_models_they_follow(works, town):
    publish(works, town.mette, town.press, "Why?")
    assert waiting(works, town.engineer, is_mine=True) == []
    with works.writing(town.engineer) as work:
        follow(work, FollowedKind.MODEL, model_for(work, "kx").id, FollowLevel.NORMAL)

    assert waiting(works, town.engineer, is_mine=True) == ["Why?"]
    assert waiting(works, town.engineer, model="kx") == ["Why?"]
    assert waiting(works, town.engineer, model="other") == []


@pytest.mark.parametrize("who", ["mette", "guest", "product"])
def test_inbox_is_for_those_who_answer(works, town, who):
    with works.reading(getattr(town, who)) as work, pytest.raises(Forbidden):
        inbox_page(work, Queue.WAITING, Slice())


def test_page_shows_the_wait_and_what_was_said_last(settings, works, town, clock):
    entry_id = publish(works, town.mette, town.press, "Why <b>so</b>?")
    say(works, town.mette, entry_id, "Anybody there?")
    later(clock, 2 * 3600)
    browser = browser_of(app_of(works), make_person(works, staff_role=StaffRole.SUPPORT, password=PASSWORD))

    page = browser.get("/inbox?queue=unanswered").text
    odd = browser.get("/inbox?queue=none&model=%00&mine=1").text

    assert "1 waits for us" in page
    assert "Why &lt;b&gt;so&lt;/b&gt;?" in page
    assert "Mette: “Anybody there?”" in page
    assert "1 is late." in page
    assert "Nothing waits for us" in odd
