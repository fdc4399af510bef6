"""Folding words and reading queries, alike for both databases. Pure: text in, terms out.

Everything that is neither letter nor digit parts words, so no query can hold an operator: quotes, stars, NEAR and NUL
are gone before a database sees them.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# A query of a book's length is answered by its beginning.
MOST_TERMS: Final = 16
_LONGEST_WORD: Final = 64
_LONGEST_QUERY: Final = 2_000
# Words this short stand for themselves; longer ones also for what begins with them.
_SHORTEST_PREFIX: Final = 3
_LONGEST_BODY: Final = 100_000

# Letters that Unicode does not take apart, as people type them without a Nordic keyboard.
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "œ": "oe", "ð": "d", "þ": "th", "ł": "l", "đ": "d"})


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side; a single one of three letters or more also finds longer words."""

    words: tuple[str, ...]

    @property
    def is_prefix(self) -> bool:
        """Tell whether longer words are meant too."""
        return len(self.words) == 1 and len(self.words[0]) >= _SHORTEST_PREFIX


def folded(text: str) -> str:
    """Return the words of a text in lower case, without accents, parted by single blanks."""
    decomposed = unicodedata.normalize("NFKD", text[:_LONGEST_BODY].casefold().translate(_LETTERS))
    bare = (sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(word[:_LONGEST_WORD] for word in "".join(_kept(sign) for sign in bare).split())


def terms_of(query: str) -> Sequence[Term]:
    """Read a query: what is between double quotes, or joined without a blank (`PR-100`), stands side by side."""
    terms: list[Term] = []
    for place, part in enumerate(query[:_LONGEST_QUERY].split('"')):
        chunks = [part] if place % 2 else part.split()
        for chunk in chunks:
            words = tuple(folded(chunk).split())
            if words:
                terms.append(Term(words[:MOST_TERMS]))
    return terms[:MOST_TERMS]


def _kept(sign: str) -> str:
    return sign if sign.isalnum() else " "
