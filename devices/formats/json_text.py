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

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_LONGEST_WHOLE_NUMBER: Final = 20  # digits and sign of -2**63
_KINDS: Final[dict[type, str]] = {
    bool: "a boolean",
    int: "a number",
    float: "a number",
    OutOfRange: "a number",
    str: "a text",
    list: "a list",
    type(None): "null",
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
        raise PayloadMalformed(f"The body is not UTF-8: byte {err.start} does not fit.") from err
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as err:
        raise PayloadMalformed(f"The body is not JSON: {err.msg} (line {err.lineno}, column {err.colno}).") from err
    except RecursionError as err:
        raise PayloadMalformed("The body is nested too deeply.") from err


def pointer_to(parent: str, name: str | int) -> str:
    """Extend a pointer by one step, escaped as RFC 6901 section 3 asks and cut to a readable length."""
    step = str(name)[:TEXT_MAXIMUM_LENGTH].replace("~", "~0").replace("/", "~1")
    return f"{parent}/{step}"


def kind_of(value: object) -> str:
    """Name the JSON type of a parsed value for a sentence."""
    return _KINDS.get(type(value), "an object")


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
    raise PayloadMalformed(f"The body is not JSON: {text} is no number in it.")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_float,
    parse_int=_int,
    parse_constant=_constant,
)
