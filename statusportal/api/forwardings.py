"""Giving data to somebody else, continuously: whom an organisation chose, and what they got."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.forwarding import service
from statusportal.forwarding.models import Forwarding
from statusportal.forwarding.queries import forwarding_for, forwardings_of, parcels_page, waiting_for
from statusportal.forwarding.service import Receiver
from statusportal.forwarding.vocabulary import ForwardedKind
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.work import Work

forwardings = blueprint("Forwardings", "Data for a third party of the customer's choice")

_MOST_NAMED = 1_000
_SENT = [ForwardedKind.SAMPLE.value, ForwardedKind.STATUS.value, ForwardedKind.ENTRY.value]
_needs = checked_by(Permission.FORWARDING_ADMINISTER)


class ReceiverWords(Schema):
    """Who is to get what. `secret` signs each call; without one the portal makes it. Empty lists mean all."""

    name = fields.String(required=True)
    address = fields.String(required=True, metadata={"description": "An https address that takes POST."})
    secret = fields.String(load_default=None, allow_none=True, load_only=True)
    devices = fields.List(fields.UUID(), load_default=[], validate=validate.Length(max=_MOST_NAMED))
    signals = fields.List(fields.String(validate=validate.Length(1, 100)), load_default=[])
    kinds = fields.List(fields.String(validate=validate.OneOf(_SENT)), load_default=[])
    ends_at = Instant(load_default=None, allow_none=True)


class ForwardingAnswer(Schema):
    """A receiver, and how it goes: `waiting` go out next, `unsent` were given up or gave way to newer ones."""

    id = fields.UUID()
    name = fields.String()
    address = fields.String()
    devices = fields.List(fields.UUID())
    signals = fields.List(fields.String())
    kinds = fields.List(fields.String())
    state = fields.String()
    sent = fields.Integer()
    waiting = fields.Integer()
    unsent = fields.Integer()
    last_sent_at = Instant(allow_none=True)
    last_trouble = fields.String()
    created_at = Instant()
    ends_at = Instant(allow_none=True)


class BegunAnswer(ForwardingAnswer):
    """A receiver, with the secret that signs its calls: told this once."""

    secret = fields.String()


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
        return {"items": _shown(work, forwardings_of(work, parse_id(organisation_id))), "next": None}


@forwardings.post("/organisations/<organisation_id>/forwardings")
@_needs
@forwardings.arguments(ReceiverWords)
@forwardings.response(201, BegunAnswer)
def begin_forwarding(words: dict[str, Any], organisation_id: str) -> dict[str, Any]:
    """Choose a receiver; from now on it gets what is new."""
    kinds = [ForwardedKind(one) for one in words.pop("kinds")]
    with portal.writing() as work:
        row, secret = service.begin_forwarding(work, parse_id(organisation_id), Receiver(kinds=kinds, **words))
        return {**_shown(work, [row])[0], "secret": secret}


@forwardings.get("/forwardings/<forwarding_id>")
@_needs
@forwardings.response(200, ForwardingAnswer)
def one_forwarding(forwarding_id: str) -> dict[str, Any]:
    """Show one receiver."""
    with portal.reading() as work:
        return _shown(work, [forwarding_for(work, parse_id(forwarding_id))])[0]


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
def pause_forwarding(forwarding_id: str) -> dict[str, Any]:
    """Send nothing for a while; what is new meanwhile waits, a week at most."""
    return _changed(service.pause_forwarding, forwarding_id)


@forwardings.post("/forwardings/<forwarding_id>/resume")
@_needs
@forwardings.response(200, ForwardingAnswer)
def resume_forwarding(forwarding_id: str) -> dict[str, Any]:
    """Send again, first of all what has waited."""
    return _changed(service.resume_forwarding, forwarding_id)


@forwardings.post("/forwardings/<forwarding_id>/end")
@_needs
@forwardings.response(200, ForwardingAnswer)
def end_forwarding(forwarding_id: str) -> dict[str, Any]:
    """End it for good; its secret is forgotten."""
    return _changed(service.end_forwarding, forwarding_id)


@forwardings.post("/forwardings/<forwarding_id>/test")
@_needs
@forwardings.response(200, ForwardingAnswer)
def test_forwarding(forwarding_id: str) -> dict[str, Any]:
    """Send a greeting; what came of it stands among the deliveries."""
    return _changed(service.send_test, forwarding_id)


@forwardings.post("/forwardings/<forwarding_id>/retry")
@_needs
@forwardings.response(200, ForwardingAnswer)
def retry_forwarding(forwarding_id: str) -> dict[str, Any]:
    """Send again what was given up."""
    return _changed(service.send_dead_again, forwarding_id)


def _changed(verb: Callable[[Work, UUID], Forwarding], forwarding_id: str) -> dict[str, Any]:
    with portal.writing() as work:
        return _shown(work, [verb(work, parse_id(forwarding_id))])[0]


def _shown(work: Work, rows: Sequence[Forwarding]) -> list[dict[str, Any]]:
    waiting = waiting_for(work, rows)
    own = [name for name in ForwardingAnswer().fields if name != "waiting"]
    return [{**{name: getattr(row, name) for name in own}, "waiting": waiting[row.id]} for row in rows]
