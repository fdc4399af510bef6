"""Look, language and the organisation one works in: choices that must work without a script and before sign-in."""

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request
from flask_babel import gettext as _

from statusportal.accounts import service
from statusportal.accounts.vocabulary import Theme
from statusportal.foundation.errors import Invalid
from statusportal.http import portal
from statusportal.http.policies import public, signed_in
from statusportal.identity import signing_in
from statusportal.web.shell import LANGUAGES, keep_choice, person, safe_next

preferences = Blueprint("preferences", __name__, url_prefix="/preferences")


def _back() -> Response:
    return make_response(redirect(safe_next(request.form.get("next")), 303))


@preferences.post("/theme")
@public("the look of a page is nobody's secret")
def theme() -> Response:
    """Keep the look: with the person when signed in, in the browser otherwise."""
    wanted = request.form.get("theme", "")
    if wanted not in set(Theme):
        raise Invalid.field("/theme", _("Choose one of these."))
    if person() is not None:
        with portal.writing() as work:
            service.choose_preferences(work, theme=wanted)
    response = _back()
    keep_choice(response, "theme", wanted)
    return response


@preferences.post("/language")
@public("the language of a page is nobody's secret")
def language() -> Response:
    """Keep the language: with the person when signed in, in the browser otherwise."""
    wanted = request.form.get("locale", "")
    if wanted not in LANGUAGES:
        raise Invalid.field("/locale", _("Choose one of these."))
    if person() is not None:
        with portal.writing() as work:
            service.choose_preferences(work, locale=wanted)
    response = _back()
    keep_choice(response, "locale", wanted)
    return response


@preferences.post("/organisation")
@signed_in("everybody may choose among their own organisations")
def organisation() -> Response:
    """Work in one of my organisations."""
    try:
        wanted = UUID(request.form.get("organisation", ""))
    except ValueError as err:
        raise Invalid.field("/organisation", _("Choose one of these.")) from err
    with portal.writing() as work:
        signing_in.work_in(work, wanted)
    return _back()
