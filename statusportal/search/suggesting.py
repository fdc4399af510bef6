"""Did you mean: words that are spelled nearly like those that found nothing, out of what the reader may see alone."""

from collections.abc import Sequence

from statusportal.lexicon.spelling import Spellings
from statusportal.lexicon.terms import Term
from statusportal.search.finding import found_by, tags_asked
from statusportal.search.vocabulary import NO_FILTERS
from statusportal.work import Work

_NEWEST = 1_000
# More words that nobody spoke are no slip of the finger.
_MOST_UNKNOWN = 4


def suggested(work: Work, terms: Sequence[Term]) -> str | None:
    """Return the query with each unknown word as it is spelled in the newest documents, or None.

    A suggestion finds something: all its words stand in one document that the reader may see.
    """
    if not terms:
        return None
    texts = _texts(work)
    spellings = Spellings(word for words in texts for word in words)
    if len(spellings.unknown(terms)) > _MOST_UNKNOWN:
        return None
    replaced = [spellings.nearest(term) for term in terms]
    words = [word for part in replaced for word in part]
    if not all(replaced) or words == [word for term in terms for word in term.words]:
        return None
    return " ".join(words) if any(text.issuperset(words) for text in texts) else None


def _texts(work: Work) -> list[set[str]]:
    tags = tags_asked(work, NO_FILTERS)
    newest, _ = ([], False) if tags is None else found_by(work, (), tags, NO_FILTERS, _NEWEST)
    fields = ("title_words", "body_words", "key_words")
    return [{word for name in fields for word in row.words[name].split()} for row in newest]
