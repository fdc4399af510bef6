"""A sentence for a person that keeps its template and its values, so that an edge can say it in another language."""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Self


class Sentence(str):
    """A sentence for a person: English as it stands, and its template and values for an edge that speaks more.

    `Sentence("must be at most %(most)s", most=9)` is extracted into the catalogue. A value may be a sentence itself.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Fill the places; a template without values is taken as it is."""
        sentence = super().__new__(cls, template % values if values else template)
        sentence.template = template
        sentence.values = values
        return sentence

    @classmethod
    def quoting(cls, words: str) -> Self:
        """Take somebody else's words as they are: a system's, a broker's, an address."""
        return cls(words)

    @classmethod
    def again(cls, template: str, values: Mapping[str, object]) -> Self:
        """Say what was said before, from the template and the values that were kept of it."""
        return cls(template, **values)

    def with_texts(self, change: Callable[[str], str]) -> Self:
        """Say the same with every text in it changed: values at any depth, or the words where they are quoted."""
        if not self.values:
            return type(self)(change(self.template))
        return self.again(self.template, {name: _changed(value, change) for name, value in self.values.items()})


def placed(place: str, fault: str) -> Sentence:
    """Say where something is wrong, and what."""
    return Sentence("%(place)s: %(fault)s", place=place, fault=fault)


def joined(sentences: Iterable[Sentence]) -> Sentence:
    """Say one after the other; of none comes an empty sentence."""
    parts = tuple(sentences)
    return reduce(_and_then, parts) if parts else Sentence.quoting("")


def _and_then(first: Sentence, then: Sentence) -> Sentence:
    return Sentence("%(first)s; %(then)s", first=first, then=then)


def _changed(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, Sentence):
        return value.with_texts(change)
    return change(value) if isinstance(value, str) else value
