"""A long thread is read in stretches: every comment has an address, what is above it is shown, nothing is skipped."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from statusportal.access.vocabulary import MemberRole
from statusportal.app import create_app
from statusportal.discussion.models import Comment
from statusportal.discussion.queries import thread_of
from statusportal.discussion.service import mark_read, post_comment
from statusportal.discussion.vocabulary import ThreadSort
from statusportal.entries.queries import entry_for, locked_entry
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.foundation.paging import Slice
from statusportal.reactions.service import react
from statusportal.reactions.vocabulary import ReactionName
from statusportal.threads.queries import stretch_of
from statusportal.threads.vocabulary import AT_ONCE, Place
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import browser_of
from tests.factories.fleet import make_device
from tests.factories.threads import fill_thread
from tests.factories.town import later

BRANCHES, REPLIES = 4, 44


class Scene:
    """An entry with four branches: a comment each, with a chain of three replies and many beside them."""

    def __init__(self, works):
        self.works = works
        alpha = make_organisation(works, "alpha")
        device = make_device(works, alpha)
        self.mette = make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, name="Mette", password=PASSWORD)
        self.mads = make_person(works, alpha, MemberRole.CUSTOMER, name="Mads")
        with works.writing(actor_for(works, self.mads)) as work:
            self.entry_id = publish_entry(work, device.id, EntryKind.QUESTION, "Why is it warm?", "").id
            self.ids = fill_thread(work, locked_entry(work, self.entry_id), self.mads, self._said())

    def _said(self):
        for branch in range(BRANCHES):
            root = path = f"{branch + 1:06d}"
            yield root, f"root {branch}"
            for step in range(3):
                path += ".000001"
                yield path, f"step {branch}.{step}"
            for reply in range(REPLIES):
                yield f"{root}.{reply + 2:06d}", f"reply {branch}.{reply}"

    def stretch(self, sort=ThreadSort.OLDEST, **place):
        with self.works.reading(actor_for(self.works, self.mette)) as work:
            found = stretch_of(work, entry_for(work, self.entry_id), sort, Place(**place), {})
        return found, [one.body_markdown for one in found.lines]


@pytest.fixture
def scene(works):
    return Scene(works)


@pytest.fixture
def browser(settings, works, scene):
    return browser_of(create_app(settings, works), scene.mette)


def shown(page):
    """Return the ids of the comments on a page, in their order."""
    return re.findall(r'<article class="comment[^"]*" id="c-([0-9a-f-]{36})"', page)


@pytest.mark.parametrize("sort", [ThreadSort.OLDEST, ThreadSort.NEWEST])
def test_stretches_join_to_the_whole_forwards_and_backwards(scene, sort):
    with scene.works.reading(actor_for(scene.works, scene.mette)) as work:
        whole = [line.comment.body_markdown for line in thread_of(work, scene.entry_id, sort, Slice(200)).items]

    found, forwards = scene.stretch(sort)
    while found.from_id:
        found, words = scene.stretch(sort, from_id=found.from_id)
        forwards += words
    backwards = words
    while found.until_id:
        found, words = scene.stretch(sort, until_id=found.until_id)
        backwards = words + backwards

    assert len(whole) == BRANCHES * (4 + REPLIES)
    assert forwards == whole
    assert backwards[-len(whole) :] == whole


def test_permalink_shows_its_comment_with_what_stands_above_it(scene, browser):
    wanted = scene.ids["step 3.2"]

    found, words = scene.stretch(from_id=wanted)
    page = browser.get(f"/entries/{scene.entry_id}?from={wanted}").text

    assert words[0] == "step 3.2"
    assert [one.body_markdown for one in found.above] == ["root 3", "step 3.0", "step 3.1"]
    assert shown(page)[0] == str(wanted)
    assert [words for words in ("root 3", "step 3.0", "step 3.1", "root 2") if f">{words}<" in page] == [
        "root 3",
        "step 3.0",
        "step 3.1",
    ]
    assert f"?until={wanted}" in page


def test_address_of_what_is_not_there_or_hidden_is_the_beginning(works, scene, browser):
    with works.writing(actor_for(works, scene.mads)) as work:
        work.session.execute(
            update(Comment).where(Comment.id == scene.ids["root 2"]).values(audience=Audience.INTERNAL.value)
        )

    assert scene.stretch(from_id=scene.ids["root 2"])[1][0] == "root 0"
    assert scene.stretch(from_id=scene.entry_id)[1][0] == "root 0"
    assert scene.stretch(until_id=scene.ids["root 2"])[1][0] == "root 0"
    for query in ("from=new", "from=%00", "until=x", "since=9999999999999999", "since=-1", "sort=best"):
        answer = browser.get(f"/entries/{scene.entry_id}?{query}")
        assert (answer.status_code, shown(answer.text)[0]) == (200, str(scene.ids["root 0"]))


def test_what_was_said_since_the_last_visit_is_marked_on_each_page_and_one_step_away(works, scene, browser, clock):
    with works.writing(actor_for(works, scene.mette)) as work:
        mark_read(work, scene.entry_id)
    later(clock, 120)
    with works.writing(actor_for(works, scene.mads)) as work:
        first = post_comment(work, scene.entry_id, "new one", parent_id=scene.ids["root 1"]).id
        last = post_comment(work, scene.entry_id, "new two", parent_id=scene.ids["root 3"]).id

    page = browser.get(f"/entries/{scene.entry_id}").text
    jump = re.search(r'href="([^"]+)" data-first-new', page)[1].replace("&amp;", "&")
    there = browser.get(jump.partition("#")[0]).text

    assert "First of 2 new" in page
    assert (str(first) in shown(page), jump.rpartition("#")[2]) == (False, "new")
    # The visit before has read everything; the address still knows since when words are new.
    assert shown(there)[0] == str(first)
    assert re.findall(r'id="c-([0-9a-f-]{36})"[^>]*>.{0,900}?class="newtag"', there, re.DOTALL)[0] == str(first)
    assert str(last) in shown(there) + shown(browser.get(f"/entries/{scene.entry_id}?from={last}").text)
    assert "data-first-new" not in browser.get(f"/entries/{scene.entry_id}").text


def test_helpful_order_is_the_same_on_page_and_api(works, scene, browser):
    with works.writing(actor_for(works, scene.mette)) as work:
        react(work, scene.ids["root 2"], ReactionName.HELPFUL)
        react(work, scene.ids["reply 2.7"], ReactionName.HELPFUL)
        react(work, scene.ids["root 1"], ReactionName.THANKS)

    page = shown(browser.get(f"/entries/{scene.entry_id}?sort=helpful").text)
    answer = browser.get(f"/api/v1/entries/{scene.entry_id}/comments?sort=helpful&limit={AT_ONCE}").json
    rest = browser.get(f"/api/v1/entries/{scene.entry_id}/comments?sort=helpful&limit=200&cursor={answer['next']}").json

    listed = [one["id"] for one in answer["items"]]
    assert page == listed
    assert listed[:3] == [str(scene.ids[words]) for words in ("root 2", "reply 2.7", "step 2.0")]
    assert {*listed, *(one["id"] for one in rest["items"])} == {str(one) for one in scene.ids.values()}


def test_posted_reply_is_on_the_page_that_follows(works, scene, browser, clock):
    later(clock, timedelta(hours=1).seconds)
    place = f"/entries/{scene.entry_id}?reply={scene.ids['root 3']}&from={scene.ids['root 3']}"

    answer = browser.send(f"/entries/{scene.entry_id}/comments", place, body="found it")
    page = browser.get(answer.location.partition("#")[0]).text

    assert answer.status_code == 303
    assert "found it" in page
    assert answer.location.rpartition("#c-")[2] in shown(page)
