"""Claims: taking a machine with its one-time secret, and making those secrets."""

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.devices import DeviceWithConditions, present_device
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.catalogue.queries import find_model
from statusportal.claims.models import ClaimSecret
from statusportal.claims.queries import claim_secrets_of, state_of
from statusportal.claims.service import MOST_AT_ONCE, make_claim_secret, make_claim_secrets, revoke_claim_secret
from statusportal.claims.vocabulary import ClaimState, MadeSecret
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.claims import claim
from statusportal.http.json_provider import rfc3339
from statusportal.http.policies import checked_by
from statusportal.http.retries import forget_answer
from statusportal.overview.devices import device_overview

claims = blueprint("Claims", "Taking a machine with its one-time secret")

_LONGEST_TYPED = 200


class ClaimQuestion(Schema):
    """The secret as it stands on the slip; case, blanks and hyphens do not matter."""

    secret = fields.String(required=True, validate=validate.Length(1, _LONGEST_TYPED))
    organisation = fields.UUID(
        load_default=None, metadata={"description": "For whom; may be left out by who acts for one."}
    )


class SecretQuestion(Schema):
    """Until when the secret works; left out, as long as the portal's setting says."""

    expires_at = Instant(load_default=None)


class SecretsQuestion(SecretQuestion):
    """For which machines in stock; all of them get a secret, or none."""

    model = fields.String(required=True, metadata={"description": "A model's slug or name."})
    serials = fields.List(fields.String(), required=True, validate=validate.Length(1, MOST_AT_ONCE))


class MadeAnswer(Schema):
    """A claim secret, shown this once."""

    id = fields.UUID()
    device = fields.UUID()
    model = fields.String()
    serial = fields.String()
    secret = fields.String()
    expires_at = fields.String()


class MadeAnswers(Schema):
    """Claim secrets in the order of the serial numbers."""

    items = fields.List(fields.Nested(MadeAnswer))


class SecretAnswer(Schema):
    """What became of a claim secret; the secret itself is kept nowhere."""

    id = fields.UUID()
    state = fields.String(validate=validate.OneOf([state.value for state in ClaimState]))
    created_at = fields.String()
    expires_at = fields.String()
    used_at = fields.String(allow_none=True)


class SecretAnswers(Schema):
    """A device's claim secrets, the newest first."""

    items = fields.List(fields.Nested(SecretAnswer))


@claims.post("/claims")
@checked_by(Permission.DEVICE_CLAIM)
@claims.arguments(ClaimQuestion)
@claims.response(201, DeviceWithConditions)
def claim_with_secret(asked: dict[str, Any]) -> dict[str, Any]:
    """Take a machine for my organisation, from now on."""
    device_id = claim(asked["secret"], asked["organisation"])
    with portal.reading() as work:
        return present_device(device_overview(work, device_id))


@claims.get("/devices/<device_id>/claim-secrets")
@checked_by(Permission.CLAIM_ISSUE)
@claims.response(200, SecretAnswers)
def list_secrets(device_id: str) -> dict[str, Any]:
    """List what became of a device's claim secrets."""
    with portal.reading() as work:
        rows = claim_secrets_of(work, parse_id(device_id))
        return {"items": [_secret(row, work.now) for row in rows]}


@claims.post("/devices/<device_id>/claim-secrets")
@checked_by(Permission.CLAIM_ISSUE)
@claims.arguments(SecretQuestion)
@claims.response(201, MadeAnswer)
def make_secret(asked: dict[str, Any], device_id: str) -> dict[str, Any]:
    """Make a claim secret for a machine in stock; an open one of it dies."""
    with portal.writing() as work:
        made = make_claim_secret(work, parse_id(device_id), asked["expires_at"])
    forget_answer()
    return _made(made)


@claims.post("/claim-secrets")
@checked_by(Permission.CLAIM_ISSUE)
@claims.arguments(SecretsQuestion)
@claims.response(201, MadeAnswers)
def make_secrets(asked: dict[str, Any]) -> dict[str, Any]:
    """Make a claim secret for each of many machines in stock."""
    with portal.writing() as work:
        model = find_model(work, asked["model"])
        if model is None:
            raise Invalid.field("/model", Sentence("is no model here"))
        made = make_claim_secrets(work, model.id, asked["serials"], asked["expires_at"])
    forget_answer()
    return {"items": [_made(one) for one in made]}


@claims.delete("/claim-secrets/<claim_id>")
@checked_by(Permission.CLAIM_ISSUE)
@claims.response(204)
def revoke_secret(claim_id: str) -> None:
    """Let a claim secret open nothing any more."""
    with portal.writing() as work:
        revoke_claim_secret(work, parse_id(claim_id))


def _made(one: MadeSecret) -> dict[str, Any]:
    return {
        "id": one.id,
        "device": one.device_id,
        "model": one.model,
        "serial": one.serial,
        "secret": one.secret,
        "expires_at": rfc3339(one.expires_at),
    }


def _secret(row: ClaimSecret, now: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": state_of(row, now).value,
        "created_at": rfc3339(row.created_at),
        "expires_at": rfc3339(row.expires_at),
        "used_at": rfc3339(row.used_at) if row.used_at else None,
    }
