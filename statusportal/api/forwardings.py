"""Giving data to somebody else, continuously: whom an organisation chose, and what they got."""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.forwarding import service
from statusportal.forwarding.models import Forwarding
from statusportal.forwarding.queries import forwarding_for, forwardings_of, parcels_page
from statusportal.forwarding.service import Receiver
from statusportal.forwarding.vocabulary import ForwardedKind
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by

forwardings = blueprint("Forwardings", "Data for a third party of the customer's choice")

_MOST_NAMED = 1_000
_SENT = [ForwardedKind.SAMPLE.value, ForwardedKind.STATUS.value, ForwardedKind.ENTRY.value]
_needs = checked_by(Permission.FORWARDING_ADMINISTER)


class ReceiverWords(Schema):
    """Who is to get what. `secret` signs each call and is never shown again; empty lists mean all."""

    name = fields.String(required=True)
    address = fields.String(required=True, metadata={"description": "An https address that takes POST."})
    secret = fields.String(required=True, load_only=True)
    devices = fields.List(fields.UUID(), load_default=[], validate=validate.Length(max=_MOST_NAMED))
    signals = fields.List(fields.String(validate=validate.Length(1, 100)), load_default=[])
    kinds = fields.List(fields.String(validate=validate.OneOf(_SENT)), load_default=[])
    ends_at = Instant(load_default=None, allow_none=True)


class ForwardingAnswer(Schema):
    """A receiver, and how it goes. `unsent` counts what was given up or found no room."""

    id = fields.UUID()
    name = fields.String()
    address = fields.String()
    devices = fields.List(fields.UUID())
    signals = fields.List(fields.String())
    kinds = fields.List(fields.String())
    state = fields.String()
    sent = fields.Integer()
    unsent = fields.Integer()
    last_sent_at = Instant(allow_none=True)
    last_trouble = fields.String()
    created_at = Instant()
    ends_at = Instant(allow_none=True)


class ForwardingsAnswer(Schema):
    """Every receiver of an organisation, the newest first."""

    items = fields.List(fields.Nested(ForwardingAnswer))
    next = fields.String(allow_none=True)


class ParcelAnswer(Schema):
    """One call, or one that waits: `state` is waiting, sent or dead."""

    id = fields.UUID()
    kind = fields.String()
    state = fields.String()
    item_count = fields.Integer()
    attempts = fields.Integer()
    status = fields.Integer(allow_none=True)
    trouble = fields.String()
    created_at = Instant()
    next_try_at = Instant()
    done_at = Instant(allow_none=True)


class ParcelPageAnswer(Schema):
    """A page of calls, the newest first."""

    items = fields.List(fields.Nested(ParcelAnswer))
    next = fields.String(allow_none=True)


@forwardings.get("/organisations/<organisation_id>/forwardings")
@_needs
@forwardings.response(200, ForwardingsAnswer)
def list_forwardings(organisation_id: str) -> dict[str, Any]:
    """List whom an organisation chose; ended ones too."""
    with portal.reading() as work:
        return {"items": forwardings_of(work, parse_id(organisation_id)), "next": None}


@forwardings.post("/organisations/<organisation_id>/forwardings")
@_needs
@forwardings.arguments(ReceiverWords)
@forwardings.response(201, ForwardingAnswer)
def begin_forwarding(words: dict[str, Any], organisation_id: str) -> Forwarding:
    """Choose a receiver; from now on it gets what is new."""
    kinds = [ForwardedKind(one) for one in words.pop("kinds")]
    with portal.writing() as work:
        return service.begin_forwarding(work, parse_id(organisation_id), Receiver(kinds=kinds, **words))


@forwardings.get("/forwardings/<forwarding_id>")
@_needs
@forwardings.response(200, ForwardingAnswer)
def one_forwarding(forwarding_id: str) -> Forwarding:
    """Show one receiver."""
    with portal.reading() as work:
        return forwarding_for(work, parse_id(forwarding_id))


@forwardings.get("/forwardings/<forwarding_id>/deliveries")
@_needs
@forwardings.arguments(PageQuery, location="query")
@forwardings.response(200, ParcelPageAnswer)
def list_deliveries(asked: dict[str, Any], forwarding_id: str) -> dict[str, Any]:
    """List what was sent and what was not, the newest first."""
    with portal.reading() as work:
        page = parcels_page(work, parse_id(forwarding_id), slice_of(asked))
    return {"items": page.items, "next": page.next_cursor}


@forwardings.post("/forwardings/<forwarding_id>/pause")
@_needs
@forwardings.response(200, ForwardingAnswer)
def pause_forwarding(forwarding_id: str) -> Forwarding:
    """Send nothing for a while; what is new meanwhile is not sent afterwards."""
    return _changed(service.pause_forwarding, forwarding_id)


@forwardings.post("/forwardings/<forwarding_id>/resume")
@_needs
@forwardings.response(200, ForwardingAnswer)
def resume_forwarding(forwarding_id: str) -> Forwarding:
    """Send again."""
    return _changed(service.resume_forwarding, forwarding_id)


@forwardings.post("/forwardings/<forwarding_id>/end")
@_needs
@forwardings.response(200, ForwardingAnswer)
def end_forwarding(forwarding_id: str) -> Forwarding:
    """End it for good; its secret is forgotten."""
    return _changed(service.end_forwarding, forwarding_id)


@forwardings.post("/forwardings/<forwarding_id>/test")
@_needs
@forwardings.response(200, ForwardingAnswer)
def test_forwarding(forwarding_id: str) -> Forwarding:
    """Send a greeting; what came of it stands among the deliveries."""
    return _changed(service.send_test, forwarding_id)


@forwardings.post("/forwardings/<forwarding_id>/retry")
@_needs
@forwardings.response(200, ForwardingAnswer)
def retry_forwarding(forwarding_id: str) -> Forwarding:
    """Send again what was given up."""
    return _changed(service.send_dead_again, forwarding_id)


def _changed(verb: Callable[[Any, Any], Forwarding], forwarding_id: str) -> Forwarding:
    with portal.writing() as work:
        return verb(work, parse_id(forwarding_id))
