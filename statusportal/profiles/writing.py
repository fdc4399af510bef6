"""Pure: a profile as TOML text and back. The text of a profile is always the same, so that a review shows what changed.

Writing is canonical: fields in the order of the vocabulary, what equals its default left out. So what was written,
read and written again is the same text, byte for byte.
"""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec
import tomli_w

from statusportal.foundation.errors import Faults, Invalid, Sentence
from statusportal.profiles.checking import check_profile
from statusportal.profiles.vocabulary import FORMAT, AnyRule, Profile

_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<place>[^`]*)`)?$", re.DOTALL)
_FIELD = re.compile(r"Object (?P<how>missing required|contains unknown) field `(?P<field>[^`]*)`")
_INDEX = re.compile(r"\[(\d+|\.\.\.)\]")


def read_profile(text: str) -> Profile:
    """Read and check a profile.

    Raises: Invalid, with every wrong field named as in `/rules/2/low`.
    """
    content = read_toml(text.encode())
    check_format(content)
    try:
        profile = msgspec.convert({"format": FORMAT, **content}, Profile)
    except msgspec.ValidationError as err:
        raise Invalid.field(*_named(str(err))) from err
    faults = Faults()
    check_profile(faults, profile)
    faults.close()
    return profile


def read_toml(content: bytes, pointer: str = "") -> dict[str, Any]:
    """Read TOML as plain values.

    Raises: Invalid at `pointer`.
    """
    try:
        return tomllib.loads(content.decode())
    except ValueError as err:
        raise Invalid.field(pointer, Sentence("is not TOML: %(why)s", why=str(err))) from err
    except RecursionError as err:
        raise Invalid.field(pointer, Sentence("is nested too deeply")) from err


def check_format(content: Mapping[str, Any]) -> None:
    """Let a file through that is of the format there is, or names none.

    Raises: Invalid.
    """
    if content.get("format", FORMAT) != FORMAT:
        raise Invalid.field("/format", Sentence("must be %(known)s, the only format there is", known=FORMAT))


def read_rule(content: Mapping[str, Any]) -> AnyRule:
    """Read one rule from plain values; whether it can stand among others is checked with them.

    Raises: Invalid, with the wrong field named as in `/low`.
    """
    try:
        rule: AnyRule = msgspec.convert(content, AnyRule)
    except msgspec.ValidationError as err:
        raise Invalid.field(*_named(str(err))) from err
    return rule


def write_profile(profile: Profile) -> str:
    """Write a profile as canonical TOML; a whole number that stands for a measure is written as one."""
    measured = msgspec.convert(msgspec.to_builtins(profile), Profile)
    return tomli_w.dumps(msgspec.to_builtins(measured))


def _named(told: str) -> tuple[str, str]:
    """Turn the decoder's words into a pointer and a sentence."""
    met = _PLACE.match(told)
    what, place = (met["what"], met["place"] or "") if met else (told, "")
    pointer = _INDEX.sub(r"/\1", place).replace(".", "/")
    field = _FIELD.match(what)
    if field is None:
        return pointer, Sentence("cannot be this: %(why)s", why=what)
    if field["how"].startswith("missing"):
        return f"{pointer}/{field['field']}", Sentence("is missing")
    return f"{pointer}/{field['field']}", Sentence("is not a field that can stand here")
