"""Forms: what was typed, and the sentences that stand at the fields."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from flask import request

from statusportal.foundation.errors import Invalid
from statusportal.http.views.shell import Form

Word = TypeVar("Word", bound=StrEnum)


def errors_by_field(error: Invalid) -> dict[str, str]:
    """Turn pointers (`/email`) into field names; what concerns the whole form gets the empty name."""
    return {one.pointer.lstrip("/").replace("/", "."): one.detail for one in error.errors}


def typed(*secret: str) -> dict[str, str]:
    """Return what was typed, less the fields that must not be shown again."""
    return {name: value for name, value in request.form.items() if name not in {"csrf_token", *secret}}


def failed(error: Invalid, *secret: str) -> Form:
    """Return the form as it was sent, with what is wrong."""
    return Form(typed(*secret), errors_by_field(error))


def filled(values: Mapping[str, object]) -> Form:
    """Return a form that shows what stands now; None is empty, True is a ticked box."""
    return Form({name: _text(value) for name, value in values.items()})


def _text(value: object) -> str:
    if value is None or value is False:
        return ""
    return "1" if value is True else str(value)


def text(name: str) -> str:
    """Return a field without surrounding space."""
    return request.form.get(name, "").strip()


def one_of(name: str, words: type[Word]) -> Word | None:
    """Read a choice. An empty one is none; one that does not exist is wrong."""
    wanted = text(name)
    if not wanted:
        return None
    try:
        return words(wanted)
    except ValueError as err:
        raise Invalid.field(f"/{name}", f"must be one of {', '.join(words)}") from err
