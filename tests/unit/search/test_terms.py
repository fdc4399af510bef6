"""Queries become words, and found words are marked, without a database."""

import pytest

from statusportal.search.excerpt import marked_excerpt
from statusportal.search.terms import MOST_TERMS, Term, folded, terms_of
from tests.factories.html import PAYLOADS, dangers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Støj i Måleren", "stoj i maleren"),
        ("STRASSE straße", "strasse strasse"),
        ("limit_high T-1 (a/b)", "limit high t 1 a b"),
        ("Æble", "aeble"),
        ("\0*\"'", ""),
        ("a" * 100, "a" * 64),
    ],
)
def test_text_is_folded(text, words):
    assert folded(text) == words


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("red pump", [Term(("red",)), Term(("pump",))]),
        ('"red pump" x', [Term(("red", "pump")), Term(("x",))]),
        ("PR-100", [Term(("pr", "100"))]),
        ('a" OR b*', [Term(("a",)), Term(("or", "b"))]),
        ("🔥 ***", []),
    ],
)
def test_query_becomes_terms(query, terms):
    assert list(terms_of(query)) == terms


def test_query_of_a_book_is_cut():
    assert len(terms_of("word " * 10_000)) == MOST_TERMS
    assert len(terms_of('"' + "word " * 10_000)[0].words) == MOST_TERMS


def test_excerpt_stands_around_the_first_found_word():
    text = "filler " * 50 + "the gasket leaks " + "more " * 100

    excerpt = marked_excerpt(text, terms_of("gasket"))

    assert excerpt.startswith("… filler")
    assert excerpt.endswith(" …")
    assert "the <mark>gasket</mark> leaks" in excerpt


@pytest.mark.parametrize("payload", PAYLOADS)
def test_excerpt_of_a_payload_marks_and_escapes(payload):
    excerpt = marked_excerpt(payload, terms_of("alert script img x"))

    assert dangers(excerpt) == []


def test_excerpt_ends_after_a_whole_word():
    text = "gasket " + "lengthy " * 60

    assert marked_excerpt(text, terms_of("gasket")).removesuffix(" …").endswith("lengthy")
