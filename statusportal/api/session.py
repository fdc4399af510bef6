"""Sessions: signing in, who I am and what I may do, signing out."""

from typing import Any
from uuid import UUID

from flask import Response, make_response
from flask_wtf.csrf import generate_csrf
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.accounts.queries import memberships_of, myself
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.api.seeing import VisitAnswer, present_visit
from statusportal.foundation.errors import Conflict
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.identity import came_by_cookie
from statusportal.http.policies import before_second_proof, leaving, personal, public, signed_in, signed_in_by_any_token
from statusportal.http.proving import prove_by_code, prove_by_passkey, prove_by_password
from statusportal.http.seeing import end_session, visit_now
from statusportal.http.sessions import begin_session, drop_sign_in_cookie, set_sign_in_cookie
from statusportal.identity import signing_in
from statusportal.identity.models import SignIn
from statusportal.identity.queries import my_sign_ins
from statusportal.passwords import choosing
from statusportal.work import Work

sessions = blueprint("Sessions", "Signing in and out")


class SignInRequest(Schema):
    """What a sign-in needs."""

    email = fields.String(required=True, validate=validate.Length(max=320))
    password = fields.String(required=True, validate=validate.Length(max=1024))
    code = fields.String(
        validate=validate.Length(max=64),
        metadata={"description": "A code of the person's app, or a recovery code, where a second proof is asked for."},
    )


class ProofRequest(Schema):
    """What shows again who is there: one of the three. A passkey's ceremony begins at `/session/passkey/begin`."""

    password = fields.String(validate=validate.Length(max=1024))
    code = fields.String(
        validate=validate.Length(max=64),
        metadata={"description": "For who has no password."},
    )
    ceremony = fields.String(validate=validate.Length(max=200))
    credential = fields.Dict()

    @validates_schema
    def hold_one(self, data: dict[str, Any], **_more: object) -> None:
        """Take one way, and a passkey's answer with its question."""
        if len(data.keys() & {"password", "code", "credential"}) != 1:
            raise ValidationError("show one of password, code and credential", "password")
        if ("ceremony" in data) != ("credential" in data):
            raise ValidationError("belongs to a credential, and a credential to it", "ceremony")


class PasswordRequest(Schema):
    """Another password, and the present one as proof."""

    old = fields.String(required=True, validate=validate.Length(max=1024))
    new = fields.String(required=True, validate=validate.Length(max=1024))


class PersonOfSession(Schema):
    """Who is signed in, and how they want the screens."""

    id = fields.UUID()
    name = fields.String()
    email = fields.String()
    locale = fields.String()
    theme = fields.String()
    time_zone = fields.String(allow_none=True)


class OrganisationOfSession(Schema):
    """One of my organisations, and what I may do in it."""

    id = fields.UUID()
    slug = fields.String()
    name = fields.String()
    role = fields.String()
    permissions = fields.List(fields.String())


class SignInView(Schema):
    """One place where somebody is signed in."""

    id = fields.UUID()
    user_agent = fields.String(metadata={"description": "What the browser says it is."})
    address = fields.String()
    way = fields.String(metadata={"description": "How it began: password, password_and_code, passkey or provider."})
    created_at = Instant()
    seen_at = Instant()
    proved_at = Instant()
    expires_at = Instant()
    is_current = fields.Boolean()


class SessionList(Schema):
    """Where somebody is signed in."""

    items = fields.List(fields.Nested(SignInView))
    next = fields.String(allow_none=True)


class SessionAnswer(Schema):
    """Who I am, my organisations, roles, and what I may do; `permissions` hold everywhere, others in their place.

    `seen_as` is set while support sees as me: as whom, by whom, why and until when.
    """

    person = fields.Nested(PersonOfSession)
    staff_role = fields.String(allow_none=True)
    permissions = fields.List(fields.String())
    organisations = fields.List(fields.Nested(OrganisationOfSession))
    seen_as = fields.Nested(VisitAnswer, allow_none=True)
    scopes = fields.List(
        fields.String(),
        allow_none=True,
        metadata={"description": "What this token is for; null: for everything."},
    )
    is_password_breached = fields.Boolean(
        metadata={"description": "This session began with a password that is on a list of stolen ones: choose another."}
    )
    csrf_token = fields.String(allow_none=True, metadata={"description": "Send it back as X-CSRFToken."})


@sessions.post("/session")
@public("nobody is signed in yet; tries are limited by address and account, and the origin must be ours")
@sessions.arguments(SignInRequest)
@sessions.response(204)
def sign_in(wanted: dict[str, str]) -> Response:
    """Sign in; the answer sets the session's cookie."""
    row, secret = begin_session(wanted["email"], wanted["password"], wanted.get("code"))
    response = make_response("", 204)
    set_sign_in_cookie(response, row, secret, lasts=True)
    return response


@sessions.get("/session")
@signed_in_by_any_token("it tells people about themselves alone, and a token what it may do")
@sessions.response(200, SessionAnswer)
def who_am_i() -> dict[str, Any]:
    """Say who I am, my organisations and roles, and what I may do."""
    with portal.reading() as work:
        return _present(work)


@sessions.post("/session/proof")
@before_second_proof("everybody may prove who they are")
@sessions.arguments(ProofRequest)
@sessions.response(204)
def prove(wanted: dict[str, Any]) -> Response:
    """Prove again who I am, for ten minutes: what is grave asks for it. A token proves nothing."""
    if portal.actor().session_id is None:
        raise Conflict("This call came with a token, not with a session. Sign in to prove who you are.")
    if "password" in wanted:
        prove_by_password(wanted["password"])
    elif "code" in wanted:
        prove_by_code(wanted["code"])
    else:
        prove_by_passkey(wanted["ceremony"], wanted["credential"])
    return make_response("", 204)


@sessions.put("/password")
@before_second_proof("everybody may change their own password")
@sessions.arguments(PasswordRequest)
@sessions.response(204)
def change_password(wanted: dict[str, str]) -> Response:
    """Change my password; every other session of mine ends."""
    with portal.reading() as work:
        proved = choosing.prove_change(work, wanted["old"], wanted["new"])
    with portal.writing() as work:
        choosing.set_password(work, proved)
    return make_response("", 204)


@sessions.get("/sessions")
@personal("it tells people about their own sessions alone")
@sessions.response(200, SessionList)
def my_sessions() -> dict[str, Any]:
    """List where I am signed in, the last seen first."""
    with portal.reading() as work:
        rows = my_sign_ins(work)
    mine = portal.actor().session_id
    return {"items": [session_facts(row, mine) for row in rows], "next": None}


@sessions.delete("/sessions/<session_id>")
@signed_in("everybody may end their own sessions")
@sessions.response(204)
def end_one_session(session_id: str) -> Response:
    """End one of my sessions, that of a lost phone, in every process and on every socket."""
    with portal.writing() as work:
        signing_in.end_sign_in(work, parse_id(session_id))
    return make_response("", 204)


@sessions.delete("/session")
@leaving("everybody may end their own session")
@sessions.response(204)
def sign_out() -> Response:
    """End this session, in every process, and a visit to somebody else's pages with it."""
    session_id = portal.actor().session_id
    if session_id is None:
        raise Conflict("This call came with a token, not with a session. Revoke the token instead.")
    end_session(session_id)
    return _signed_out()


@sessions.delete("/sessions")
@before_second_proof("everybody may end their own sessions")
@sessions.response(204)
def sign_out_everywhere() -> Response:
    """End all my sessions, their open sockets included."""
    with portal.writing() as work:
        signing_in.end_all_sign_ins(work)
    return _signed_out()


def _signed_out() -> Response:
    response = make_response("", 204)
    drop_sign_in_cookie(response)
    return response


def session_facts(row: SignIn, mine: UUID | None) -> dict[str, Any]:
    """Present one session; `mine` is the one that the reader came with."""
    shown = ("id", "user_agent", "address", "way", "created_at", "seen_at", "proved_at", "expires_at")
    return {**{name: getattr(row, name) for name in shown}, "is_current": row.id == mine}


def _present(work: Work) -> dict[str, Any]:
    actor, person, visit = work.actor, myself(work), visit_now()
    session = work.session.get(SignIn, actor.session_id) if actor.session_id else None
    everywhere = [one for one in Permission if actor.is_staff and actor_holds(actor, one, person.id)]
    organisations = [
        {
            "id": row.id,
            "slug": row.slug,
            "name": row.name,
            "role": role,
            "permissions": [one.value for one in Permission if actor_holds(actor, one, row.id)],
        }
        for row, role in memberships_of(work, person.id)
    ]
    return {
        "person": {name: getattr(person, name) for name in PersonOfSession().fields},
        "staff_role": actor.staff_role.value if actor.staff_role else None,
        "permissions": [one.value for one in everywhere],
        "organisations": organisations,
        "scopes": None if actor.scopes is None else sorted(actor.scopes),
        "is_password_breached": session is not None and session.is_password_breached,
        "seen_as": present_visit(visit) if visit else None,
        "csrf_token": generate_csrf() if came_by_cookie() else None,
    }
