"""Other spellings of a word, out of words that are given. Pure; its work is bounded whatever was written."""

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from typing import Final

from statusportal.lexicon.terms import SHORTEST_PREFIX, Term

_ALIKE: Final = 0.75
_LONGER: Final = 2
# So many words are compared with one that nobody spoke: those that stand in the most texts.
MOST_COMPARED: Final = 1_000


class Spellings:
    """Words that were spoken, each text's once, so that a word of many texts is known from one that was made up."""

    def __init__(self, words: Iterable[str]) -> None:
        spoken = Counter(words)
        self._spoken = dict(sorted(spoken.items(), key=lambda pair: (-pair[1], pair[0])))

    def unknown(self, terms: Iterable[Term]) -> frozenset[str]:
        """Return the words that nobody spoke."""
        return frozenset(word for term in terms for word in term.words if word not in self._spoken)

    def nearest(self, term: Term) -> tuple[str, ...]:
        """Return each word as it stands if it is spoken, or as the nearest one that is; nothing where none is near."""
        found = []
        for word in term.words:
            near = [word] if word in self._spoken else self._near(word)
            if not near:
                return ()
            found.append(near[0])
        return tuple(found)

    def _near(self, word: str) -> list[str]:
        if len(word) <= SHORTEST_PREFIX:
            return []
        alike = (one for one in self._spoken if one[0] == word[0] and abs(len(one) - len(word)) <= _LONGER)
        return get_close_matches(word, sorted(islice(alike, MOST_COMPARED)), n=1, cutoff=_ALIKE)
