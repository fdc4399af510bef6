"""Reading the form of a new receiver: serial numbers and signals are written, since a list of all would have no end."""

import re
from collections.abc import Sequence
from uuid import UUID

from flask import request
from flask_babel import gettext as _

from statusportal.forwarding.queries import machines_named
from statusportal.forwarding.service import Receiver
from statusportal.forwarding.vocabulary import ForwardedKind
from statusportal.foundation.errors import Faults, Sentence
from statusportal.web.forms import moment, text
from statusportal.work import Work

KINDS = (ForwardedKind.SAMPLE, ForwardedKind.STATUS, ForwardedKind.ENTRY)
_MOST_NAMED = 1_000


def named_devices(work: Work, organisation_id: UUID, faults: Faults) -> Sequence[UUID]:
    """Return the machines whose serial numbers were written, one a line; those that are not there are noted."""
    serials = _lines("serials")
    if len(serials) > _MOST_NAMED:
        faults.note("/serials", Sentence("at most %(most)s", most=_MOST_NAMED))
        return ()
    found = machines_named(work, organisation_id, serials)
    if missing := [one for one in serials if one not in found]:
        faults.note("/serials", _("Not a machine of yours: %(serials)s", serials=", ".join(missing[:5])))
    return [found[one].id for one in serials if one in found]


def receiver_asked(faults: Faults, devices: Sequence[UUID]) -> Receiver:
    """Return what the form asks for.

    Raises: Invalid.
    """
    kinds = [one for one in KINDS if request.form.get(f"kind_{one}")]
    if not kinds:
        faults.note("/kind_sample", _("Choose at least one of these."))
    ends_at = moment(faults, "ends_at")
    faults.close()
    return Receiver(
        name=text("name"),
        address=text("address"),
        devices=devices,
        signals=_lines("signals"),
        kinds=kinds,
        ends_at=ends_at,
    )


def _lines(name: str) -> list[str]:
    """Return what was written line by line or with commas, each once, in its order."""
    return list(dict.fromkeys(one.strip() for one in re.split(r"[\n,]", text(name)) if one.strip()))
