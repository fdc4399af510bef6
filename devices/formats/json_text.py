"""JSON text read so that every fault has a name and a place; shared by the formats that are written in JSON.

Source: RFC 8259 (no NaN, no infinity, UTF-8; a byte order mark may be ignored, section 8.1) and RFC 6901 (pointers).
"""

import json
import math
from collections import Counter
from typing import Final, NoReturn

from devices.errors import PayloadMalformed
from devices.formats.samples import OutOfRange
from devices.reading import TEXT_MAXIMUM_LENGTH
from devices.sentence import Sentence

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_LONGEST_WHOLE_NUMBER: Final = 20  # digits and sign of -2**63
_KINDS: Final[dict[type, Sentence]] = {
    bool: Sentence("a boolean"),
    int: Sentence("a number"),
    float: Sentence("a number"),
    OutOfRange: Sentence("a number"),
    str: Sentence("a text"),
    list: Sentence("a list"),
    type(None): Sentence("null"),
}

# What Python's decoder says, in words that can be translated.
_TROUBLES: Final[dict[str, Sentence]] = {
    "Expecting value": Sentence("a value was expected"),
    "Extra data": Sentence("there is more behind its end"),
    "Expecting property name enclosed in double quotes": Sentence("a name in double quotes was expected"),
    "Expecting ':' delimiter": Sentence("a colon was expected"),
    "Expecting ',' delimiter": Sentence("a comma was expected"),
    "Illegal trailing comma before end of object": Sentence("a comma stands before the end"),
    "Illegal trailing comma before end of array": Sentence("a comma stands before the end"),
    "Invalid control character at": Sentence("a text holds a control character"),
    "Unterminated string starting at": Sentence("a text has no end"),
    "Invalid \\escape": Sentence("a text holds a backslash that begins nothing"),
    "Invalid \\uXXXX escape": Sentence("a text holds a backslash that begins nothing"),
}


class JsonObject(dict[str, object]):
    """A JSON object that remembers which of its names came more than once."""

    repeated: frozenset[str] = frozenset()


def parse_json(body: bytes) -> object:
    """Parse a whole body; numbers too large for 64 bits become `OutOfRange`, objects `JsonObject`.

    Raises: PayloadMalformed: no UTF-8, no JSON, NaN or an infinity, or nested beyond reason.
    """
    try:
        text = body.removeprefix(_BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as err:
        raise PayloadMalformed(
            Sentence("The body is not UTF-8: byte %(place)s does not fit.", place=err.start)
        ) from err
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as err:
        raise PayloadMalformed(_not_json(err)) from err
    except RecursionError as err:
        raise PayloadMalformed(Sentence("The body is nested too deeply.")) from err


def pointer_to(parent: str, name: str | int) -> str:
    """Extend a pointer by one step, escaped as RFC 6901 section 3 asks and cut to a readable length."""
    step = str(name)[:TEXT_MAXIMUM_LENGTH].replace("~", "~0").replace("/", "~1")
    return f"{parent}/{step}"


def kind_of(value: object) -> Sentence:
    """Name the JSON type of a parsed value for a sentence."""
    return _KINDS.get(type(value), Sentence("an object"))


def _not_json(err: json.JSONDecodeError) -> Sentence:
    return Sentence(
        "The body is not JSON: %(trouble)s (line %(line)s, column %(column)s).",
        trouble=_TROUBLES.get(err.msg) or Sentence.quoting(err.msg),
        line=err.lineno,
        column=err.colno,
    )


def _object(pairs: list[tuple[str, object]]) -> JsonObject:
    result = JsonObject(pairs)
    if len(result) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        result.repeated = frozenset(name for name, count in counts.items() if count > 1)
    return result


def _float(text: str) -> float | OutOfRange:
    number = float(text)
    return number if math.isfinite(number) else OutOfRange()


def _int(text: str) -> int | OutOfRange:
    return int(text) if len(text) <= _LONGEST_WHOLE_NUMBER else OutOfRange()


def _constant(text: str) -> NoReturn:
    raise PayloadMalformed(Sentence("The body is not JSON: %(given)s is no number in it.", given=text))


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_float,
    parse_int=_int,
    parse_constant=_constant,
)
