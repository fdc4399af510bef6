"""Folding words and reading queries, alike for both databases. Pure: text in, terms out.

Everything that is neither letter nor digit parts words, so no query can hold an operator of a database: quotes, stars,
NEAR and NUL are gone before a database sees them.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from statusportal.lexicon.stems import stems_of

# A query of a book's length is answered by its beginning.
MOST_TERMS: Final = 16
_LONGEST_WORD: Final = 64
_LONGEST_QUERY: Final = 2_000
# Words this short never stand for what begins with them.
SHORTEST_PREFIX: Final = 3
_SHORTEST_SHARED: Final = 3
_LONGEST_BODY: Final = 100_000

# Letters that Unicode does not take apart, as people type them without a Nordic keyboard.
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "œ": "oe", "ð": "d", "þ": "th", "ł": "l", "đ": "d"})


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side; a single one also finds its kin, which share a stem with it.

    With `is_prefix` a single word finds what begins with it as well.
    """

    words: tuple[str, ...]
    is_prefix: bool = False

    @property
    def spellings(self) -> tuple[str, ...]:
        """Return the words that an index is asked for in place of a single one: itself and its stems."""
        (word,) = self.words
        return (word, *sorted(stems_of(word) - {word}))

    def finds(self, word: str) -> bool:
        """Tell whether a folded word of a text is one that this term looks for."""
        if len(self.words) > 1:
            return word in self.words
        (sought,) = self.words
        if word == sought or (self.is_prefix and word.startswith(sought)):
            return True
        # Endings alone differ between kin, and finding a stem takes longer than seeing that there is none to share.
        return word.startswith(sought[:_SHORTEST_SHARED]) and not stems_of(word).isdisjoint(self.spellings)


def folded(text: str) -> str:
    """Return the words of a text in lower case, without accents, parted by single blanks."""
    decomposed = unicodedata.normalize("NFKD", text[:_LONGEST_BODY].casefold().translate(_LETTERS))
    bare = (sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(word[:_LONGEST_WORD] for word in "".join(_kept(sign) for sign in bare).split())


def terms_of(query: str) -> Sequence[Term]:
    """Read a query: what is between double quotes, or joined without a blank (`PR-100`), stands side by side.

    A word that ends in a star (`press*`) is the beginning of what is looked for.
    """
    terms: list[Term] = []
    for place, part in enumerate(query[:_LONGEST_QUERY].split('"')):
        chunks = [part] if place % 2 else part.split()
        for chunk in chunks:
            words = tuple(folded(chunk).split())
            if words:
                is_prefix = not place % 2 and chunk.endswith("*") and _may_begin(words)
                terms.append(Term(words[:MOST_TERMS], is_prefix))
    return terms[:MOST_TERMS]


def widened(terms: Sequence[Term]) -> Sequence[Term]:
    """Let each single word stand for what begins with it too: for a query that finds nothing as it stands."""
    return [Term(term.words, is_prefix=_may_begin(term.words)) for term in terms]


def code_of(text: str) -> str:
    """Return a serial number or an alarm code as one word, however it was typed: `PR-100` and `pr 100` are the same."""
    return folded(text).replace(" ", "")


def codes_in(query: str) -> frozenset[str]:
    """Return everything in a query that could be a whole serial number or alarm code."""
    chunks = query[:_LONGEST_QUERY].replace('"', " ").split()[:MOST_TERMS]
    found = {code_of(chunk) for chunk in chunks} | {code_of(" ".join(chunks))}
    return frozenset(code for code in found if code and len(code) <= _LONGEST_WORD)


def _may_begin(words: tuple[str, ...]) -> bool:
    return len(words) == 1 and len(words[0]) >= SHORTEST_PREFIX


def _kept(sign: str) -> str:
    return sign if sign.isalnum() else " "
