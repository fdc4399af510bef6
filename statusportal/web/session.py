"""Signing in and out, and answering an invitation."""

from typing import cast

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from statusportal.access.actor import SYSTEM
from statusportal.accounts import inviting
from statusportal.accounts.errors import SignInFirst
from statusportal.accounts.models import Organisation, Person
from statusportal.accounts.queries import open_invitation
from statusportal.federation.queries import find_provider
from statusportal.foundation.errors import Invalid, NotFound, NotSignedIn, TooMany
from statusportal.http import portal
from statusportal.http.handing import Handed, forget, handed, take_out
from statusportal.http.policies import leaving, newcomers, public
from statusportal.http.seeing import end_session
from statusportal.http.sentences import translated
from statusportal.http.sessions import begin_session, drop_sign_in_cookie, enter, prove, set_sign_in_cookie
from statusportal.http.views.shell import Form, InvitationPage, Option, Role
from statusportal.passwords import choosing
from statusportal.passwords.rules import SHORTEST
from statusportal.proofs.vocabulary import Onward
from statusportal.web.door_page import sign_in_page
from statusportal.web.forms import failed, filled, text, typed
from statusportal.web.second_step import ask_for_second_proof
from statusportal.web.shell import safe_next

session = Blueprint("session", __name__)

_INVITED = "the invited have no account yet; the secret that the link handed over is the right"


@session.get("/sign-in")
@public("nobody is signed in yet")
def sign_in() -> str:
    """Show the form."""
    return render_template("sign_in.html", page=sign_in_page(Form(), safe_next(request.args.get("next"))))


@session.post("/sign-in")
@public("nobody is signed in yet; tries are limited by address and account")
def sign_in_now() -> Response:
    """Sign in and go where the reader was going."""
    wanted = safe_next(request.form.get("next"))
    lasts = "remember" in request.form
    try:
        proof, means = prove(text("email"), request.form.get("password", ""))
        if means.is_enough:
            return ask_for_second_proof(proof, Onward(wanted, lasts))
        row, secret = enter(proof)
    except (NotSignedIn, TooMany) as err:
        page = sign_in_page(Form(typed("password"), {"": translated(err.detail)}), wanted)
        status = 429 if isinstance(err, TooMany) else 401
        return make_response(render_template("sign_in.html", page=page), status)
    if row.is_password_breached:
        wanted = url_for("profile.profile", _anchor="pw-h")
    response = make_response(redirect(wanted, 303))
    set_sign_in_cookie(response, row, secret, lasts=lasts)
    return response


@session.post("/sign-out")
@leaving("everybody may end their own session")
def sign_out() -> Response:
    """End this session on the server, so that it ends in every process and on every socket."""
    actor = portal.actor()
    if actor.session_id is not None:
        end_session(actor.session_id)
    response = make_response(redirect(url_for("session.sign_in"), 303))
    drop_sign_in_cookie(response)
    return response


@session.get("/invitations/<token>")
@public(_INVITED)
def open_invitation_link(token: str) -> Response:
    """Take the secret out of the address, and lead on."""
    _refuse_closed(token)
    return take_out(Handed.INVITATION, token, url_for("session.invitation"))


@session.get("/invitation")
@public(_INVITED)
def invitation() -> str:
    """Show who invited whom into what."""
    return render_template("accept_invitation.html", page=_invitation_page(handed(Handed.INVITATION), filled({})))


@session.post("/invitation")
@newcomers(_INVITED)
def accept_invitation() -> Response:
    """Make the account and sign in."""
    secret, password = handed(Handed.INVITATION), request.form.get("password", "")
    _refuse_closed(secret)
    try:
        email = _join(secret, password)
    except Invalid as err:
        page = _invitation_page(secret, failed(err, "password"))
        return make_response(render_template("accept_invitation.html", page=page), 422)
    except SignInFirst as err:
        flash(translated(err.detail), "info")
        return make_response(redirect(url_for("session.sign_in", next=request.path), 303))
    response = make_response(redirect("/", 303))
    forget(response, Handed.INVITATION)
    if portal.actor().person_id is None:
        row, session_secret = begin_session(email, password)
        set_sign_in_cookie(response, row, session_secret, lasts=False)
    return response


def _join(secret: str, password: str) -> str:
    """Let the invited in and return their address: as who is signed in, or as somebody new."""
    works, mine = portal.works(), portal.actor().person_id
    if mine is not None:
        with works.writing(SYSTEM) as work:
            return inviting.join_by_invitation(work, secret, mine).email
    with works.reading(SYSTEM) as work:
        prepared = choosing.prepare_password(work, secret, text("name"), password)
    with works.writing(SYSTEM) as work:
        return inviting.accept_invitation(work, secret, text("name"), prepared).email


def _refuse_closed(secret: str) -> None:
    with portal.works().reading(SYSTEM) as work:
        if open_invitation(work, secret) is None:
            raise NotFound


def _invitation_page(secret: str, form: Form) -> InvitationPage:
    with portal.works().reading(SYSTEM) as work:
        row = open_invitation(work, secret)
        if row is None:
            raise NotFound
        organisation = work.session.get(Organisation, row.organisation_id)
        inviter = work.session.get(Person, row.invited_by) if row.invited_by else None
        provider = find_provider(work, row.organisation_id)
    is_open = organisation is not None and provider is not None and provider.is_enabled
    return InvitationPage(
        email=row.email,
        organisation=organisation.name if organisation else "",
        role=cast("Role", row.staff_role or row.role),
        invited_by=inviter.name if inviter else "",
        expires_at=row.expires_at,
        shortest_password=SHORTEST,
        form=form,
        provider=Option(url_for("single_sign_on.go", slug=organisation.slug), provider.name)
        if is_open and organisation and provider
        else None,
        takes_password=not (is_open and organisation and organisation.is_provider_required),
    )
