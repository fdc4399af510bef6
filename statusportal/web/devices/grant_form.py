"""The form of letting somebody in, at one machine or at a group: what was asked for, and what is ticked, in words."""

from dataclasses import dataclass
from datetime import datetime

from babel.lists import format_list
from flask import request
from flask_babel import gettext as _

from statusportal.access.vocabulary import Right
from statusportal.custody.queries import LONGEST_WORD
from statusportal.custody.vocabulary import ReceiverKind
from statusportal.foundation.errors import Faults
from statusportal.http.filters import reader_locale
from statusportal.http.views.shell import Form
from statusportal.web.devices.access_words import right_verbs
from statusportal.web.forms import local_moment, moment, one_of, text


@dataclass(frozen=True, slots=True)
class GrantAsked:
    """Whom to let in, how far, from when until when, and what they are to the owner."""

    to: str
    rights: Right
    from_at: datetime | None
    to_at: datetime | None
    kind: ReceiverKind | None


def grant_asked() -> GrantAsked:
    """Read the form.

    Raises: Invalid, with each field that is wrong.
    """
    faults = Faults()
    from_at, to_at = moment(faults, "from"), moment(faults, "to_at")
    if not text("to"):
        faults.note("/to", _("Write who."))
    else:
        faults.line("/to", text("to"), most=LONGEST_WORD)
    faults.close()
    return GrantAsked(text("to"), _ticked(Form(request.form.to_dict())), from_at, to_at, one_of("kind", ReceiverKind))


def change_asked() -> tuple[Right, datetime | None]:
    """Read the form of a grant's change: its rights and its end.

    Raises: Invalid.
    """
    faults = Faults()
    to_at = moment(faults, "to_at")
    faults.close()
    return _ticked(Form(request.form.to_dict())), to_at


def change_form(rights: Right, to_at: datetime | None) -> Form:
    """Return the form of a change as the grant stands."""
    ticked = {f"right_{right.name}": "1" for right in Right if right in rights}
    return Form({**ticked, "to_at": local_moment(to_at)})


def ticked_words(form: Form) -> str:
    """Say what the ticked rights let somebody do: “view, comment and export”."""
    ticked = _ticked(form)
    return format_list([verb for right, verb in right_verbs().items() if right in ticked], locale=reader_locale())


def _ticked(form: Form) -> Right:
    rights = Right.VIEW
    for right in Right:
        if form.has(f"right_{right.name}"):
            rights |= right
    return rights
