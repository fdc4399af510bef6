"""What somebody typed is read as words and operators, without a database and without an error."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from statusportal.search.operators import read_query
from statusportal.search.vocabulary import Outcome, SearchFilters

EAST = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("text", "words", "filters"),
    [
        ("fat too high model:aurora", "fat too high", SearchFilters(model="aurora")),
        ('author:"Mette Kragh" leak', "leak", SearchFilters(author="Mette Kragh")),
        ("CODE:A-214 Device:PR-100 x", "x", SearchFilters(code="A-214", device="PR-100")),
        ("is:open is:answered", "", SearchFilters(outcomes=(Outcome.OPEN, Outcome.ANSWERED))),
        ("kind:Question", "", SearchFilters(kind="question")),
        (
            "after:2026-11-01 before:2026-11-30",
            "",
            SearchFilters(since=datetime(2026, 10, 31, 23, tzinfo=UTC), until=datetime(2026, 11, 29, 23, tzinfo=UTC)),
        ),
    ],
)
def test_operators_narrow_and_words_remain(text, words, filters):
    asked = read_query(text, EAST)

    assert (asked.words, asked.filters, asked.hints) == (words, filters, ())


@pytest.mark.parametrize(
    "text", ["colour:red", "model:", 'model:""', "http://model:8080", "a:b:c", "xmodel:y", "model :x", "::"]
)
def test_what_is_no_operator_is_words(text):
    asked = read_query(text, UTC)

    assert (asked.words, asked.filters, asked.hints) == (text, SearchFilters(), ())


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("leak before:yesterday", "“yesterday” is no date. Write it like 2026-11-30."),
        ("leak after:2026-02-30", "“2026-02-30” is no date. Write it like 2026-11-30."),
        ("leak after:99999-01-01", "“99999-01-01” is no date. Write it like 2026-11-30."),
        ("leak is:broken", "“is:” takes one of these: answered, open, resolved."),
    ],
)
def test_what_cannot_be_read_narrows_nothing_and_is_said(text, hint):
    asked = read_query(text, UTC)

    assert (asked.words, asked.filters, [str(one) for one in asked.hints]) == ("leak", SearchFilters(), [hint])


def test_operator_comes_before_what_was_given_beside_it():
    given = SearchFilters(model="aurora", kind="comment")

    assert read_query("model:polar", UTC, given).filters == SearchFilters(model="polar", kind="comment")
