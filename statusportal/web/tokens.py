"""My tokens: keys for my own scripts, each held to what it is for."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import table
from statusportal.foundation.errors import Invalid
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.calendars import CALENDAR_SCOPES
from statusportal.http.filters import reader_locale
from statusportal.http.policies import personal
from statusportal.http.views.people import TokenRow, TokensPage
from statusportal.http.views.shell import Form, Option
from statusportal.http.words import scope_word
from statusportal.identity.issuing import issue_personal_token, revoke_personal_token
from statusportal.identity.models import PersonalToken
from statusportal.identity.proving import has_fresh_proof
from statusportal.identity.queries import my_tokens
from statusportal.web.forms import failed, filled, text
from statusportal.work import Work

token_pages = Blueprint("tokens", __name__, url_prefix="/profile/tokens")

_MINE = "everybody looks after their own tokens"
_DAYS = (30, 90, 365)
_FOR_EVER = "never"


@token_pages.get("")
@personal(_MINE)
def tokens() -> str:
    """List my tokens, and offer to make one."""
    with portal.reading() as work:
        page = _page(work, filled({"expires": _FOR_EVER if _wanted() else _DAYS[1], "name": request.args.get("name")}))
    return render_template("tokens.html", page=page)


@token_pages.post("")
@personal(_MINE)
def make_token() -> Response:
    """Make a token and show it, this once: the answer is the only place where it stands."""
    form, secret, status = Form(), "", 201
    try:
        with portal.writing() as work:
            secret = issue_personal_token(work, text("name"), request.form.getlist("scopes"), _expiry(work.now))[1]
    except Invalid as err:
        form, status = failed(err), 422
    with portal.reading() as work:
        page = _page(work, form, secret)
    return make_response(render_template("tokens.html", page=page), status)


@token_pages.post("/<token_id>/revoke")
@personal(_MINE)
def revoke_token(token_id: str) -> Response:
    """Let one of my tokens work no more."""
    with portal.writing() as work:
        revoke_personal_token(work, parse_id(token_id))
    flash(_("The token is revoked. Nothing gets in with it any more."), "success")
    return make_response(redirect(url_for("tokens.tokens"), 303))


def _expiry(now: datetime) -> datetime | None:
    wanted = text("expires")
    if wanted == _FOR_EVER:
        return None
    if wanted not in map(str, _DAYS):
        raise Invalid.field("/expires", _("Choose one of these."))
    return now + timedelta(days=int(wanted))


def _page(work: Work, form: Form, secret: str = "") -> TokensPage:
    is_for_calendar = frozenset(request.form.getlist("scopes")) == CALENDAR_SCOPES
    return TokensPage(
        tokens=tuple(_row(one) for one in my_tokens(work)),
        scopes=tuple(_option(one) for one in _scopes_of(work)),
        spans=(*(Option(str(days), _("%(days)s days", days=days)) for days in _DAYS), Option(_FOR_EVER, _("never"))),
        ticked=frozenset() if secret else frozenset(request.form.getlist("scopes") or _wanted()),
        form=form,
        token=secret,
        calendar=url_for("maintenance.feed", token=secret, _external=True) if secret and is_for_calendar else "",
        may_make=has_fresh_proof(work),
    )


def _wanted() -> list[str]:
    """Return what another page asks a token to be made for."""
    return request.args.getlist("scopes")


def _scopes_of(work: Work) -> list[Permission]:
    """Return what this person may do anywhere: a token can be made for nothing else."""
    roles = {*work.actor.memberships.values(), *([work.actor.staff_role] if work.actor.staff_role else ())}
    return [one for one in Permission if table().get(one, frozenset()) & roles]


def _option(scope: str) -> Option:
    return Option(str(scope), scope_word(scope, locale=reader_locale()), str(scope))


def _row(row: PersonalToken) -> TokenRow:
    may = tuple(scope_word(scope, locale=reader_locale()) for scope in row.scopes)
    return TokenRow(str(row.id), row.name, may, row.created_at, row.expires_at, row.used_at)
