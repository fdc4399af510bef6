"""Signing in by an organisation's own identity provider, and linking who one is there to who one is here."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.actor import SYSTEM
from statusportal.accounts.models import Organisation
from statusportal.accounts.queries import myself
from statusportal.federation import entering, linking
from statusportal.federation.errors import NotVouchedFor
from statusportal.federation.queries import find_slug_by_domain, open_party, party_of
from statusportal.federation.vocabulary import Asked, Identity, Purpose, Waiting
from statusportal.foundation.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.federation import (
    Held,
    drop,
    hear_answer,
    hold,
    record_refused,
    send_to_provider,
    waiting_here,
    waiting_secret,
)
from statusportal.http.policies import before_second_proof, newcomers, public
from statusportal.http.sentences import translated
from statusportal.http.sessions import set_sign_in_cookie
from statusportal.http.views.providers import ElsewherePage, LinkIdentityPage, ProviderLink
from statusportal.http.views.shell import Form
from statusportal.identity.proving import note_proof, require_proof
from statusportal.identity.signing_in import end_sign_in
from statusportal.proofs.errors import StepOver
from statusportal.providers.errors import ProviderFaulty
from statusportal.providers.vocabulary import Party, Vouched
from statusportal.web.door_page import sign_in_page
from statusportal.web.forms import failed, filled, text, typed
from statusportal.web.shell import safe_next

single_sign_on = Blueprint("single_sign_on", __name__)

_NOBODY_YET = "nobody is signed in yet"
_SHOWN = "an identity that this browser showed a moment ago waits for its owner, which a cookie says"
_MINE = "it is about the person alone"


@single_sign_on.get("/sign-in/elsewhere")
@public(_NOBODY_YET)
def elsewhere() -> str:
    """Ask for the address, whose domain tells whose sign-in it is."""
    page = ElsewherePage(next=safe_next(request.args.get("next")))
    return render_template("sign_in_elsewhere.html", page=page)


@single_sign_on.post("/sign-in/elsewhere")
@public("nobody is signed in yet; the answer is the same for every address of a domain")
def find_elsewhere() -> str:
    """Show the way on to the provider that takes mail of this domain."""
    onward = safe_next(request.form.get("next"))
    found = None
    with portal.works().reading(SYSTEM) as work:
        slug = find_slug_by_domain(work, text("email").lower().rpartition("@")[2])
        if slug is not None:
            party = open_party(work, slug)
            href = url_for("single_sign_on.go", slug=slug, next=onward)
            found = ProviderLink(party.name, urlsplit(party.issuer).netloc, href)
    page = ElsewherePage(Form(typed()), onward, is_asked=True, found=found)
    return render_template("sign_in_elsewhere.html", page=page)


@single_sign_on.get("/sign-in/at/<slug>")
@public("nobody is signed in yet; beginnings are limited by address")
def go(slug: str) -> Response:
    """Lead to an organisation's provider. Another site changes nothing for who is inside already."""
    onward = safe_next(request.args.get("next"))
    with portal.works().reading(SYSTEM) as work:
        party = open_party(work, slug)
    if portal.actor().person_id is not None and request.headers.get("Sec-Fetch-Site") == "cross-site":
        return make_response(redirect(onward, 303))
    try:
        return send_to_provider(party, Purpose.ENTER, onward)
    except (ProviderFaulty, TooMany) as err:
        if isinstance(err, ProviderFaulty):
            record_refused(NotVouchedFor(party.organisation_id, err.code))
        return _at_the_door(_("%(name)s cannot be reached now.", name=party.name), 503)


@single_sign_on.get("/sign-in/at/<slug>/callback")
@public("the provider sends the browser back; what it was asked is found by a cookie of this browser, and works once")
def come_back(slug: str) -> Response:
    """Hold the provider's answer to what it was asked, and let its person in."""
    try:
        asked, vouched = hear_answer(slug)
    except StepOver as over:
        return _at_the_door(translated(over.detail), 401)
    except NotVouchedFor as refused:
        return _refused(refused)
    try:
        return _led(asked, vouched)
    except NotVouchedFor as refused:
        record_refused(refused)
        return _refused(refused)


@single_sign_on.get("/confirm/provider")
@before_second_proof(_MINE)
def prove() -> Response:
    """Lead to the provider that vouched for this session, to sign in there anew."""
    organisation_id = portal.actor().vouched_by
    if organisation_id is None:
        raise NotFound
    with portal.works().reading(SYSTEM) as work:
        party = party_of(work, organisation_id)
    return _sent(party, Purpose.PROVE, safe_next(request.args.get("next")))


@single_sign_on.get("/profile/sign-in/identities/<organisation_id>")
@before_second_proof(_MINE)
def begin_linking(organisation_id: str) -> Response:
    """Lead to the provider of an organisation of mine, to show who I am there."""
    with portal.works().reading(SYSTEM) as work:
        organisation = work.session.get(Organisation, parse_id(organisation_id))
        if organisation is None or not linking.may_link(work, portal.actor().person_id, organisation):
            raise NotFound
        party = open_party(work, organisation.slug)
    with portal.reading() as work:
        require_proof(work)
    return _sent(party, Purpose.LINK, url_for("proofs.how_i_sign_in"))


@single_sign_on.post("/profile/sign-in/identities/<organisation_id>/unlink")
@before_second_proof(_MINE)
def unlink(organisation_id: str) -> Response:
    """Let an identity of mine open nothing any more."""
    try:
        with portal.writing() as work:
            linking.unlink_identity(work, parse_id(organisation_id))
    except Conflict as err:
        flash(translated(err.detail), "error")
    else:
        flash(_("Unlinked. What it opened has ended."), "success")
    return make_response(redirect(url_for("proofs.how_i_sign_in"), 303))


@single_sign_on.get("/sign-in/link")
@public(_SHOWN)
def link() -> Response:
    """Show whose identity this browser showed, and ask for a yes."""
    waiting = waiting_here()
    if waiting is None:
        return _at_the_door(translated(StepOver().detail), 401)
    return make_response(render_template("link_identity.html", page=_link_page(waiting)))


@single_sign_on.post("/sign-in/link")
@before_second_proof(_SHOWN)
def link_now() -> Response:
    """Link it to who is signed in, and go where the reader was going."""
    waiting = waiting_here()
    if waiting is None:
        return _at_the_door(translated(StepOver().detail), 401)
    with portal.reading() as work:
        require_proof(work)
        person_id = myself(work).id
    try:
        with portal.works().writing(SYSTEM) as work:
            linking.link_identity(work, waiting, waiting_secret(), person_id)
    except Conflict as err:
        page = _link_page(waiting, Form({}, {"": translated(err.detail)}))
        return make_response(render_template("link_identity.html", page=page), 409)
    except NotVouchedFor as refused:
        record_refused(refused)
        return _refused(refused)
    flash(_("Linked. From now on it lets you in here."), "success")
    return _onward(waiting)


@single_sign_on.post("/sign-in/join")
@newcomers(_SHOWN)
def join() -> Response:
    """Make the account of somebody who was invited and whom the provider vouches for, and let them in."""
    if portal.actor().person_id is not None:
        raise Forbidden("invitation:accept", "whoever has no account here")
    waiting = waiting_here()
    if waiting is None:
        return _at_the_door(translated(StepOver().detail), 401)
    try:
        with portal.works().writing(SYSTEM) as work:
            linking.join_by_identity(work, waiting, waiting_secret(), text("name"))
    except Invalid as err:
        page = _link_page(waiting, failed(err))
        return make_response(render_template("link_identity.html", page=page), 422)
    except NotVouchedFor as refused:
        record_refused(refused)
        return _refused(refused)
    return _onward(waiting)


def _led(asked: Asked, vouched: Vouched) -> Response:
    """Go on with whom a provider vouches for: prove, enter, or ask whose identity it is."""
    works = portal.works()
    if asked.purpose is Purpose.PROVE:
        with works.writing(SYSTEM) as work:
            entering.confirm_identity(work, asked, vouched, portal.actor().person_id)
        with portal.writing() as work:
            note_proof(work)
        return _away(asked.onward)
    with works.reading(SYSTEM) as work:
        owner = entering.find_owner(work, asked.identity(vouched.subject))
    if owner is None:
        with works.writing(SYSTEM) as work:
            secret = linking.begin_linking(work, asked, vouched)
        response = _away(url_for("single_sign_on.link"))
        hold(response, Held.WAITING, secret)
        return response
    if asked.purpose is Purpose.LINK:
        flash(_("This identity belongs to somebody here already."), "error")
        return _away(asked.onward)
    return _come_in(asked.identity(vouched.subject), vouched.authenticated_at, asked.onward)


def _come_in(identity: Identity, authenticated_at: datetime | None, onward: str) -> Response:
    """Begin the session that an identity opens; one that this browser had ends."""
    before = portal.actor()
    with portal.works().writing(SYSTEM) as work:
        agent, address = request.user_agent.string, request.remote_addr or ""
        row, secret = entering.enter_by_identity(work, identity, authenticated_at, agent, address)
    if before.session_id is not None and before.seen_by is None:
        with portal.works().writing(before) as work:
            end_sign_in(work, before.session_id)
    response = _away(onward)
    set_sign_in_cookie(response, row, secret, lasts=False)
    return response


def _onward(waiting: Waiting) -> Response:
    """Go on: whoever was signing in is let in by the identity that is theirs now."""
    if waiting.purpose is Purpose.LINK:
        response = make_response(redirect(waiting.onward, 303))
    else:
        response = _come_in(waiting.identity, None, waiting.onward)
    drop(response, Held.WAITING)
    return response


def _away(onward: str) -> Response:
    response = make_response(redirect(onward, 303))
    drop(response, Held.ASKED)
    return response


def _sent(party: Party, purpose: Purpose, onward: str) -> Response:
    """Lead somebody who is signed in to a provider; where that fails, they stay where they were."""
    try:
        return send_to_provider(party, purpose, onward)
    except (ProviderFaulty, TooMany) as err:
        if isinstance(err, ProviderFaulty):
            record_refused(NotVouchedFor(party.organisation_id, err.code))
        flash(_("%(name)s cannot be reached now.", name=party.name), "error")
        return make_response(redirect(url_for("proofs.how_i_sign_in"), 303))


def _refused(refused: NotVouchedFor) -> Response:
    """Say that it opened nothing: at the door, or to somebody who is inside on their own page."""
    if portal.actor().person_id is None:
        return _at_the_door(translated(refused.detail), 401)
    flash(translated(refused.detail), "error")
    return _away(url_for("proofs.how_i_sign_in"))


def _at_the_door(sentence: str, status: int) -> Response:
    page = sign_in_page(Form({}, {"": sentence}), "/")
    response = make_response(render_template("sign_in.html", page=page), status)
    drop(response, Held.ASKED)
    return response


def _link_page(waiting: Waiting, form: Form | None = None) -> LinkIdentityPage:
    mine = portal.actor().person_id
    with portal.works().reading(SYSTEM) as work:
        party = party_of(work, waiting.identity.organisation_id)
    if waiting.person_id is None:
        step = "other" if mine else "join"
    elif mine is None:
        step = "sign_in"
    else:
        step = "link" if mine == waiting.person_id else "other"
    return LinkIdentityPage(step, party.name, party.organisation, waiting.email, form or filled({"name": waiting.name}))
