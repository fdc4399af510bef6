"""My profile: name, language, look, password, and where I am signed in."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.accounts import service
from statusportal.foundation.errors import Invalid, NotSignedIn
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import before_second_proof, personal
from statusportal.http.views.people import ProfilePage, SessionView
from statusportal.http.views.shell import Form, Option
from statusportal.identity import signing_in
from statusportal.identity.browsers import browser_words
from statusportal.identity.models import SignIn
from statusportal.identity.queries import my_sign_ins
from statusportal.passwords import choosing
from statusportal.passwords.rules import SHORTEST
from statusportal.web.forms import failed, filled, text
from statusportal.web.shell import chosen_time_zone, keep_choice, me, person, time_zones
from statusportal.web.ways import way_words

profile_pages = Blueprint("profile", __name__, url_prefix="/profile")

_LOCALES = (Option("en", "English"), Option("da", "Dansk"))
_MINE = "it is about the person alone"


@profile_pages.get("")
@before_second_proof(_MINE)
def profile() -> str:
    """Show who I am here."""
    return render_template("profile.html", page=_page())


@profile_pages.post("")
@personal(_MINE)
def change_profile() -> Response:
    """Keep name, language, look and time zone."""
    try:
        with portal.writing() as work:
            service.rename_myself(work, text("name"))
            service.choose_preferences(work, locale=text("locale"), theme=text("theme"), time_zone=text("timezone"))
    except Invalid as err:
        return make_response(render_template("profile.html", page=_page(form=failed(err))), 422)
    flash(_("Kept."), "success")
    response = make_response(redirect(url_for("profile.profile"), 303))
    keep_choice(response, "theme", text("theme"))
    keep_choice(response, "locale", text("locale"))
    return response


@profile_pages.post("/password")
@before_second_proof(_MINE)
def change_password() -> Response:
    """Change the password; every other session ends."""
    new = request.form.get("new", "")
    try:
        if new != request.form.get("again", ""):
            raise Invalid.field("/again", _("The two are not the same."))
        with portal.reading() as work:
            proved = choosing.prove_change(work, request.form.get("old", ""), new)
        with portal.writing() as work:
            choosing.set_password(work, proved)
    except Invalid as err:
        form = failed(err, "old", "new", "again")
    else:
        flash(_("Your password is changed. Everywhere else you are signed out."), "success")
        return make_response(redirect(url_for("profile.profile"), 303))
    return make_response(render_template("profile.html", page=_page(password_form=form)), 422)


@profile_pages.post("/sessions/<session_id>/end")
@personal(_MINE)
def end_session(session_id: str) -> Response:
    """End one of my sessions."""
    with portal.writing() as work:
        signing_in.end_sign_in(work, parse_id(session_id))
    return make_response(redirect(url_for("profile.profile"), 303))


@profile_pages.post("/sessions/end")
@personal(_MINE)
def end_sessions() -> Response:
    """End all of my sessions, this one too, or all others."""
    is_staying = request.form.get("do") == "others"
    with portal.writing() as work:
        if is_staying:
            signing_in.end_other_sign_ins(work)
        else:
            signing_in.end_all_sign_ins(work)
    return make_response(redirect(url_for("profile.profile" if is_staying else "session.sign_in"), 303))


def _page(form: Form | None = None, password_form: Form | None = None) -> ProfilePage:
    row, shell = person(), me()
    if row is None or shell is None:
        raise NotSignedIn
    with portal.reading() as work:
        rows = my_sign_ins(work)
    return ProfilePage(
        name=row.name,
        email=row.email,
        initials=shell.initials,
        role=shell.role,
        organisation=shell.current_organisation.name if shell.current_organisation else "",
        form=form
        or filled({"name": row.name, "locale": row.locale, "theme": row.theme, "timezone": chosen_time_zone()}),
        time_zones=time_zones(),
        locales=_LOCALES,
        sessions=tuple(_session(one) for one in rows),
        password_form=password_form or Form(),
        shortest_password=SHORTEST,
        is_address_proved=row.email_proved_at is not None,
        has_password=row.password_hash is not None,
        is_password_breached=any(one.is_password_breached for one in rows if one.id == portal.actor().session_id),
    )


def _session(row: SignIn) -> SessionView:
    return SessionView(
        id=str(row.id),
        label=browser_words(row.user_agent),
        started_at=row.created_at,
        seen_at=row.seen_at,
        icon="mobile" if "Mobile" in row.user_agent else "laptop",
        detail=row.address,
        way=way_words(row.way),
        is_current=row.id == portal.actor().session_id,
    )
