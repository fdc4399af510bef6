"""A search reads so many numbers at most: what narrows is asked before the cut, and where it was cut it is said."""

import pytest

from statusportal.access.vocabulary import Right
from statusportal.discussion.service import post_comment
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.search import finding
from statusportal.search.queries import search
from statusportal.search.vocabulary import Outcome, SearchFilters
from tests.factories.town import build_town, grant, later


@pytest.fixture
def town(works, monkeypatch):
    """Build a town whose archive is as large for its search as a million words are for the true one."""
    monkeypatch.setattr(finding, "_AT_ONCE", 3)
    monkeypatch.setattr(finding, "_MOST_TIMES", 2)
    return build_town(works)


def say(works, clock, actor, device_id, title, audience=None):
    later(clock)
    with works.writing(actor) as work:
        return publish_entry(work, device_id, EntryKind.QUESTION, title, "", audience)


def asked(works, actor, words="canary", **narrow):
    with works.reading(actor) as work:
        page = search(work, words, SearchFilters(**narrow))
    return [hit.title for hit in page.items], page.is_more


def test_author_and_model_are_found_behind_what_others_said_since(works, town, clock):
    first = say(works, clock, town.mette, town.mill, "Canary first")
    for _ in range(7):
        later(clock)
        with works.writing(town.engineer) as work:
            post_comment(work, first.id, "canary again")
    say(works, clock, town.mette, town.press, "Canary of the press")
    for number in range(6):
        say(works, clock, town.engineer, town.mill, f"Canary {number}", Audience.ORGANISATION)

    assert asked(works, town.mads, author="Mette") == (["Canary of the press", "Canary first"], False)
    assert asked(works, town.mads, "", author="Mette") == (["Canary of the press", "Canary first"], False)
    assert asked(works, town.mads, author="Nobody") == ([], False)
    assert asked(works, town.mads, device="PR-100") == (["Canary of the press"], False)


def test_what_the_rows_alone_can_say_is_cut_and_said_to_be(works, town, clock):
    say(works, clock, town.mette, town.press, "Canary first")
    for number in range(7):
        say(works, clock, town.mette, town.press, f"Canary {number}")

    assert asked(works, town.mads, outcomes=(Outcome.ANSWERED,)) == ([], True)


def test_whoever_was_let_in_to_one_machine_is_crowded_out_by_no_other(works, town, clock):
    say(works, clock, town.mette, town.press, "Canary shared", Audience.SHARED)
    for number in range(7):
        say(works, clock, town.mette, town.mill, f"Canary {number}")

    assert asked(works, grant(works, town, town.press, Right.VIEW)) == (["Canary shared"], False)
