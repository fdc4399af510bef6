"""Forms: what was typed, and the sentences that stand at the fields."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _

from statusportal.foundation.errors import Conflict, Faults, Invalid, PortalError, Stale
from statusportal.http.sentences import at_field, translated
from statusportal.http.views.shell import Form
from statusportal.web.shell import chosen_time_zone

Word = TypeVar("Word", bound=StrEnum)

# What a person can put right by sending the form again; everything else gets a page of its own.
FORM_TROUBLES = (Invalid, Conflict, Stale)


def errors_by_field(error: Invalid) -> dict[str, str]:
    """Turn pointers (`/email`) into field names; what the form has no field for gets the empty name, its head."""
    found: dict[str, str] = {}
    for one in error.errors:
        name = one.pointer.lstrip("/").replace("/", ".")
        name = name if name in request.form or name in request.files else ""
        found[name] = " ".join(part for part in (found.get(name, ""), at_field(one.detail)) if part)
    return found


def typed(*secret: str) -> dict[str, str]:
    """Return what was typed, less the fields that must not be shown again."""
    return {name: value for name, value in request.form.items() if name not in {"csrf_token", *secret}}


def failed(error: Invalid, *secret: str) -> Form:
    """Return the form as it was sent, with what is wrong."""
    return Form(typed(*secret), errors_by_field(error))


def troubled(error: PortalError, *secret: str) -> tuple[Form, int]:
    """Return the form as it was sent and the status it goes back with: wrong, impossible now, or outdated.

    What stands in no field stands above the form. An outdated form gets the present version, so that sending it again
    is a decision.
    """
    if isinstance(error, Invalid):
        return failed(error, *secret), 422
    values = typed(*secret)
    if isinstance(error, Stale):
        return Form({**values, "version": str(error.version)}, {"": translated(error.detail)}), 412
    return Form(values, {"": translated(error.detail)}), 409


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
        raise Invalid.field(f"/{name}", _("Choose one of these.")) from err


def picked(name: str, *words: str) -> str:
    """Return which of the words a form says. It must say one: a missing or unknown word is never a silent choice."""
    if (wanted := text(name)) not in words:
        raise Invalid.field(f"/{name}", _("Choose one of these."))
    return wanted


def printable(raw: str) -> str:
    """Drop the signs that no name holds, and surrounding space."""
    return "".join(sign for sign in raw if sign.isprintable()).strip()


def word(faults: Faults, name: str, kind: type[Word], otherwise: Word) -> Word:
    """Return a chosen word; one that is not offered is noted, and `otherwise` stands in."""
    try:
        return kind(text(name))
    except ValueError:
        faults.note(f"/{name}", _("Choose one of these."))
        return otherwise


def number(faults: Faults, name: str, otherwise: float | None = None) -> float:
    """Return a number written with a point or, as in Danish, a comma; an empty field is `otherwise`."""
    typed_text = text(name).replace("\u2212", "-").replace(",", ".")
    if not typed_text and otherwise is not None:
        return otherwise
    try:
        value = float(typed_text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        faults.note(f"/{name}", _("Write a number."))
        return 0.0
    return value


def whole(faults: Faults, name: str, otherwise: int | None = None) -> int:
    """Return a whole number; an empty field is `otherwise`."""
    typed_text = text(name)
    if not typed_text and otherwise is not None:
        return otherwise
    if not typed_text.isascii() or not typed_text.removeprefix("-").isdigit() or len(typed_text) > 9:  # noqa: PLR2004 - fits every integer column
        faults.note(f"/{name}", _("Write a whole number."))
        return 0
    return int(typed_text)


def chosen(faults: Faults, name: str) -> UUID:
    """Return the id of what was chosen; nothing chosen is noted."""
    try:
        return UUID(text(name))
    except ValueError:
        faults.note(f"/{name}", _("Choose one of these."))
        return UUID(int=0)


def moment(faults: Faults, name: str, zone: str = "") -> datetime | None:
    """Return the instant of a `datetime-local` field, which means the reader's zone or a given one; None when empty."""
    if not text(name):
        return None
    try:
        at = datetime.fromisoformat(text(name))
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone or chosen_time_zone()))).astimezone(UTC)
    except (ValueError, OverflowError):
        faults.note(f"/{name}", _("Write a day and a time."))
        return None


def local_moment(at: datetime | None, zone: str = "") -> str:
    """Write an instant as a `datetime-local` field has it, in the reader's zone or a given one; None is empty."""
    return "" if at is None else at.astimezone(ZoneInfo(zone or chosen_time_zone())).strftime("%Y-%m-%dT%H:%M")
