"""What msgspec says of a value that does not convert, in sentences that can be translated.

Source: msgspec, "Converters" and "Constraints": the wording of its ValidationError.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from devices.sentence import Sentence, placed

_KINDS: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        "array": Sentence("a list"),
        "bool": Sentence("true or false"),
        "float": Sentence("a number"),
        "int": Sentence("a whole number"),
        "null": Sentence("nothing"),
        "object": Sentence("a table"),
        "str": Sentence("a text"),
    },
)


def option_fault(message: str) -> Sentence:
    """Say in a sentence what is wrong, and with a place where the fault lies deeper than the option itself."""
    said, _at, place = message.partition(" - at `")
    fault = _fault(said)
    inner = place.removesuffix("`").removeprefix("$").removeprefix(".")
    return placed(inner, fault) if inner else fault


def _fault(said: str) -> Sentence:
    for pattern, sentence in _PATTERNS:
        if match := pattern.fullmatch(said):
            return sentence(match)
    return Sentence.quoting(f"{said.replace('`', '')}.")


def _kind(name: str) -> Sentence:
    first, _or, others = name.partition(" | ")
    kind = _KINDS.get(first) or Sentence.quoting(first)
    return Sentence("%(one)s or %(other)s", one=kind, other=_kind(others)) if others else kind


def _wrong_kind(match: re.Match[str]) -> Sentence:
    return Sentence("Expected %(wanted)s, not %(given)s.", wanted=_kind(match[1]), given=_kind(match[2]))


def _out_of_bounds(match: re.Match[str]) -> Sentence:
    match match[1]:
        case ">=":
            return Sentence("Expected %(bound)s or more.", bound=match[2])
        case "<=":
            return Sentence("Expected %(bound)s or less.", bound=match[2])
        case ">":
            return Sentence("Expected more than %(bound)s.", bound=match[2])
        case _:
            return Sentence("Expected less than %(bound)s.", bound=match[2])


def _wrong_length(match: re.Match[str]) -> Sentence:
    is_least = match[2] == ">="
    if match[1] == "str":
        if is_least:
            return Sentence("Expected %(bound)s characters or more.", bound=match[3])
        return Sentence("Expected %(bound)s characters or less.", bound=match[3])
    if is_least:
        return Sentence("Expected %(bound)s entries or more.", bound=match[3])
    return Sentence("Expected %(bound)s entries or less.", bound=match[3])


_PATTERNS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Sentence]], ...]] = (
    (re.compile(r"Expected `(.+)`, got `(.+)`"), _wrong_kind),
    (re.compile(r"Expected `(?:int|float)` ([<>]=?) (\S+)"), _out_of_bounds),
    (re.compile(r"Expected `(.+)` of length ([<>]=) (\d+)"), _wrong_length),
    (re.compile(r"Invalid enum value (.+)"), lambda match: Sentence("There is no choice %(given)s.", given=match[1])),
    (
        re.compile(r"Object missing required field `(.+)`"),
        lambda match: Sentence("%(name)s is missing.", name=match[1]),
    ),
    (
        re.compile(r"Object contains unknown field `(.+)`"),
        lambda match: Sentence("There is no field %(name)s.", name=match[1]),
    ),
)
