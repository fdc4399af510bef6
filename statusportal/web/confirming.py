"""The page that asks again who is there, before something grave."""

from flask import Blueprint, Response, make_response, redirect, render_template, request

from statusportal.foundation.errors import Invalid, TooMany
from statusportal.http import portal
from statusportal.http.policies import before_second_proof
from statusportal.http.sentences import translated
from statusportal.http.views.shell import ConfirmPage, Form
from statusportal.identity import proving
from statusportal.web.forms import errors_by_field
from statusportal.web.shell import safe_next

confirming = Blueprint("confirming", __name__)

_MINE = "it asks people about themselves alone"


@confirming.get("/confirm")
@before_second_proof(_MINE)
def confirm() -> str:
    """Ask for the password once more, and say why."""
    return render_template("confirm.html", page=ConfirmPage(next=safe_next(request.args.get("next"))))


@confirming.post("/confirm")
@before_second_proof(_MINE)
def confirm_now() -> Response:
    """Note the proof and lead back to what asked for it."""
    wanted = safe_next(request.form.get("next"))
    try:
        with portal.reading() as work:
            proving.prove_myself(work, request.form.get("password", ""))
    except (Invalid, TooMany) as err:
        errors = errors_by_field(err) if isinstance(err, Invalid) else {"": translated(err.detail)}
        page = ConfirmPage(Form({}, errors), wanted)
        status = 422 if isinstance(err, Invalid) else 429
        return make_response(render_template("confirm.html", page=page), status)
    with portal.writing() as work:
        proving.note_proof(work)
    return make_response(redirect(wanted, 303))
