"""The question to an owner who may read an entry, and the owner's answer, as forms."""

from flask import Response, make_response, redirect, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.consent import widening
from statusportal.entries.vocabulary import Audience
from statusportal.foundation.errors import Invalid
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.web.forms import one_of
from statusportal.web.talk.blueprint import entries

_ANSWERS = {
    "yes": widening.give_consent,
    "no": widening.refuse_consent,
    "back": widening.take_question_back,
}


@entries.post("/entries/<entry_id>/audience")
@checked_by(Permission.DEVICE_SHARE, Permission.ENTRY_PUBLISH)
def choose_audience(entry_id: str) -> Response:
    """Narrow or widen who may read, and return to the entry; staff who widen ask by it."""
    with portal.writing() as work:
        widening.change_audience(work, parse_id(entry_id), _wanted())
    return _to(entry_id)


@entries.post("/entries/<entry_id>/consent")
@checked_by(Permission.ENTRY_PUBLISH)
def ask_owner(entry_id: str) -> Response:
    """Ask, and return to the entry."""
    with portal.writing() as work:
        widening.ask_owner(work, parse_id(entry_id), _wanted())
    return _to(entry_id)


@entries.post("/entries/<entry_id>/consent/answer")
@checked_by(Permission.ENTRY_CONSENT, Permission.ENTRY_PUBLISH)
def settle_consent(entry_id: str) -> Response:
    """Answer for the owner, or take the question back."""
    settle = _ANSWERS.get(request.form.get("answer", ""))
    if settle is None:
        raise Invalid.field("/answer", _("Choose one of these."))
    with portal.writing() as work:
        settle(work, parse_id(entry_id))
    return _to(entry_id)


def _wanted() -> Audience:
    wanted = one_of("audience", Audience)
    if wanted is None:
        raise Invalid.field("/audience", _("Choose one of these."))
    return wanted


def _to(entry_id: str) -> Response:
    return make_response(redirect(url_for("entries.entry", entry_id=entry_id), 303))
