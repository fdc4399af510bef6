"""A forgotten password, for programs that draw a sign-in of their own."""

from flask import Response, make_response, request
from marshmallow import Schema, fields, validate

from statusportal.access.actor import SYSTEM
from statusportal.api.root import blueprint
from statusportal.foundation.errors import Conflict
from statusportal.http import portal
from statusportal.http.policies import public
from statusportal.passwords import resetting

forgotten = blueprint("Forgotten", "Choosing a new password without the old one")


class ForgottenRequest(Schema):
    """Whose password was forgotten."""

    email = fields.String(required=True, validate=validate.Length(max=320))


class ResetRequest(Schema):
    """The secret out of the letter's link, and the new password."""

    secret = fields.String(required=True, validate=validate.Length(max=200))
    password = fields.String(required=True, validate=validate.Length(max=1024))


@forgotten.post("/forgotten")
@public("whoever forgot their password is not signed in; tries are limited by address and account")
@forgotten.arguments(ForgottenRequest)
@forgotten.response(202)
def ask_for_letter(wanted: dict[str, str]) -> Response:
    """Ask for a letter with a link. The answer is the same whether or not anybody has the address."""
    if not portal.settings().smtp_url:
        raise Conflict("This portal sends no mail. An administrator can make a link.")
    with portal.works().writing(SYSTEM) as work:
        resetting.ask_reset(work, wanted["email"], request.remote_addr or "")
    return make_response("", 202)


@forgotten.post("/reset")
@public("the link's secret is the right; it works once and for an hour")
@forgotten.arguments(ResetRequest)
@forgotten.response(204)
def choose_password(wanted: dict[str, str]) -> Response:
    """Choose a new password; every session of its person ends."""
    works = portal.works()
    with works.reading(SYSTEM) as work:
        proved = resetting.prepare_reset(work, wanted["secret"], wanted["password"])
    with works.writing(SYSTEM) as work:
        resetting.reset_password(work, wanted["secret"], proved)
    return make_response("", 204)
