"""Who hears of a happening, and how, without a database."""

import pytest

from statusportal.following.vocabulary import FollowLevel, FollowReason
from statusportal.foundation.ids import new_id
from statusportal.news.plan import plan
from statusportal.news.vocabulary import ByMail, Delivery, Happened, Listener, NewsKind

ME, OTHER = new_id(), new_id()
NORMAL, TRACKING, WATCHING, MUTED, QUIET = (
    FollowLevel.NORMAL,
    FollowLevel.TRACKING,
    FollowLevel.WATCHING,
    FollowLevel.MUTED,
    FollowLevel.QUIET,
)
AT_ONCE, DIGEST = ByMail.AT_ONCE, ByMail.DIGEST


def told(happened, level, reason=FollowReason.OWNED):
    return plan(happened, [Listener(ME, level, reason)])


@pytest.mark.parametrize(
    ("happened", "level", "kind", "mail"),
    [
        (Happened(NewsKind.FAILURE, None), NORMAL, NewsKind.FAILURE, AT_ONCE),
        (Happened(NewsKind.ENTRY, None), NORMAL, NewsKind.ENTRY, None),
        (Happened(NewsKind.FAILURE, None), QUIET, NewsKind.FAILURE, None),
        (Happened(NewsKind.UPDATE, OTHER, ME), QUIET, NewsKind.UPDATE, None),
        (Happened(NewsKind.ENTRY, OTHER, OTHER), NORMAL, NewsKind.ENTRY, AT_ONCE),
        (Happened(NewsKind.ENTRY, None), TRACKING, NewsKind.ENTRY, DIGEST),
        (Happened(NewsKind.COMMENT, OTHER, OTHER), TRACKING, NewsKind.COMMENT, DIGEST),
        (Happened(NewsKind.COMMENT, OTHER, OTHER), WATCHING, NewsKind.COMMENT, AT_ONCE),
        (Happened(NewsKind.UPDATE, OTHER, ME), NORMAL, NewsKind.UPDATE, AT_ONCE),
    ],
)
def test_level_says_how_it_is_heard(happened, level, kind, mail):
    (delivery,) = told(happened, level)

    assert (delivery.kind, delivery.mail) == (kind, mail)


def test_what_is_said_to_oneself_is_heard_at_once_and_says_why():
    asked = told(Happened(NewsKind.COMMENT, OTHER, asker=ME), NORMAL)
    answered = told(Happened(NewsKind.COMMENT, OTHER, asker=OTHER, answered=ME), TRACKING)

    assert asked == [Delivery(ME, NewsKind.REPLY, FollowReason.ASKED, AT_ONCE)]
    assert answered == [Delivery(ME, NewsKind.REPLY, FollowReason.REPLIED, AT_ONCE)]


def test_call_by_name_is_heard_at_once_without_following_and_quietly_on_the_page():
    called = Happened(NewsKind.MENTION, OTHER, called=ME)

    assert told(called, NORMAL) == [Delivery(ME, NewsKind.MENTION, FollowReason.MENTIONED, AT_ONCE)]
    assert told(called, QUIET) == [Delivery(ME, NewsKind.MENTION, FollowReason.MENTIONED, None)]
    assert told(called, MUTED) == []


@pytest.mark.parametrize(
    ("happened", "level"),
    [
        (Happened(NewsKind.COMMENT, OTHER, OTHER), NORMAL),
        (Happened(NewsKind.COMMENT, OTHER, OTHER), QUIET),
        (Happened(NewsKind.FAILURE, None), MUTED),
        (Happened(NewsKind.COMMENT, OTHER, asker=ME), MUTED),
        (Happened(NewsKind.COMMENT, ME, asker=ME), WATCHING),
    ],
)
def test_nobody_hears_of_what_they_muted_or_did_themselves_or_is_none_of_theirs(happened, level):
    assert told(happened, level) == []


def test_nobody_hears_twice():
    twice = [Listener(ME, WATCHING, FollowReason.OWNED), Listener(ME, WATCHING, FollowReason.CHOSEN)]

    assert [one.person_id for one in plan(Happened(NewsKind.ENTRY, OTHER), twice)] == [ME]
