"""Terms and tags written as either database's index reads them. Pure: words in, a query's text out.

Words and tags hold letters and digits alone, so that nothing in them is read as an operator.
"""

from collections.abc import Sequence

from statusportal.lexicon.terms import Term


def fts5_match(terms: Sequence[Term], tags: Sequence[Sequence[str]]) -> str:
    """Write terms as FTS5 reads them: each quoted."""
    sought = [f"tag_words : ({_either(group)})" for group in tags]
    for term in terms:
        if len(term.words) > 1:
            sought.append(f'{{title_words body_words key_words}} : "{" ".join(term.words)}"')
        else:
            star = f' OR "{term.words[0]}"*' if term.is_prefix else ""
            sought.append(f"- tag_words : ({_either(term.spellings)}{star})")
    return " AND ".join(sought)


def tsquery_text(terms: Sequence[Term], tags: Sequence[Sequence[str]]) -> str:
    """Write terms as a tsquery; what is filed weighs A, and no word that somebody wrote does."""
    sought = [f"({' | '.join(f'{tag}:A' for tag in group)})" for group in tags]
    for term in terms:
        if len(term.words) > 1:
            sought.append(f"({' <-> '.join(f'{word}:BC' for word in term.words)})")
        else:
            star = "*" if term.is_prefix else ""
            first, *others = term.spellings
            sought.append(f"({' | '.join([f'{first}:{star}BCD', *(f'{one}:BCD' for one in others)])})")
    return " & ".join(sought)


def _either(words: Sequence[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)
