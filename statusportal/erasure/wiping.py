"""Wiping words out of every text of every table: what others wrote about somebody names them too.

Each text column and each JSON column is looked through, whichever room it belongs to, so that a new table is not
forgotten. The exceptions stand in UNTOUCHED with their reasons.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, Column, String, Table, Text, UniqueConstraint, and_, cast, or_, select, update

from statusportal.db.base import Base
from statusportal.db.columns import SaidText
from statusportal.foundation.errors import Sentence
from statusportal.lexicon.terms import folded
from statusportal.work import Work

UNTOUCHED: Mapping[str, str] = MappingProxyType(
    {
        "audit_record": "it holds ids and codes, never a name, and is chained",
        "erasure_record": "the ledger itself holds digests",
        "sample": "values of machines: a machine that sends names is told so in the customer's guide",
        "journal_entry": "the same values on their way, gone within seconds",
    }
)
_AT_ONCE = 200
# Shorter names are words of their own in other people's sentences, and are wiped only where they stand alone.
_DISTINCT = 6
# Letters that keep two names apart which were wiped to the same, where a table holds them apart.
_APART = 6


class Wiped:
    """Words to wipe, each with what takes its place, in every spelling that a table may hold."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = {word: instead for word, instead in words.items() if word.strip()}
        self.spellings = sorted({spelling for word in self._words for spelling in _spellings(word)})
        self._patterns = [(_pattern(word), instead) for word, instead in self._words.items()]

    def text(self, text: str) -> str:
        """Return a text without the words."""
        for pattern, instead in self._patterns:
            text = pattern.sub(instead, text)
        return text

    def value(self, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Return a JSON value without the words, keys included."""
        if isinstance(value, Sentence):
            return value.with_texts(self.text)
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.value(inner) for key, inner in value.items()}
        return [self.value(inner) for inner in value] if isinstance(value, list) else value


def wipe(work: Work, wiped: Wiped) -> int:
    """Replace the words wherever they stand, and return in how many rows they stood."""
    return sum(_wipe_table(work, table, wiped) for table in Base.metadata.sorted_tables if table.name not in UNTOUCHED)


def text_columns(table: Table) -> list[Column[Any]]:
    """Return the columns that hold words: no keys, no digests, nothing that something else points at."""
    single = {next(iter(one.columns)).name for one in table.indexes if one.unique and len(one.columns) == 1}
    return [
        column
        for column in table.columns
        if isinstance(column.type, String | JSON | SaidText)
        and not (column.primary_key or column.foreign_keys or column.unique or column.name in single)
        and "digest" not in column.name
    ]


def _wipe_table(work: Work, table: Table, wiped: Wiped) -> int:
    columns, keys = text_columns(table), list(table.primary_key)
    if not columns or not wiped.spellings:
        return 0
    texts = [cast(one, Text) if isinstance(one.type, JSON | SaidText) else one for one in columns]
    found = or_(*(text.icontains(spelling, autoescape=True) for text in texts for spelling in wiped.spellings))
    rows = work.session.execute(select(*keys, *columns).where(found)).all()
    for row in rows:
        pairs = zip(columns, row[len(keys) :], strict=True)
        values = {column.name: _without(wiped, column, value) for column, value in pairs}
        place = and_(*(key == value for key, value in zip(keys, row, strict=False)))
        work.session.execute(update(table).where(place).values(values))
    return len(rows)


def _without(wiped: Wiped, column: Column[Any], value: Any) -> Any:  # noqa: ANN401 - whatever the column holds
    """Return a value without the words, no longer than its column, and still apart from others where it must be."""
    left = wiped.value(value)
    if left == value or not isinstance(left, str) or not isinstance(column.type, String):
        return left
    apart = f" {uuid4().hex[:_APART]}" if _is_unique_with_others(column) else ""
    return left[: column.type.length - len(apart)] + apart if column.type.length else left + apart


def _is_unique_with_others(column: Column[Any]) -> bool:
    """Tell whether two rows that lose the same name could collide."""
    return any(isinstance(one, UniqueConstraint) and column.name in one.columns for one in column.table.constraints)


def _spellings(word: str) -> Iterator[str]:
    """Give a word as it may lie in a table: in either case, inside HTML, inside JSON, and folded as search has it."""
    for case in (word, word.lower(), word.upper(), word.title(), folded(word)):
        yield case
        yield html.escape(case)
        yield json.dumps(case)[1:-1]


def _pattern(word: str) -> re.Pattern[str]:
    forms: Sequence[str] = sorted({word, html.escape(word), folded(word)}, key=len, reverse=True)
    either = "|".join(r"\s+".join(map(re.escape, form.split())) for form in forms if form)
    is_distinct = len(word) >= _DISTINCT or " " in word
    return re.compile(rf"(?<!\w)(?:{either})" + ("" if is_distinct else r"(?!\w)"), re.IGNORECASE)
