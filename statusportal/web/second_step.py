"""The step after the password: a code of an app or from paper, or a passkey, which is also enough by itself."""

import json

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for

from statusportal.access.actor import SYSTEM
from statusportal.foundation.errors import NotSignedIn, TooMany
from statusportal.http import portal
from statusportal.http.passkeys import has_passkeys
from statusportal.http.policies import public
from statusportal.http.sentences import translated
from statusportal.http.sessions import (
    begin_by_passkey,
    enter,
    enter_by_passkey,
    open_step,
    set_sign_in_cookie,
    step_cookie_name,
    step_secret,
)
from statusportal.http.views.proofs import PasskeyPage, SecondStepPage
from statusportal.http.views.shell import Form
from statusportal.identity.models import SignIn
from statusportal.identity.signing_in import Proof
from statusportal.proofs import stepping
from statusportal.proofs.beginning import count_wrong_try, spend_ceremony
from statusportal.proofs.errors import CodeRefused, StepOver
from statusportal.proofs.vocabulary import STEP_HOLDS, CeremonyKind, Onward
from statusportal.web.forms import text
from statusportal.web.shell import safe_next

second_step_pages = Blueprint("second_step", __name__)

_STEP = "the password was right a moment ago, which a cookie of this step shows"


def ask_for_second_proof(proof: Proof, onward: Onward) -> Response:
    """Keep on the server that the password was right, and lead to the next step."""
    with portal.works().writing(SYSTEM) as work:
        secret = stepping.begin_second_step(work, proof, onward)
    response = make_response(redirect(url_for("second_step.second_step"), 303))
    response.set_cookie(
        step_cookie_name(),
        secret,
        max_age=STEP_HOLDS,
        secure=portal.settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return response


@second_step_pages.get("/sign-in/second")
@public(_STEP)
def second_step() -> Response:
    """Ask for the second proof."""
    try:
        proof, _onward = _step()
    except StepOver as over:
        return _from_the_start(over)
    return _page(proof)


@second_step_pages.post("/sign-in/second")
@public(f"{_STEP}; tries are limited by account, and by the step itself")
def second_step_now() -> Response:
    """Take the code and go where the reader was going."""
    try:
        proof, onward = _step()
        row, secret = enter(proof, text("code"))
    except StepOver as over:
        return _from_the_start(over)
    except (NotSignedIn, TooMany) as err:
        if isinstance(err, CodeRefused):
            with portal.works().writing(SYSTEM) as work:
                count_wrong_try(work, CeremonyKind.SECOND_STEP, step_secret())
        return _page(proof, translated(err.detail), 429 if isinstance(err, TooMany) else 401)
    return _come_in(row, secret, onward)


@second_step_pages.get("/sign-in/passkey")
@public("nobody is signed in yet")
def show_passkey() -> str:
    """Let the browser show a passkey: anybody's, or after the password that person's alone."""
    return render_template("show_passkey.html", page=_passkey_page(safe_next(request.args.get("next"))))


@second_step_pages.post("/sign-in/passkey", endpoint="enter_by_passkey")
@public("nobody is signed in yet; a challenge works once")
def passkey_shown() -> Response:
    """Take the passkey and go where the reader was going."""
    waiting = open_step()
    onward = waiting[1] if waiting else Onward(safe_next(request.form.get("next")), lasts=False)
    try:
        row, secret = enter_by_passkey(text("ceremony"), sent_credential())
    except (NotSignedIn, StepOver) as err:
        page = _passkey_page(onward.address, translated(err.detail))
        return make_response(render_template("show_passkey.html", page=page), 401)
    return _come_in(row, secret, onward)


def sent_credential() -> object:
    """Return what the browser's passkey said; whatever is no JSON is nothing."""
    try:
        return current_app.json.loads(request.form.get("credential", ""))
    except ValueError:
        return None


def _come_in(row: SignIn, secret: str, onward: Onward) -> Response:
    """Hand over the session and forget the step that led to it."""
    if open_step() is not None:
        with portal.works().writing(SYSTEM) as work:
            spend_ceremony(work, CeremonyKind.SECOND_STEP, step_secret())
    response = make_response(redirect(onward.address, 303))
    set_sign_in_cookie(response, row, secret, lasts=onward.lasts)
    response.delete_cookie(step_cookie_name(), secure=portal.settings().secure_cookies, httponly=True, samesite="Lax")
    return response


def _passkey_page(wanted: str, trouble: str = "") -> PasskeyPage:
    waiting, begun = open_step(), begin_by_passkey()
    form = Form({}, {"": trouble} if trouble else {})
    return PasskeyPage(begun.secret, json.dumps(begun.options), form, waiting[1].address if waiting else wanted)


def _step() -> tuple[Proof, Onward]:
    with portal.works().reading(SYSTEM) as work:
        return stepping.second_step(work, step_secret())


def _page(proof: Proof, trouble: str = "", status: int = 200) -> Response:
    with portal.works().reading(SYSTEM) as work:
        means = stepping.second_means(work, proof.person_id)
    page = SecondStepPage(
        Form({}, {"": trouble} if trouble else {}),
        has_app=means.has_app,
        has_passkey=means.passkeys > 0 and has_passkeys(),
    )
    return make_response(render_template("second_step.html", page=page), status)


def _from_the_start(over: StepOver) -> Response:
    flash(translated(over.detail), "info")
    return make_response(redirect(url_for("session.sign_in"), 303))
