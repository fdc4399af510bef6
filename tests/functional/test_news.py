"""Somebody asks, somebody answers: who hears of it on their page and by letter, why, and how it ends."""

import re

import msgspec
import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole
from statusportal.accounts.models import Membership, Person
from statusportal.consent.widening import change_audience
from statusportal.discussion.restoring import UNDO
from statusportal.discussion.service import delete_comment, post_comment
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.following.queries import my_follows
from statusportal.following.service import follow
from statusportal.following.vocabulary import FollowedKind, FollowLevel
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Slice
from statusportal.jobs.delivery import deliver_once
from statusportal.news.mailing import send_due
from statusportal.news.models import Notification
from statusportal.news.planning import ANSWER, COMMENT, ENTRY, MENTION
from statusportal.news.queries import news_page
from statusportal.notifications.channels.opening import mail_of
from statusportal.notifications.channels.writing import message_of
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import browser_of
from tests.factories.fleet import make_device
from tests.factories.letters import SENDER, app_of
from tests.factories.town import build_town, later


@pytest.fixture
def town(works):
    """Two organisations and the operator, on a portal that keeps its letters in a list."""
    works.settings = msgspec.structs.replace(
        works.settings, smtp_url="recording:", mail_from=SENDER, public_url="https://portal.example"
    )
    return build_town(works)


def ask(works, actor, device_id, title="Why is it warm?", **more):
    with works.writing(actor) as work:
        return publish_entry(work, device_id, EntryKind.QUESTION, title, "It hums.", **more).id


def say(works, actor, entry_id, body, **more):
    with works.writing(actor) as work:
        return post_comment(work, entry_id, body, **more).id


def choose(works, actor, entry_id, level, kind=FollowedKind.ENTRY):
    with works.writing(actor) as work:
        follow(work, kind, entry_id, level)


def plan_all(works):
    for listener in (ENTRY, COMMENT, ANSWER, MENTION):
        deliver_once(works, listener)


def news(works, actor):
    with works.reading(actor) as work:
        return [(one.kind.value, one.because.value, one.words) for one in news_page(work, Slice()).items]


def posted(works):
    """Send what is due once nothing can be taken back, and return the letters that went, by receiver and subject."""
    later(works.clock, UNDO.total_seconds())
    before = len(mail_of(works).letters)
    send_due(works)
    return [(one.to, one.subject) for one in list(mail_of(works).letters)[before:]]


def test_question_and_answer_are_told_to_whom_they_concern(works, town):
    entry_id = ask(works, town.mette, town.press)
    plan_all(works)

    assert posted(works) == [("mads@example.com", "New on Press: Why is it warm?")]
    assert (news(works, town.mette), news(works, town.bent), news(works, town.engineer)) == ([], [], [])

    say(works, town.engineer, entry_id, "Clean the <b>filter</b>.")
    plan_all(works)

    assert posted(works) == [("mette@example.com", "Re: Why is it warm?")]
    letter = mail_of(works).letters[-1]
    assert "Jonas answered you about Press" in letter.text
    assert "Clean the <b>filter</b>." in letter.text
    assert "Clean the &lt;b&gt;filter&lt;/b&gt;." in letter.html
    assert "You get this because you asked." in letter.text
    assert news(works, town.mette) == [("reply", "asked", "Clean the <b>filter</b>.")]
    plan_all(works)
    assert posted(works) == []


def test_letters_of_an_entry_stand_together_and_end_in_one_step(works, town):
    entry_id = ask(works, town.mette, town.press)
    plan_all(works)
    posted(works)
    say(works, town.engineer, entry_id, "First")
    plan_all(works)
    posted(works)
    message = message_of(mail_of(works).letters[-1], SENDER)
    address = re.fullmatch(r"<https://portal\.example(/api/v1/stop/\S+)>", message["List-Unsubscribe"])[1]
    client = app_of(works).test_client()

    assert message["References"] == f"<entry-{entry_id}@nordvaerk.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert client.get(address.removeprefix("/api/v1")).status_code == 200
    assert client.post(f"{address}x", data={"List-Unsubscribe": "One-Click"}).status_code == 404
    say(works, town.engineer, entry_id, "Planned before it was stopped")
    plan_all(works)
    assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 204
    say(works, town.engineer, entry_id, "Said after it was stopped")
    plan_all(works)

    assert posted(works) == []
    with works.reading(town.mette) as work:
        assert [(one.kind, one.level, one.reason) for one in my_follows(work)] == [("entry", "quiet", "chosen")]
    assert len(news(works, town.mette)) == 3


def test_no_letter_leaves_before_what_it_tells_is_past_taking_back(works, town, clock):
    ask(works, town.mette, town.press)
    plan_all(works)
    later(clock, UNDO.total_seconds() - 0.001)
    too_early = send_due(works)
    later(clock, 0.001)

    assert (too_early, send_due(works)) == (0, 1)


@pytest.mark.parametrize("end", ["deleted", "narrowed", "left", "disabled"])
def test_what_may_not_be_read_any_more_is_not_sent_and_not_listed(works, town, end):
    entry_id = ask(works, town.engineer, town.press, audience=Audience.ORGANISATION)
    choose(works, town.mads, entry_id, FollowLevel.WATCHING)
    comment_id = say(works, town.mette, entry_id, "Canary")
    plan_all(works)
    assert [kind for kind, _, words in news(works, town.mads) if words == "Canary"] == ["comment"]

    with works.writing(town.mette if end == "deleted" else SYSTEM) as work:
        if end == "deleted":
            delete_comment(work, comment_id)
        elif end == "left":
            work.session.delete(work.session.get(Membership, (town.alpha, town.mads.person_id)))
        elif end == "disabled":
            work.session.get(Person, town.mads.person_id).is_disabled = True
    if end == "narrowed":
        with works.writing(town.support) as work:
            change_audience(work, entry_id, Audience.INTERNAL)
    sent = [letter.text for letter in mail_of(works).letters if letter.to == "mads@example.com"]
    posted(works)

    assert [one for one in mail_of(works).letters if one.to == "mads@example.com" and "Canary" in one.text] == sent
    if end in {"deleted", "narrowed"}:
        assert [words for _, _, words in news(works, town.mads) if words == "Canary"] == []


def test_internal_words_and_foreign_machines_reach_nobody_else(works, town):
    entry_id = ask(works, town.mette, town.press)
    for actor in (town.mads, town.mette, town.engineer):
        choose(works, actor, entry_id, FollowLevel.WATCHING)
    say(works, town.support, entry_id, "Canary for us", audience=Audience.INTERNAL)
    with pytest.raises(NotFound), works.writing(town.bent) as work:
        follow(work, FollowedKind.ENTRY, entry_id, FollowLevel.WATCHING)
    plan_all(works)
    posted(works)

    assert {one.to for one in mail_of(works).letters if "Canary" in one.text + one.html} == {"jonas@example.com"}
    assert [words for _, _, words in news(works, town.mads) + news(works, town.mette) if "Canary" in words] == []
    assert news(works, town.bent) == []


def test_former_owner_hears_nothing_of_what_comes_after(works, town, clock):
    choose(works, town.bent, town.mill, FollowLevel.WATCHING, FollowedKind.DEVICE)
    ask(works, town.mette, town.mill, "Canary after the sale")
    plan_all(works)
    posted(works)

    assert news(works, town.bent) == []
    assert [one.to for one in mail_of(works).letters if "Canary" in one.subject] == ["mads@example.com"]


def test_tracking_is_one_letter_in_the_morning_where_the_reader_lives(works, town, clock):
    entry_id = ask(works, town.mette, town.press)
    plan_all(works)
    posted(works)
    with works.writing(SYSTEM) as work:
        work.session.get(Person, town.mads.person_id).time_zone = "Europe/Copenhagen"
        work.session.get(Person, town.mads.person_id).locale = "da"
    choose(works, town.mads, entry_id, FollowLevel.TRACKING)
    for words in ("First", "Second"):
        say(works, town.engineer, entry_id, words)
    plan_all(works)
    of_mads = [one for one in posted(works) if one[0] == "mads@example.com"]
    later(clock, 17 * 3600 + 59 * 60)
    too_early = posted(works)
    later(clock, 60)
    in_time = posted(works)

    assert (of_mads, too_early) == ([], [])
    assert [to for to, _ in in_time] == ["mads@example.com"]
    text = mail_of(works).letters[-1].text
    assert text.index("First") < text.index("Second")
    assert "Jonas skrev om Press" in text


def test_daily_letters_end_in_one_step_and_urgent_ones_go_on(works, town, clock):
    entry_id = ask(works, town.mette, town.press)
    choose(works, town.mads, entry_id, FollowLevel.TRACKING)
    say(works, town.engineer, entry_id, "First")
    plan_all(works)
    later(clock, 24 * 3600)
    posted(works)
    message = message_of(next(one for one in mail_of(works).letters if one.to.startswith("mads")), SENDER)
    address = re.fullmatch(r"<https://portal\.example(/api/v1/stop/\S+)>", message["List-Unsubscribe"])[1]
    client = app_of(works).test_client()
    say(works, town.engineer, entry_id, "Planned before it was stopped")
    plan_all(works)

    assert "No more daily letters" in client.get(address.removeprefix("/api/v1")).text
    assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 204
    later(clock, 24 * 3600)
    ask(works, town.mette, town.press, "New")
    plan_all(works)
    assert [subject for to, subject in posted(works) if to.startswith("mads")] == ["New on Press: New"]


def test_letter_ends_letters_for_ninety_days_and_overrules_no_silence(works, town, clock):
    entry_id = ask(works, town.engineer, town.press)
    plan_all(works)
    posted(works)
    address = re.search(r"/stop/\S+", next(one.text for one in mail_of(works).letters if one.to.startswith("mads")))[0]
    choose(works, town.mads, entry_id, FollowLevel.MUTED)
    client = app_of(works).test_client()
    young = client.post(f"/api/v1{address}").status_code
    later(clock, 90 * 24 * 3600)

    assert (young, client.post(f"/api/v1{address}").status_code, client.get(address).status_code) == (204, 404, 404)
    with works.reading(town.mads) as work:
        assert [one.level for one in my_follows(work)] == ["muted"]


def test_page_shows_what_is_new_and_why_and_lets_go(settings, works):
    alpha = make_organisation(works, "alpha")
    mette = make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, name="Mette", password=PASSWORD)
    mads = make_person(works, alpha, MemberRole.CUSTOMER, name="Mads")
    device = make_device(works, alpha)
    app = app_of(works)
    entry_id = ask(works, actor_for(works, mads), device.id, "Why <i>warm</i>?")
    plan_all(works)
    browser = browser_of(app, mette)

    fresh = browser.get("/notifications").text
    follows = {"kind": "device", "id": str(device.id), "next_": "/notifications", "page": "/notifications"}
    browser.send("/follows", level="tracking", **follows)
    browser.send("/notifications/read", "/notifications")
    read = browser.get("/notifications").text
    browser.send("/follows", level="", **follows)
    after = browser.get("/notifications").text

    assert "1 new for you" in fresh
    assert "Why &lt;i&gt;warm&lt;/i&gt;?" in fresh
    assert "because your organisation has the machine" in fresh
    assert f"/entries/{entry_id}" in fresh
    assert "Nothing new for you" in read
    assert '<option value="tracking" selected>' in read
    assert '<option value="tracking" selected>' not in after


def test_who_is_called_by_name_hears_of_it_once_and_says_why(works, town):
    entry_id = ask(works, town.mette, town.press)
    plan_all(works)
    posted(works)
    choose(works, town.mads, entry_id, FollowLevel.WATCHING)
    say(works, town.engineer, entry_id, "@Mads, look at it")
    say(works, town.mette, entry_id, "@Jonas looked already")
    plan_all(works)
    plan_all(works)

    assert sorted(news(works, town.mads)) == [
        ("comment", "chosen", "@Jonas looked already"),
        ("entry", "owned", "It hums."),
        ("mention", "mentioned", "@Mads, look at it"),
    ]
    assert news(works, town.engineer) == [("mention", "mentioned", "@Jonas looked already")]
    assert sorted(one for one, _ in posted(works)) == [
        *("jonas@example.com", "mads@example.com", "mads@example.com", "mette@example.com"),
    ]
    told = next(letter for letter in mail_of(works).letters if "@Mads" in letter.text and "mads@" in letter.to)
    assert "Jonas called you by name about Press" in told.text
    assert "You get this because somebody called you by name." in told.text


@pytest.mark.parametrize("end", ["left", "deleted", "muted"])
def test_call_that_may_not_be_read_any_more_or_is_muted_is_told_to_nobody(works, town, end):
    entry_id = ask(works, town.mette, town.press)
    plan_all(works)
    posted(works)
    comment_id = say(works, town.engineer, entry_id, "@Mads, the canary")
    if end == "left":
        with works.writing(SYSTEM) as work:
            work.session.delete(work.session.get(Membership, (town.alpha, town.mads.person_id)))
    elif end == "deleted":
        with works.writing(town.engineer) as work:
            delete_comment(work, comment_id)
    else:
        choose(works, town.mads, entry_id, FollowLevel.MUTED)
    plan_all(works)

    with works.reading(SYSTEM) as work:
        told = work.session.scalars(select(Notification.kind).filter_by(person_id=town.mads.person_id)).all()
    assert told == ["entry"]
    assert [one for one, _ in posted(works) if one == "mads@example.com"] == []
