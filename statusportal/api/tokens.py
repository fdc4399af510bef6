"""Personal tokens: a person's own keys for scripts."""

from typing import Any

from flask import Response, make_response
from marshmallow import Schema, fields, validate

from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import personal
from statusportal.http.retries import forget_answer
from statusportal.identity.issuing import issue_personal_token, revoke_personal_token
from statusportal.identity.queries import my_tokens

tokens = blueprint("Tokens", "Keys for my own scripts")

_MINE = "everybody looks after their own tokens"


class TokenRequest(Schema):
    """A token to make. A scope is a right such as `entry:view`; without any it holds all rights of its person."""

    name = fields.String(required=True, validate=validate.Length(max=200))
    scopes = fields.List(fields.String(), load_default=list, validate=validate.Length(max=100))
    expires_at = Instant(load_default=None, allow_none=True)


class TokenView(Schema):
    """A token, less its secret, which is kept nowhere."""

    id = fields.UUID()
    name = fields.String()
    scopes = fields.List(fields.String())
    created_at = Instant()
    expires_at = Instant(allow_none=True)
    used_at = Instant(allow_none=True)


class NewToken(TokenView):
    """A token just made, with its secret, this once."""

    token = fields.String()


class TokenList(Schema):
    """My tokens that still work, the newest first."""

    items = fields.List(fields.Nested(TokenView))
    next = fields.String(allow_none=True)


@tokens.get("/tokens")
@personal(_MINE)
@tokens.response(200, TokenList)
def list_tokens() -> dict[str, Any]:
    """List my tokens that still work."""
    with portal.reading() as work:
        return {"items": my_tokens(work), "next": None}


@tokens.post("/tokens")
@personal(_MINE)
@tokens.arguments(TokenRequest)
@tokens.response(201, NewToken)
def make_token(wanted: dict[str, Any]) -> dict[str, Any]:
    """Make a token, soon after a proof of who I am; its secret stands in this answer and nowhere else."""
    with portal.writing() as work:
        row, secret = issue_personal_token(work, wanted["name"], wanted["scopes"], wanted["expires_at"])
    forget_answer()
    return {**{name: getattr(row, name) for name in TokenView().fields}, "token": secret}


@tokens.delete("/tokens/<token_id>")
@personal(_MINE)
@tokens.response(204)
def revoke_token(token_id: str) -> Response:
    """Let one of my tokens work no more."""
    with portal.writing() as work:
        revoke_personal_token(work, parse_id(token_id))
    return make_response("", 204)
