"""Did you mean: words that are spelled nearly like those that found nothing, out of what the reader may see alone."""

from collections.abc import Sequence
from difflib import get_close_matches

from statusportal.lexicon.terms import SHORTEST_PREFIX, Term
from statusportal.search.finding import found_by, tags_asked
from statusportal.search.vocabulary import NO_FILTERS
from statusportal.work import Work

_NEWEST = 1_000
_ALIKE = 0.75
_LONGER = 2


def suggested(work: Work, terms: Sequence[Term]) -> str | None:
    """Return the query with each unknown word as it is spelled in the newest documents, or None.

    A suggestion finds something: all its words stand in one document that the reader may see.
    """
    if not terms:
        return None
    texts = _texts(work)
    spoken = {word for words in texts for word in words}
    replaced = [_nearest(term, spoken) for term in terms]
    words = [word for part in replaced for word in part]
    if not all(replaced) or words == [word for term in terms for word in term.words]:
        return None
    return " ".join(words) if any(text.issuperset(words) for text in texts) else None


def _texts(work: Work) -> list[set[str]]:
    tags = tags_asked(work, NO_FILTERS)
    newest = [] if tags is None else found_by(work, (), tags, NO_FILTERS, _NEWEST)
    fields = ("title_words", "body_words", "key_words")
    return [{word for name in fields for word in row.words[name].split()} for row in newest]


def _nearest(term: Term, spoken: set[str]) -> tuple[str, ...]:
    """Return each word as it stands if it is spoken, or as the nearest one that is; nothing where none is near."""
    found = []
    for word in term.words:
        near = [word] if word in spoken else []
        if not near and len(word) > SHORTEST_PREFIX:
            near = get_close_matches(
                word,
                sorted(one for one in spoken if one[0] == word[0] and abs(len(one) - len(word)) <= _LONGER),
                n=1,
                cutoff=_ALIKE,
            )
        if not near:
            return ()
        found.append(near[0])
    return tuple(found)
