"""How well what was found fits, from its own words alone. Pure: terms and words in, a number out.

Rarity among all documents does not count, as it would in bm25: order and score would then tell one organisation what
another writes about. And both databases rank alike, since neither does it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from statusportal.lexicon.terms import Term

EXACT: Final = 1000.0
# The words of a title count four times a body's, those of serial number, code and model eight times.
WEIGHTS: Final[Mapping[str, float]] = {"title_words": 4.0, "body_words": 1.0, "key_words": 8.0}


class Ranking:
    """Judge documents of one query; what was once found of a word is remembered for the next document."""

    def __init__(self, terms: Sequence[Term], codes: frozenset[str]) -> None:
        self._tags = {f"x{code}" for code in codes}
        self._found = _Found(terms)

    def score(self, document: Mapping[str, str]) -> float:
        """Return a higher number for a better fit: the first time that a word stands in a field counts most."""
        fit = sum(weight * (1.0 - 1.0 / (1 + self._times(document[name]))) for name, weight in WEIGHTS.items())
        is_exact = bool(self._tags) and not self._tags.isdisjoint(document["tag_words"].split())
        return round(fit + (EXACT if is_exact else 0.0), 4)

    def _times(self, words: str) -> int:
        return sum(map(self._found.__getitem__, words.split()))


class _Found(dict[str, bool]):
    """Whether each word that was met is one of those looked for."""

    def __init__(self, terms: Sequence[Term]) -> None:
        super().__init__()
        self._terms = terms

    def __missing__(self, word: str) -> bool:
        found = self[word] = any(term.finds(word) for term in self._terms)
        return found
