"""How close what somebody writes is to what was written before. Pure."""

import re

_SHORTEST = 3
# Two words are alike where their beginnings are: it holds for English and Danish endings without a dictionary.
_ALIKE = 5


def closeness(words: str, text: str) -> int:
    """Count the words of a question that a text speaks of, in whatever form."""
    return len(_stems(words) & _stems(text))


def _stems(text: str) -> set[str]:
    return {word[:_ALIKE] for word in re.findall(r"[^\W_]+", text.casefold()) if len(word) >= _SHORTEST}
