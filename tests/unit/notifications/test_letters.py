"""The letters in both languages: whole, escaped, with one link, and the same in text and HTML."""

from html.parser import HTMLParser

import pytest

from statusportal.notifications.letters import WORDS, write_letter
from statusportal.notifications.vocabulary import LetterKind

LINK = "https://portal.example/reset/spw_x"
FACTS = {
    "portal": "Nordværk A/S",
    "organisation": "Engdal Mejeri",
    "inviter": "Mette Kragh",
    "maker": "Aisha Rahman",
    "until": "20 November 2026",
    "browser": "Firefox, Linux",
    "address": "192.0.2.7",
    "at": "18 November 2026",
    "machine": "Compressor",
    "more": " (+2)",
    "time": "20 November 2026, 13:00–15:00 CET",
}
KINDS = pytest.mark.parametrize("kind", LetterKind)
LOCALES = pytest.mark.parametrize("locale", WORDS)


class Reader(HTMLParser):
    """Gather the words and the links of a page."""

    def __init__(self, html):
        super().__init__()
        self.words, self.links, self.tags = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.words += data.split()


def letter(kind, locale, **facts):
    return write_letter(kind, locale, "jens@example.com", facts.pop("name", "Jens Bach"), LINK, {**FACTS, **facts})


def test_every_letter_is_written_in_every_language():
    assert {locale: set(words) for locale, words in WORDS.items()} == {"en": set(LetterKind), "da": set(LetterKind)}


@KINDS
@LOCALES
def test_letter_is_whole_and_holds_one_link(kind, locale):
    written = letter(kind, locale)
    page = Reader(written.html)

    assert (written.text.count(LINK), page.links) == (1, [LINK])
    assert [sign for sign in ("%(", "{", "None") if sign in written.text + written.subject] == []
    assert "Jens Bach" in written.text


@KINDS
@LOCALES
def test_both_forms_say_the_same(kind, locale):
    written = letter(kind, locale)
    said = [word for word in written.text.replace(f":\n{LINK}", f" {LINK}").split() if word != "--"]
    page = Reader(written.html).words

    assert page[len(written.subject.split()) :] == said


@KINDS
def test_names_are_words_and_never_markup(kind):
    evil = '<img src=x onerror="alert(1)">{{7*7}}%(at)s'
    written = letter(kind, "en", name=evil, organisation=evil, inviter=evil, maker=evil, browser=evil, portal=evil)

    assert "img" not in Reader(written.html).tags
    assert "{{7*7}}%(at)s" in written.text


def test_unknown_language_is_english():
    assert letter(LetterKind.PASSWORD_CHANGED, "fr") == letter(LetterKind.PASSWORD_CHANGED, "en")
