"""Stems of folded words, in English and in Danish. Pure: words in, stems out, the same for both databases.

A text is not asked which language it is in: people of one thread write both, and a machine's words are neither. So each
word has the stem that either language gives it, and two words are kin that share one.
"""

import functools
import threading
from collections.abc import Iterable
from typing import Final

import snowballstemmer

_LANGUAGES: Final = ("english", "danish")
# Shorter words, and those with a digit, are codes and names: they stand for themselves.
_SHORTEST: Final = 4
_REMEMBERED: Final = 2**16


def stems_of(word: str) -> frozenset[str]:
    """Return the stems of a folded word; a code, a number or a short word has itself alone."""
    return _stems_of(word) if len(word) >= _SHORTEST and word.isalpha() else frozenset({word})


def stemmed(words: Iterable[str]) -> str:
    """Return the stems of a text's words that are not words of it themselves, each once, parted by blanks."""
    present = set(words)
    return " ".join(sorted({stem for word in present for stem in stems_of(word)} - present))


@functools.lru_cache(maxsize=_REMEMBERED)
def _stems_of(word: str) -> frozenset[str]:
    return frozenset(stemmer.stemWord(word) for stemmer in _stemmers())


class _Stemmers(threading.local):
    """A stemmer holds the word it works on, so each thread has its own."""

    def __init__(self) -> None:
        self.each = tuple(snowballstemmer.stemmer(language) for language in _LANGUAGES)


_own = _Stemmers()


def _stemmers() -> tuple[snowballstemmer.basestemmer.BaseStemmer, ...]:
    return _own.each
