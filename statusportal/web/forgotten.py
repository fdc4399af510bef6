"""A forgotten password: asking for a link, and choosing another with it.

The answer to asking is the same for every address, byte for byte and in the time it takes: nothing is looked up here.
"""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.actor import SYSTEM
from statusportal.foundation.errors import Invalid, TooMany
from statusportal.http import portal
from statusportal.http.handing import Handed, forget, handed, take_out
from statusportal.http.policies import public
from statusportal.http.sentences import translated
from statusportal.http.views.shell import ForgottenPage, Form, ResetPage
from statusportal.passwords import resetting
from statusportal.passwords.errors import ResetSpent
from statusportal.passwords.rules import SHORTEST
from statusportal.web.forms import failed, text

forgotten_pages = Blueprint("forgotten", __name__)

_NOBODY = "whoever forgot their password is not signed in; tries are limited by address and account"
_HOLDER = "the link's secret is the right; it works once and for an hour"


@forgotten_pages.get("/forgotten")
@public(_NOBODY)
def forgotten() -> str:
    """Ask for the address, or say who helps where no mail is sent."""
    return render_template("forgotten.html", page=ForgottenPage(sends_mail=bool(portal.settings().smtp_url)))


@forgotten_pages.post("/forgotten")
@public(_NOBODY)
def ask() -> Response:
    """Note the wish and say what happens, the same to everybody."""
    sends_mail, error, status = bool(portal.settings().smtp_url), "", 200
    if sends_mail:
        try:
            with portal.works().writing(SYSTEM) as work:
                resetting.ask_reset(work, text("email"), request.remote_addr or "")
        except TooMany as err:
            error, status = translated(err.detail), 429
    page = ForgottenPage(Form({}, {"": error} if error else {}), sends_mail, is_asked=sends_mail and not error)
    return make_response(render_template("forgotten.html", page=page), status)


@forgotten_pages.get("/reset/<secret>")
@public(_HOLDER)
def open_link(secret: str) -> Response:
    """Take the secret out of the address, and lead on; a link that opens nothing says so."""
    with portal.works().reading(SYSTEM) as work:
        is_open = resetting.find_open_reset(work, secret) is not None
    return take_out(Handed.RESET, secret, url_for("forgotten.choose")) if is_open else _closed()


@forgotten_pages.get("/reset")
@public(_HOLDER)
def choose() -> Response:
    """Show the form for the new password."""
    with portal.works().reading(SYSTEM) as work:
        is_open = resetting.find_open_reset(work, handed(Handed.RESET)) is not None
    page = ResetPage(shortest_password=SHORTEST)
    return make_response(render_template("reset.html", page=page)) if is_open else _closed()


@forgotten_pages.post("/reset")
@public(_HOLDER)
def set_password() -> Response:
    """Set the new password; every session of its person ends."""
    secret, works = handed(Handed.RESET), portal.works()
    new = request.form.get("new", "")
    try:
        if new != request.form.get("again", ""):
            raise Invalid.field("/again", _("The two are not the same."))
        with works.reading(SYSTEM) as work:
            proved = resetting.prepare_reset(work, secret, new)
        with works.writing(SYSTEM) as work:
            resetting.reset_password(work, secret, proved)
    except Invalid as err:
        page = ResetPage(_at_new(failed(err, "new", "again")), shortest_password=SHORTEST)
        return make_response(render_template("reset.html", page=page), 422)
    except ResetSpent:
        return _closed()
    flash(_("Your password is changed, and you are signed out everywhere. Sign in with the new one."), "success")
    response = make_response(redirect(url_for("session.sign_in"), 303))
    forget(response, Handed.RESET)
    return response


def _at_new(form: Form) -> Form:
    """Put what the form has no field for, since the API calls it otherwise, at the new password."""
    return Form(form.values, {name or "new": words for name, words in form.errors.items()})


def _closed() -> Response:
    response = make_response(render_template("reset.html", page=ResetPage(is_open=False)), 404)
    forget(response, Handed.RESET)
    return response
