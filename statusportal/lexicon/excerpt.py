"""Excerpts with the found words marked, as HTML that can stand on a page. Pure: text in, escaped HTML out."""

import re
from collections.abc import Sequence
from html import escape
from typing import Final

from statusportal.lexicon.terms import Term, folded

_WIDTH: Final = 220
_BEFORE: Final = 60
_WORD = re.compile(r"\w+")


def marked_excerpt(text: str, terms: Sequence[Term], width: int = _WIDTH) -> str:
    """Cut a text around its first found word and mark every found one.

    Everything is escaped; the only tags are `<mark>` and `</mark>`, put in after.
    """
    hits = [match for match in _WORD.finditer(text) if _is_found(match.group(), terms)]
    start = max(0, hits[0].start() - _BEFORE) if hits else 0
    if start:
        blank = text.find(" ", start, hits[0].start())
        start = blank + 1 if blank != -1 else start
    end = _end_of_word(text, start, min(len(text), start + width))
    parts = ["… " if start else ""]
    position = start
    for hit in hits:
        if hit.end() > end:
            break
        parts += [escape(text[position : hit.start()]), "<mark>", escape(hit.group()), "</mark>"]
        position = hit.end()
    parts += [escape(text[position:end]), " …" if end < len(text) else ""]
    return "".join(parts)


def _end_of_word(text: str, start: int, end: int) -> int:
    """Move an end that falls inside a word back to the blank before it, where there is one."""
    if end == len(text) or text[end].isspace():
        return end
    blank = text.rfind(" ", start, end)
    return blank if blank > start else end


def _is_found(word: str, terms: Sequence[Term]) -> bool:
    spoken = folded(word)
    return any(term.finds(spoken) for term in terms)
