"""Single sign-on: an organisation's identity provider, and my own identities there."""

from typing import Any
from uuid import UUID

from flask import Response, make_response
from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.federation import configuring, linking
from statusportal.federation.models import IdentityProvider
from statusportal.federation.queries import my_identities, provider_for, redirect_uri
from statusportal.federation.vocabulary import ProviderDraft
from statusportal.http import portal
from statusportal.http.federation import tried
from statusportal.http.policies import before_second_proof, checked_by
from statusportal.work import Work

providers = blueprint("Single sign-on", "Identity providers of organisations, and who one is there")

_administered = checked_by(Permission.PROVIDER_ADMINISTER)
_MINE = "it is about the person alone"
_WORD = fields.String(validate=validate.Length(1, 253))


class ProviderWords(Schema):
    """What an administrator says of a provider. A secret that is left out stays as it is; an empty one is none."""

    name = fields.String(required=True)
    issuer = fields.String(required=True, metadata={"description": "The provider's own name, letter for letter."})
    client_id = fields.String(required=True)
    client_secret = fields.String(load_only=True, load_default=None)
    scopes = fields.List(_WORD, load_default=["openid", "email", "profile"], validate=validate.Length(max=100))
    domains = fields.List(
        _WORD,
        load_default=[],
        validate=validate.Length(max=100),
        metadata={"description": "Only addresses of these are linked; empty: any of the organisation's people."},
    )
    is_enabled = fields.Boolean(load_default=False)


class ProviderAnswer(Schema):
    """An organisation's provider, and what it must be told; its secret is never shown."""

    name = fields.String()
    issuer = fields.String()
    client_id = fields.String()
    has_secret = fields.Boolean()
    scopes = fields.List(fields.String())
    domains = fields.List(fields.String())
    is_enabled = fields.Boolean()
    is_required = fields.Boolean(metadata={"description": "Nobody comes in by password, but administrators with more."})
    redirect_uri = fields.String()
    changed_at = Instant()
    version = fields.Integer()


class RequiredWords(Schema):
    """Whether the provider is the only way into an organisation."""

    is_required = fields.Boolean(required=True)


class TrialAnswer(Schema):
    """What came of trying a provider. `fault` is null when it answers as it should."""

    fault = fields.String(allow_none=True)
    notes = fields.List(fields.String())


class IdentityAnswer(Schema):
    """One of my identities at an organisation's provider."""

    organisation_id = fields.UUID()
    organisation = fields.String()
    provider = fields.String()
    issuer = fields.String()
    created_at = Instant()
    used_at = Instant(allow_none=True)


class IdentityList(Schema):
    """My identities."""

    items = fields.List(fields.Nested(IdentityAnswer))
    next = fields.String(allow_none=True)


@providers.get("/organisations/<uuid:organisation_id>/identity-provider")
@_administered
@providers.response(200, ProviderAnswer)
def identity_provider(organisation_id: UUID) -> dict[str, Any]:
    """Show an organisation's provider."""
    with portal.reading() as work:
        configuring.require_provider_right(work, organisation_id)
        return _present(work, provider_for(work, organisation_id))


@providers.put("/organisations/<uuid:organisation_id>/identity-provider")
@_administered
@providers.arguments(ProviderWords)
@providers.response(200, ProviderAnswer)
def keep_provider(words: dict[str, Any], organisation_id: UUID) -> dict[str, Any]:
    """Set a provider up, or change it. Another issuer knows nobody yet; switched off, it ends what it opened."""
    with portal.writing() as work:
        return _present(work, configuring.keep_provider(work, organisation_id, ProviderDraft(**words)))


@providers.delete("/organisations/<uuid:organisation_id>/identity-provider")
@_administered
@providers.response(204)
def remove_provider(organisation_id: UUID) -> Response:
    """Take a provider away, with the identities it knew and the sessions it opened."""
    with portal.writing() as work:
        configuring.remove_provider(work, organisation_id)
    return make_response("", 204)


@providers.post("/organisations/<uuid:organisation_id>/identity-provider/try")
@_administered
@providers.response(200, TrialAnswer)
def try_provider(organisation_id: UUID) -> dict[str, Any]:
    """Fetch what a sign-in would need, and say plainly what is wrong."""
    trial = tried(organisation_id)
    return {"fault": trial.fault, "notes": trial.notes}


@providers.put("/organisations/<uuid:organisation_id>/identity-provider/required")
@_administered
@providers.arguments(RequiredWords)
@providers.response(204)
def require_provider(wanted: dict[str, bool], organisation_id: UUID) -> Response:
    """Make the provider the only way in, or let passwords in again."""
    verb = configuring.ask_for_provider if wanted["is_required"] else configuring.ask_for_provider_no_more
    with portal.writing() as work:
        verb(work, organisation_id)
    return make_response("", 204)


@providers.get("/session/identities")
@before_second_proof(_MINE)
@providers.response(200, IdentityList)
def identities() -> dict[str, Any]:
    """List who I am at my organisations' providers. A browser links another at `/profile/sign-in`."""
    with portal.reading() as work:
        items = [
            {
                "organisation_id": organisation.id,
                "organisation": organisation.name,
                "provider": provider,
                "issuer": row.issuer,
                "created_at": row.created_at,
                "used_at": row.used_at,
            }
            for row, provider, organisation in my_identities(work)
        ]
    return {"items": items, "next": None}


@providers.delete("/session/identities/<uuid:organisation_id>")
@before_second_proof(_MINE)
@providers.response(204)
def unlink(organisation_id: UUID) -> Response:
    """Let an identity of mine open nothing any more; the last way in stays."""
    with portal.writing() as work:
        linking.unlink_identity(work, organisation_id)
    return make_response("", 204)


def _present(work: Work, row: IdentityProvider) -> dict[str, Any]:
    organisation = configuring.require_provider_right(work, row.organisation_id)
    shown = ("name", "issuer", "client_id", "scopes", "domains", "is_enabled", "changed_at", "version")
    return {
        **{name: getattr(row, name) for name in shown},
        "has_secret": row.sealed_secret is not None,
        "is_required": organisation.is_provider_required,
        "redirect_uri": redirect_uri(work, organisation),
    }
