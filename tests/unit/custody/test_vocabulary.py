from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from statusportal.access.vocabulary import Right
from statusportal.custody.vocabulary import Opening, Receiver

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ONE, OTHER = UUID(int=1), UUID(int=2)
VIEW, TALK = Right.VIEW.value, (Right.VIEW | Right.COMMENT).value
STANDING = Opening(Receiver("beta", ONE), TALK, NOON, NOON + 2 * HOUR)


@pytest.mark.parametrize(
    ("wished", "is_covered"),
    [
        (STANDING, True),
        (Opening(Receiver("Beta"), VIEW, NOON + HOUR, NOON + HOUR), True),
        (Opening(Receiver(str(ONE), ONE), VIEW, NOON, NOON + HOUR), True),
        (Opening(Receiver("gamma", OTHER), VIEW, NOON, NOON + HOUR), False),
        (Opening(Receiver("gamma"), VIEW, NOON, NOON + HOUR), False),
        (Opening(Receiver("beta", ONE), TALK | Right.EXPORT.value, NOON, NOON + HOUR), False),
        (Opening(Receiver("beta", ONE), VIEW, NOON - HOUR, NOON + HOUR), False),
        (Opening(Receiver("beta", ONE), VIEW, NOON, NOON + 3 * HOUR), False),
        (Opening(Receiver("beta", ONE), VIEW, NOON, None), False),
    ],
)
def test_grant_covers_what_gives_its_receiver_nothing_new(wished, is_covered):
    assert STANDING.covers(wished) is is_covered


def test_grant_without_end_covers_every_later_one():
    lasting = Opening(Receiver("beta", ONE), VIEW, NOON, None)

    assert lasting.covers(Opening(Receiver("beta", ONE), VIEW, NOON, None))
    assert lasting.covers(Opening(Receiver("beta", ONE), VIEW, NOON + HOUR, NOON + 2 * HOUR))


def test_two_whom_nobody_answers_for_are_not_one():
    assert not Receiver("beta").is_same(Receiver("gamma"))


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("beta", "beta"),
        ("lene@kilde.example", "lene@kilde.example"),
        ("01a21c6d-a061-7357-ae12-ec2924081e32", "id …24081e32"),
        ("01A21C6DA0617357AE12EC2924081E32", "id …24081e32"),
    ],
)
def test_receiver_is_never_shown_as_a_bare_id(word, written):
    assert Receiver(word).written == written
