"""Reading what somebody typed: words, and operators such as `model:aurora` or `before:2026-11-01`. Pure.

An operator that nobody knows is a word like any other, and so is one without a value. A value with blanks stands in
quotes (`author:"Mette Kragh"`). What cannot be read narrows nothing and is said.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo
from typing import Final

from statusportal.entries.vocabulary import EntryKind
from statusportal.foundation.errors import Sentence
from statusportal.search.vocabulary import NO_FILTERS, DocumentKind, Outcome, SearchFilters

KINDS: Final = tuple(sorted({*map(str, DocumentKind), *map(str, EntryKind)}))
_LONGEST: Final = 2_000
_OPERATOR: Final = re.compile(r'(?<!\S)(?P<name>[a-z]+):(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))(?!\S)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was meant: words to look for, what narrows, and what could not be read, as sentences."""

    words: str
    filters: SearchFilters = NO_FILTERS
    hints: tuple[Sentence, ...] = ()


class _Unreadable(ValueError):
    """Carry the sentence that says why a value narrows nothing."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read_query(text: str, zone: tzinfo, given: SearchFilters = NO_FILTERS) -> Asked:
    """Read a query. What narrows by an operator comes before what was `given` beside it; days are days of the zone."""
    text = text[:_LONGEST]
    filters, hints, rest, end = given, [], [], 0
    for match, narrow in _operators(text):
        rest.append(text[end : match.start()])
        end = match.end()
        try:
            filters = narrow(filters, match["quoted"] or match["bare"], zone)
        except _Unreadable as err:
            hints.append(err.sentence)
    return Asked(" ".join("".join([*rest, text[end:]]).split()), filters, tuple(hints))


_Narrow = Callable[[SearchFilters, str, tzinfo], SearchFilters]


def _operators(text: str) -> Iterator[tuple[re.Match[str], _Narrow]]:
    for match in _OPERATOR.finditer(text):
        narrow = _NARROWING.get(match["name"].lower())
        if narrow is not None and (match["quoted"] or match["bare"]):
            yield match, narrow


def _kind(filters: SearchFilters, value: str, _zone: tzinfo) -> SearchFilters:
    if value.lower() not in KINDS:
        raise _Unreadable(Sentence("“kind:” takes one of these: %(kinds)s.", kinds=", ".join(KINDS)))
    return replace(filters, kind=value.lower())


def _outcome(filters: SearchFilters, value: str, _zone: tzinfo) -> SearchFilters:
    if value.lower() not in set(Outcome):
        raise _Unreadable(Sentence("“is:” takes one of these: %(outcomes)s.", outcomes=", ".join(Outcome)))
    return replace(filters, outcomes=(*filters.outcomes, Outcome(value.lower())))


def _midnight(value: str, zone: tzinfo) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(value), time(), tzinfo=zone)
    except (ValueError, OverflowError) as err:
        unreadable = Sentence("“%(value)s” is no date. Write it like 2026-11-30.", value=value[:40])
        raise _Unreadable(unreadable) from err


_NARROWING: Final[Mapping[str, _Narrow]] = {
    "model": lambda filters, value, _zone: replace(filters, model=value),
    "code": lambda filters, value, _zone: replace(filters, code=value),
    "device": lambda filters, value, _zone: replace(filters, device=value),
    "author": lambda filters, value, _zone: replace(filters, author=value),
    "kind": _kind,
    "is": _outcome,
    "after": lambda filters, value, zone: replace(filters, since=_midnight(value, zone)),
    "before": lambda filters, value, zone: replace(filters, until=_midnight(value, zone)),
}
