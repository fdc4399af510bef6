"""Second proofs: what I have beside a password, an app to set up, recovery codes, and who must have one."""

from typing import Any
from uuid import UUID

from flask import Response, make_response
from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.http import portal
from statusportal.http.passkeys import relying_party
from statusportal.http.policies import before_second_proof, checked_by, public
from statusportal.http.sessions import begin_by_passkey, enter_by_passkey, set_sign_in_cookie
from statusportal.proofs import enrolling, keeping_passkeys, recovering, requiring
from statusportal.proofs.beginning import spend_challenge
from statusportal.proofs.queries import my_means, my_passkeys
from statusportal.proofs.vocabulary import CeremonyKind

proofs = blueprint("Second proofs", "What shows who somebody is beside a password")

_MINE = "it is about the person alone"


class MeansAnswer(Schema):
    """What I have beside a password."""

    has_app = fields.Boolean()
    passkeys = fields.Integer()
    recovery_codes = fields.Integer(metadata={"description": "How many are unused."})
    is_owed = fields.Boolean(metadata={"description": "My organisation asks for a second proof and I have none."})


class EnrolmentAnswer(Schema):
    """What an app must be told."""

    secret = fields.String()
    address = fields.String(metadata={"description": "The same as an otpauth: address, for a QR code."})


class CodeRequest(Schema):
    """A code of the app."""

    code = fields.String(required=True, validate=validate.Length(max=64))


class CodesAnswer(Schema):
    """Recovery codes, shown this once; none when there are unused ones already."""

    recovery_codes = fields.List(fields.String())


class PasskeyView(Schema):
    """One of my passkeys."""

    id = fields.UUID()
    name = fields.String()
    created_at = Instant()
    used_at = Instant(allow_none=True)


class PasskeyList(Schema):
    """My passkeys."""

    items = fields.List(fields.Nested(PasskeyView))
    next = fields.String(allow_none=True)


class PasskeyBegunAnswer(Schema):
    """What a browser is to carry out."""

    ceremony = fields.String(metadata={"description": "Send it back with the answer, within five minutes, once."})
    options = fields.Dict(metadata={"description": "W3C Web Authentication, as JSON."})


class PasskeyShownRequest(Schema):
    """What a passkey answered."""

    ceremony = fields.String(required=True, validate=validate.Length(max=200))
    credential = fields.Dict(required=True)


class PasskeyMadeRequest(PasskeyShownRequest):
    """What a device made, and what it is to be called."""

    name = fields.String(required=True, validate=validate.Length(max=200))


class PasskeyMadeAnswer(Schema):
    """The passkey, and recovery codes where there were none; they are shown this once."""

    passkey = fields.Nested(PasskeyView)
    recovery_codes = fields.List(fields.String())


class PasskeyNameRequest(Schema):
    """What to call it."""

    name = fields.String(required=True, validate=validate.Length(max=200))


class RuleRequest(Schema):
    """Whether everybody of an organisation needs a second proof."""

    is_asked = fields.Boolean(required=True)


@proofs.get("/session/second-proofs")
@before_second_proof(_MINE)
@proofs.response(200, MeansAnswer)
def second_proofs() -> dict[str, Any]:
    """Tell what I have beside a password."""
    with portal.reading() as work:
        means = my_means(work)
    return {
        "has_app": means.has_app,
        "passkeys": means.passkeys,
        "recovery_codes": means.recovery_codes,
        "is_owed": portal.actor().owes_second_proof,
    }


@proofs.post("/session/app")
@before_second_proof(_MINE)
@proofs.response(201, EnrolmentAnswer)
def begin_app() -> Any:  # noqa: ANN401 - flask-smorest presents it
    """Make the secret for my app. It counts for nothing until a code of it is confirmed."""
    with portal.writing() as work:
        return enrolling.begin_enrolment(work)


@proofs.post("/session/app/confirm")
@before_second_proof(_MINE)
@proofs.arguments(CodeRequest)
@proofs.response(200, CodesAnswer)
def confirm_app(wanted: dict[str, str]) -> dict[str, Any]:
    """Take my app's first code. From now on signing in asks for one."""
    with portal.writing() as work:
        return {"recovery_codes": enrolling.confirm_enrolment(work, wanted["code"])}


@proofs.delete("/session/app")
@before_second_proof(_MINE)
@proofs.response(204)
def remove_app() -> Response:
    """Take my app away."""
    with portal.writing() as work:
        enrolling.remove_app(work)
    return make_response("", 204)


@proofs.post("/session/recovery-codes")
@before_second_proof(_MINE)
@proofs.response(201, CodesAnswer)
def new_codes() -> dict[str, Any]:
    """Give me new recovery codes; the old ones work no more."""
    with portal.writing() as work:
        return {"recovery_codes": recovering.issue_recovery_codes(work)}


@proofs.get("/session/passkeys")
@before_second_proof(_MINE)
@proofs.response(200, PasskeyList)
def passkeys() -> dict[str, Any]:
    """List my passkeys."""
    with portal.reading() as work:
        return {"items": my_passkeys(work), "next": None}


@proofs.post("/session/passkeys/begin")
@before_second_proof(_MINE)
@proofs.response(201, PasskeyBegunAnswer)
def begin_passkey() -> dict[str, Any]:
    """Begin to make a passkey: `options` are for `navigator.credentials.create`."""
    with portal.writing() as work:
        begun = keeping_passkeys.begin_passkey(work, relying_party())
    return {"ceremony": begun.secret, "options": begun.options}


@proofs.post("/session/passkeys")
@before_second_proof(_MINE)
@proofs.arguments(PasskeyMadeRequest)
@proofs.response(201, PasskeyMadeAnswer)
def add_passkey(wanted: dict[str, Any]) -> dict[str, Any]:
    """Keep what a device made."""
    with portal.writing() as work:
        challenge = spend_challenge(work, CeremonyKind.PASSKEY_MADE, wanted["ceremony"])
    with portal.writing() as work:
        row, codes = keeping_passkeys.add_passkey(
            work, relying_party(), challenge, wanted["credential"], wanted["name"]
        )
        return {"passkey": row, "recovery_codes": codes}


@proofs.patch("/session/passkeys/<uuid:passkey_id>")
@before_second_proof(_MINE)
@proofs.arguments(PasskeyNameRequest)
@proofs.response(204)
def rename_passkey(wanted: dict[str, str], passkey_id: UUID) -> Response:
    """Call a passkey of mine otherwise."""
    with portal.writing() as work:
        keeping_passkeys.rename_passkey(work, passkey_id, wanted["name"])
    return make_response("", 204)


@proofs.delete("/session/passkeys/<uuid:passkey_id>")
@before_second_proof(_MINE)
@proofs.response(204)
def remove_passkey(passkey_id: UUID) -> Response:
    """Let a passkey of mine open nothing any more."""
    with portal.writing() as work:
        keeping_passkeys.remove_passkey(work, passkey_id)
    return make_response("", 204)


@proofs.post("/session/passkey/begin")
@public("nobody is signed in yet; a challenge tells nothing")
@proofs.response(201, PasskeyBegunAnswer)
def begin_showing() -> dict[str, Any]:
    """Begin to sign in by a passkey: `options` are for `navigator.credentials.get`."""
    begun = begin_by_passkey()
    return {"ceremony": begun.secret, "options": begun.options}


@proofs.post("/session/passkey")
@public("nobody is signed in yet; a challenge works once, and the origin must be ours")
@proofs.arguments(PasskeyShownRequest)
@proofs.response(204)
def show_passkey(wanted: dict[str, Any]) -> Response:
    """Sign in by a passkey; the answer sets the session's cookie."""
    row, secret = enter_by_passkey(wanted["ceremony"], wanted["credential"])
    response = make_response("", 204)
    set_sign_in_cookie(response, row, secret, lasts=True)
    return response


@proofs.delete("/people/<uuid:person_id>/second-proofs")
@checked_by(Permission.PROOF_ADMINISTER)
@proofs.response(204)
def reset(person_id: UUID) -> Response:
    """Take away what a person proved themselves with, and end their sessions. The person is told."""
    with portal.writing() as work:
        recovering.reset_second_proofs(work, person_id)
    return make_response("", 204)


@proofs.put("/organisations/<uuid:organisation_id>/second-proof")
@checked_by(Permission.PROOF_ADMINISTER)
@proofs.arguments(RuleRequest)
@proofs.response(204)
def ask(wanted: dict[str, bool], organisation_id: UUID) -> Response:
    """Ask everybody of an organisation for a second proof, or ask no more."""
    verb = requiring.ask_for_second_proof if wanted["is_asked"] else requiring.ask_no_more
    with portal.writing() as work:
        verb(work, organisation_id)
    return make_response("", 204)
