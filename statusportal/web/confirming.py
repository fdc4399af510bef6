"""The page that asks again who is there, before something grave: by whatever they have."""

import json
from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template, request

from statusportal.foundation.errors import Invalid, TooMany
from statusportal.http.policies import before_second_proof
from statusportal.http.proving import (
    begin_proof_by_passkey,
    prove_by_code,
    prove_by_passkey,
    prove_by_password,
    ways_to_prove,
)
from statusportal.http.sentences import translated
from statusportal.http.views.proofs import PasskeyPage
from statusportal.http.views.shell import ConfirmPage, Form
from statusportal.proofs.errors import StepOver
from statusportal.web.forms import errors_by_field, text
from statusportal.web.second_step import sent_credential
from statusportal.web.shell import safe_next

confirming = Blueprint("confirming", __name__)

_MINE = "it asks people about themselves alone"


@confirming.get("/confirm")
@before_second_proof(_MINE)
def confirm() -> str:
    """Ask for a proof once more, and say why."""
    return render_template("confirm.html", page=_page(Form(), safe_next(request.args.get("next"))))


@confirming.post("/confirm")
@before_second_proof(_MINE)
def confirm_now() -> Response:
    """Note the proof and lead back to what asked for it."""
    code, password = text("code"), request.form.get("password", "")
    return _proved(lambda: prove_by_code(code) if code else prove_by_password(password))


@confirming.get("/confirm/passkey")
@before_second_proof(_MINE)
def show_passkey() -> str:
    """Let the browser show a passkey of the reader's own."""
    return render_template("confirm_passkey.html", page=_passkey_page(safe_next(request.args.get("next"))))


@confirming.post("/confirm/passkey", endpoint="confirm_by_passkey")
@before_second_proof(_MINE)
def passkey_shown() -> Response:
    """Take the passkey and lead back to what asked for it."""
    wanted = safe_next(request.form.get("next"))
    try:
        prove_by_passkey(text("ceremony"), sent_credential())
    except (Invalid, StepOver) as err:
        sentence = err.errors[0].detail if isinstance(err, Invalid) else err.detail
        page = _passkey_page(wanted, Form({}, {"": translated(sentence)}))
        return make_response(render_template("confirm_passkey.html", page=page), 422)
    return make_response(redirect(wanted, 303))


def _proved(prove: Callable[[], None]) -> Response:
    wanted = safe_next(request.form.get("next"))
    try:
        prove()
    except (Invalid, TooMany) as err:
        errors = errors_by_field(err) if isinstance(err, Invalid) else {"": translated(err.detail)}
        status = 422 if isinstance(err, Invalid) else 429
        return make_response(render_template("confirm.html", page=_page(Form({}, errors), wanted)), status)
    return make_response(redirect(wanted, 303))


def _page(form: Form, wanted: str) -> ConfirmPage:
    ways = ways_to_prove()
    return ConfirmPage(form, wanted, ways.has_password, ways.has_code, ways.has_passkey, ways.provider)


def _passkey_page(wanted: str, form: Form | None = None) -> PasskeyPage:
    begun = begin_proof_by_passkey()
    return PasskeyPage(begun.secret, json.dumps(begun.options), form or Form(), wanted)
