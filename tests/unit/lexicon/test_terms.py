"""Queries become words, and found words are marked, without a database."""

import pytest

from statusportal.lexicon.excerpt import marked_excerpt
from statusportal.lexicon.terms import MOST_TERMS, Term, codes_in, folded, terms_of
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


@pytest.mark.parametrize(
    ("sought", "words"),
    [
        ("leaks", ["leak", "leaking", "leaked", "leaks"]),
        ("batteries", ["battery"]),
        ("pumpen", ["pumper", "pumperne", "pump"]),
        (folded("lækager"), [folded("lækagen"), folded("lækage")]),
        ("filteret", ["filter"]),
    ],
)
def test_word_finds_its_kin_in_both_languages(sought, words):
    (term,) = terms_of(sought)

    assert [word for word in words if not term.finds(word)] == []


@pytest.mark.parametrize("other", ["lead", "1leak", "l", "leakproof"])
def test_word_finds_no_stranger(other):
    assert not terms_of("leaking")[0].finds(other)


def test_star_stands_for_whatever_follows():
    assert terms_of("press* x* PR-1*") == [Term(("press",), is_prefix=True), Term(("x",)), Term(("pr", "1"))]


def test_codes_are_one_word_however_they_are_typed():
    assert codes_in('fault "PR-100"') == {"fault", "pr100", "faultpr100"}
    assert codes_in("PR 100") == {"pr", "100", "pr100"}
