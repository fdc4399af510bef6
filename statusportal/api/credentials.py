"""Credentials of machines and gateways: giving, replacing and ending them."""

from datetime import timedelta
from typing import Any

from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.accounts.queries import organisation_for
from statusportal.api.root import blueprint
from statusportal.credentials.issuing import (
    accept_certificate,
    issue_device_credential,
    issue_gateway_credential,
    revoke_credential,
)
from statusportal.credentials.models import DeviceCredential
from statusportal.credentials.queries import credentials_of_device, gateway_credentials_of
from statusportal.credentials.rotating import rotate_credential
from statusportal.credentials.vocabulary import CredentialKind
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.json_provider import rfc3339
from statusportal.http.policies import checked_by
from statusportal.http.retries import forget_answer

credentials = blueprint("Credentials", "What machines and gateways sign in with")

_LONGEST_NAME = 200
_LONGEST_CERTIFICATE = 20_000


class CredentialAnswer(Schema):
    """A credential; never its token, of which a digest alone is kept. `fingerprint` is that of a certificate."""

    id = fields.UUID()
    kind = fields.String(validate=validate.OneOf([kind.value for kind in CredentialKind]))
    name = fields.String()
    device = fields.UUID(allow_none=True)
    replaces = fields.UUID(allow_none=True)
    fingerprint = fields.String(allow_none=True)
    starts_at = fields.String(allow_none=True)
    expires_at = fields.String(allow_none=True)
    created_at = fields.String()
    used_at = fields.String(allow_none=True)


class CredentialAnswers(Schema):
    """Credentials that open something or will, the newest first."""

    items = fields.List(fields.Nested(CredentialAnswer))


class IssuedAnswer(CredentialAnswer):
    """A credential that was just made; its token is here, this once, and null for a certificate."""

    token = fields.String(allow_none=True)


class CredentialQuestion(Schema):
    """A token, or with `certificate` (PEM) a certificate that a trusted proxy passes on."""

    name = fields.String(load_default="", validate=validate.Length(max=_LONGEST_NAME))
    certificate = fields.String(load_default=None, validate=validate.Length(1, _LONGEST_CERTIFICATE))


class GatewayQuestion(Schema):
    """What the gateway is."""

    name = fields.String(load_default="", validate=validate.Length(max=_LONGEST_NAME))


class RotationQuestion(Schema):
    """How long both work; left out, the old one ends when the new one is first used."""

    overlap_s = fields.Integer(load_default=None)


@credentials.get("/devices/<device_id>/credentials")
@checked_by(Permission.CREDENTIAL_ADMINISTER)
@credentials.response(200, CredentialAnswers)
def of_device(device_id: str) -> dict[str, Any]:
    """List what a machine may sign in with."""
    with portal.reading() as work:
        return {"items": [_present(row) for row in credentials_of_device(work, parse_id(device_id))]}


@credentials.post("/devices/<device_id>/credentials")
@checked_by(Permission.CREDENTIAL_ADMINISTER)
@credentials.arguments(CredentialQuestion)
@credentials.response(201, IssuedAnswer)
def give_to_device(asked: dict[str, Any], device_id: str) -> dict[str, Any]:
    """Give a machine a token, or let its certificate in."""
    found, token = parse_id(device_id), None
    with portal.writing() as work:
        if asked["certificate"] is None:
            row, token = issue_device_credential(work, found, asked["name"])
        else:
            row = accept_certificate(work, found, asked["certificate"], asked["name"])
    forget_answer()
    return {**_present(row), "token": token}


@credentials.get("/organisations/<organisation_id>/gateway-credentials")
@checked_by(Permission.CREDENTIAL_ADMINISTER)
@credentials.response(200, CredentialAnswers)
def of_gateways(organisation_id: str) -> dict[str, Any]:
    """List an organisation's gateway tokens."""
    with portal.reading() as work:
        return {"items": [_present(row) for row in gateway_credentials_of(work, parse_id(organisation_id))]}


@credentials.post("/organisations/<organisation_id>/gateway-credentials")
@checked_by(Permission.CREDENTIAL_ADMINISTER)
@credentials.arguments(GatewayQuestion)
@credentials.response(201, IssuedAnswer)
def give_to_gateway(asked: dict[str, Any], organisation_id: str) -> dict[str, Any]:
    """Give a gateway a token for all machines of an organisation."""
    with portal.writing() as work:
        owner = organisation_for(work, parse_id(organisation_id))
        row, token = issue_gateway_credential(work, owner.id, asked["name"])
    forget_answer()
    return {**_present(row), "token": token}


@credentials.post("/credentials/<credential_id>/rotate")
@checked_by(Permission.CREDENTIAL_ADMINISTER)
@credentials.arguments(RotationQuestion)
@credentials.response(201, IssuedAnswer)
def rotate(asked: dict[str, Any], credential_id: str) -> dict[str, Any]:
    """Make a token beside an older one, which then ends."""
    overlap = None if asked["overlap_s"] is None else timedelta(seconds=_bounded(asked["overlap_s"]))
    with portal.writing() as work:
        row, token = rotate_credential(work, parse_id(credential_id), overlap)
    forget_answer()
    return {**_present(row), "token": token}


@credentials.delete("/credentials/<credential_id>")
@checked_by(Permission.CREDENTIAL_ADMINISTER)
@credentials.response(204)
def revoke(credential_id: str) -> None:
    """Let a credential open nothing any more."""
    with portal.writing() as work:
        revoke_credential(work, parse_id(credential_id))


def _bounded(seconds: int) -> int:
    """Keep a number inside what a span can hold; the verb says what is allowed."""
    return max(-1, min(seconds, 10**9))


def _present(row: DeviceCredential) -> dict[str, Any]:
    is_certificate = row.kind == CredentialKind.CERTIFICATE
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "device": row.device_id,
        "replaces": row.replaces_id,
        "fingerprint": row.secret_digest if is_certificate else None,
        "starts_at": rfc3339(row.starts_at) if row.starts_at else None,
        "expires_at": rfc3339(row.expires_at) if row.expires_at else None,
        "created_at": rfc3339(row.created_at),
        "used_at": rfc3339(row.used_at) if row.used_at else None,
    }
