"""Options as data: an adapter declares one frozen struct, and forms, descriptions and checks are read off it.

A field is `Annotated[type, option("what it is", ...)]`; the struct may refuse combinations in `__post_init__` by
raising `OptionInvalid`.
"""

import types
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from devices.errors import OptionInvalid
from devices.option_faults import option_fault
from devices.sentence import Sentence

Scalar = str | int | float | bool


class Hint(msgspec.Struct, frozen=True):
    """What a person is told about an option, and what is likely meant when it is wrong."""

    help: str
    is_secret: bool = False
    likely: tuple[Scalar, ...] = ()


class OptionSpec(msgspec.Struct, frozen=True):
    """One option as a form or `devices describe` shows it."""

    name: str
    kind: str
    help: str
    is_required: bool
    default: object = None
    is_secret: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of every options struct: frozen, by keyword, and deaf to unknown names."""


OptionsT = TypeVar("OptionsT", bound=Options)


def secret(text: str) -> Hint:
    """Describe an option that is never shown again: tokens, passwords."""
    return Hint(text, is_secret=True)


def describe(options: type[Options]) -> tuple[OptionSpec, ...]:
    """List an options struct in the order it was written."""
    hints = get_type_hints(options, include_extras=True)
    return tuple(_spec(field, hints[field.name]) for field in msgspec.structs.fields(options))


def validate(options: type[OptionsT], given: Mapping[str, object]) -> OptionsT:
    """Turn what a file or a form holds into a sound struct.

    Raises: OptionInvalid: names the first option that does not hold.
    """
    specs = {spec.name: spec for spec in describe(options)}
    for name in given:
        if name not in specs:
            raise OptionInvalid(name, guessing(Sentence("There is no such option."), name, tuple(specs)))
    for spec in specs.values():
        if spec.is_required and spec.name not in given:
            raise OptionInvalid(spec.name, Sentence("This option is required."))
    for name, value in given.items():
        _require(options, specs[name], value)
    return msgspec.convert(dict(given), options)


def _require(options: type[Options], spec: OptionSpec, value: object) -> None:
    annotation = get_type_hints(options, include_extras=True)[spec.name]
    try:
        msgspec.convert(value, annotation)
    except msgspec.ValidationError as err:
        likely = spec.choices or tuple(str(item) for item in _hint(annotation).likely)
        raise OptionInvalid(spec.name, guessing(option_fault(str(err)), str(value), likely)) from err


def guessing(fault: Sentence, given: str, known: Sequence[str]) -> Sentence:
    """Add to a fault what was likely meant, where something known comes close to what was given."""
    close = get_close_matches(given, known, n=1)
    return Sentence("%(fault)s Did you mean %(close)s?", fault=fault, close=close[0]) if close else fault


def _hint(annotation: object) -> Hint:
    extras = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
    return next((extra for extra in extras if isinstance(extra, Hint)), Hint(""))


def _spec(field: msgspec.structs.FieldInfo, annotation: Any) -> OptionSpec:  # noqa: ANN401 -- a type form has no type
    hint = _hint(annotation)
    bounds = next((extra for extra in get_args(annotation)[1:] if isinstance(extra, msgspec.Meta)), msgspec.Meta())
    plain = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    default = field.default
    if default is msgspec.NODEFAULT and field.default_factory is not msgspec.NODEFAULT:
        default = field.default_factory()
    return OptionSpec(
        name=field.name,
        kind=_kind(plain),
        help=hint.help,
        is_required=field.required,
        default=None if default is msgspec.NODEFAULT or hint.is_secret else default,
        is_secret=hint.is_secret,
        choices=_choices(plain),
        minimum=bounds.ge,
        maximum=bounds.le,
    )


def _kind(plain: Any) -> str:  # noqa: ANN401 -- a type form has no type
    if isinstance(plain, types.UnionType):
        return _kind(next(part for part in get_args(plain) if part is not type(None)))
    origin = get_origin(plain) or plain
    if isinstance(origin, type) and issubclass(origin, Enum):
        return "choice"
    names = {str: "text", int: "integer", float: "number", bool: "boolean", tuple: "list", dict: "table"}
    return names[origin]


def _choices(plain: Any) -> tuple[str, ...]:  # noqa: ANN401 -- a type form has no type
    if isinstance(plain, type) and issubclass(plain, Enum):
        return tuple(str(member.value) for member in plain)
    return ()
