"""How a paper speaks to the reader of a request, also when it is written after the request's own context is gone."""

from collections.abc import Callable, Mapping

from flask_babel import get_domain

from statusportal.export.vocabulary import Voice
from statusportal.foundation.errors import Sentence
from statusportal.http.filters import reader_locale
from statusportal.http.words import connectivity_word, health_word, kind_word, lifecycle_word

_WORDS: Mapping[str, Callable[..., str]] = {
    "health": health_word,
    "connectivity": connectivity_word,
    "kind": kind_word,
    "lifecycle": lifecycle_word,
}


def voice_of_reader() -> Voice:
    """Return the reader's voice; it keeps the catalogue, since a stream is written when nobody can be asked again."""
    locale, catalogue = reader_locale(), get_domain().get_translations()

    def say(sentence: Sentence) -> str:
        return str(catalogue.gettext(sentence.template)) % sentence.values

    def word(family: str, code: str) -> str:
        return _WORDS[family](code, locale=locale)

    return Voice(locale, say, word)
