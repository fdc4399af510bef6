"""How I sign in: an app to set up, passkeys, and recovery codes to print."""

import json

import segno
from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from statusportal.access.actor import SYSTEM
from statusportal.accounts.queries import myself
from statusportal.federation.queries import linkable_organisations, my_identities
from statusportal.foundation.errors import Invalid, NotFound
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.passkeys import has_passkeys, relying_party
from statusportal.http.policies import before_second_proof
from statusportal.http.sentences import translated
from statusportal.http.views.proofs import AddAppPage, HowISignInPage, PasskeyPage, PasskeyRow
from statusportal.http.views.providers import IdentityRow, LinkableRow
from statusportal.http.views.shell import Form
from statusportal.proofs import enrolling, keeping_passkeys, recovering
from statusportal.proofs.beginning import spend_challenge
from statusportal.proofs.errors import StepOver
from statusportal.proofs.queries import my_means, my_passkeys, my_reset_at
from statusportal.proofs.vocabulary import CeremonyKind, Enrolment
from statusportal.web.forms import failed, picked, text
from statusportal.web.second_step import sent_credential

proofs = Blueprint("proofs", __name__, url_prefix="/profile/sign-in")

_MINE = "it is about the person alone"


@proofs.get("")
@before_second_proof(_MINE)
def how_i_sign_in() -> str:
    """Show what I have."""
    return render_template("how_i_sign_in.html", page=_page())


@proofs.post("/app")
@before_second_proof(_MINE)
def begin_app() -> Response:
    """Make the secret for my app and show it."""
    with portal.writing() as work:
        enrolling.begin_enrolment(work)
    return make_response(redirect(url_for("proofs.add_app"), 303))


@proofs.get("/app")
@before_second_proof(_MINE)
def add_app() -> Response:
    """Show what my app must be told, until it is confirmed."""
    try:
        with portal.reading() as work:
            enrolment = enrolling.waiting_enrolment(work)
    except NotFound:
        return _back()
    return make_response(render_template("add_app.html", page=_app_page(enrolment)))


@proofs.post("/app/confirm")
@before_second_proof(_MINE)
def confirm_app() -> Response:
    """Take my app's first code, and show recovery codes this once."""
    try:
        with portal.writing() as work:
            codes = enrolling.confirm_enrolment(work, text("code"))
    except Invalid as err:
        with portal.reading() as work:
            enrolment = enrolling.waiting_enrolment(work)
        return make_response(render_template("add_app.html", page=_app_page(enrolment, failed(err, "code"))), 422)
    flash(_("Your app is set up. From now on signing in asks for its code."), "success")
    return make_response(render_template("how_i_sign_in.html", page=_page(codes)), 201)


@proofs.post("/app/remove")
@before_second_proof(_MINE)
def remove_app() -> Response:
    """Take my app away."""
    with portal.writing() as work:
        enrolling.remove_app(work)
    flash(_("Your app is taken away. Its codes open nothing any more."), "success")
    return _back()


@proofs.post("/recovery-codes")
@before_second_proof(_MINE)
def new_codes() -> Response:
    """Give me new recovery codes, shown this once."""
    with portal.writing() as work:
        codes = recovering.issue_recovery_codes(work)
    return make_response(render_template("how_i_sign_in.html", page=_page(codes)), 201)


@proofs.get("/passkeys/new")
@before_second_proof(_MINE)
def new_passkey() -> str:
    """Ask for a name, and let the browser make a passkey."""
    return render_template("add_passkey.html", page=_passkey_page())


@proofs.post("/passkeys/new", endpoint="add_passkey")
@before_second_proof(_MINE)
def add_passkey() -> Response:
    """Keep what my device made; where there were no recovery codes, show some this once."""
    try:
        with portal.writing() as work:
            challenge = spend_challenge(work, CeremonyKind.PASSKEY_MADE, text("ceremony"))
        with portal.writing() as work:
            _row, codes = keeping_passkeys.add_passkey(
                work, relying_party(), challenge, sent_credential(), text("name")
            )
    except (Invalid, StepOver) as err:
        form = (
            failed(err, "credential", "ceremony")
            if isinstance(err, Invalid)
            else Form({}, {"": translated(err.detail)})
        )
        return make_response(render_template("add_passkey.html", page=_passkey_page(form)), 422)
    flash(_("Your passkey is kept. From now on it lets you in by itself."), "success")
    return make_response(render_template("how_i_sign_in.html", page=_page(codes)), 201)


@proofs.post("/passkeys/<passkey_id>")
@before_second_proof(_MINE)
def change_passkey(passkey_id: str) -> Response:
    """Rename one of my passkeys, or take it away."""
    found = parse_id(passkey_id)
    with portal.writing() as work:
        if picked("do", "rename", "remove") == "remove":
            keeping_passkeys.remove_passkey(work, found)
            flash(_("The passkey opens nothing any more. Take it off your device too."), "success")
        else:
            keeping_passkeys.rename_passkey(work, found, text("name"))
    return _back()


def _passkey_page(form: Form | None = None) -> PasskeyPage:
    with portal.writing() as work:
        begun = keeping_passkeys.begin_passkey(work, relying_party())
    return PasskeyPage(begun.secret, json.dumps(begun.options), form or Form())


def _page(codes: tuple[str, ...] = ()) -> HowISignInPage:
    with portal.reading() as work:
        means, keys, reset_at = my_means(work), my_passkeys(work), my_reset_at(work)
        identities, has_password = my_identities(work), myself(work).password_hash is not None
    with portal.works().reading(SYSTEM) as work:
        linkable = linkable_organisations(work, portal.actor().person_id)
    return HowISignInPage(
        has_app=means.has_app,
        recovery_codes=means.recovery_codes,
        passkeys=tuple(PasskeyRow(str(one.id), one.name, one.created_at, one.used_at) for one in keys),
        is_passkey_possible=has_passkeys(),
        is_owed=portal.actor().owes_second_proof and not means.is_enough,
        reset_at=reset_at,
        codes=codes,
        has_password=has_password,
        identities=tuple(
            IdentityRow(str(one.organisation_id), organisation.name, name, one.created_at, one.used_at)
            for one, name, organisation in identities
        ),
        linkable=tuple(LinkableRow(str(where.id), where.name, one.name) for where, one in linkable),
    )


def _app_page(enrolment: Enrolment, form: Form | None = None) -> AddAppPage:
    drawing = segno.make(enrolment.address, error="m").svg_inline(scale=5, dark="#000", light="#fff", omitsize=True)
    # The drawing is made here of squares alone; nothing that anybody typed is in it as text.
    return AddAppPage(enrolment.secret, enrolment.address, Markup(drawing), form or Form())  # noqa: S704 - see above


def _back() -> Response:
    return make_response(redirect(url_for("proofs.how_i_sign_in"), 303))
