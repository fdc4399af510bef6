"""Following: how closely I want to hear of a machine, an entry or a model, and why I do."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.following.models import Follow
from statusportal.following.queries import my_follows
from statusportal.following.service import follow, unfollow
from statusportal.following.vocabulary import FollowedKind, FollowLevel
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, personal

follows = blueprint("Follows", "How closely I follow machines, entries and models")

_MINE = "what somebody follows is theirs"


class FollowDraft(Schema):
    """How closely: muted, normal, tracking (once a day), watching (every word at once)."""

    level = fields.Enum(FollowLevel, by_value=True, required=True)


class FollowAnswer(Schema):
    """A follow of mine and why it exists; both are null for who has no account."""

    level = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)


class FollowedAnswer(FollowAnswer):
    """A follow of mine, and of what."""

    kind = fields.String()
    id = fields.UUID(attribute="thing_id")
    since_at = Instant()


class FollowsAnswer(Schema):
    """Everything that I follow by a follow of my own."""

    items = fields.List(fields.Nested(FollowedAnswer))


def _answer(row: Follow | None) -> dict[str, Any]:
    return {"level": row.level if row else None, "reason": row.reason if row else None}


def _set(kind: FollowedKind, thing_id: str, level: FollowLevel) -> dict[str, Any]:
    with portal.writing() as work:
        return _answer(follow(work, kind, parse_id(thing_id), level))


def _end(kind: FollowedKind, thing_id: str) -> Response:
    with portal.writing() as work:
        unfollow(work, kind, parse_id(thing_id))
    return Response(status=204)


@follows.get("/follows")
@personal(_MINE)
@follows.response(200, FollowsAnswer)
def list_follows() -> dict[str, Any]:
    """List what I follow, the newest first."""
    with portal.reading() as work:
        return {"items": my_follows(work)}


@follows.put("/devices/<device_id>/follow")
@checked_by(Permission.DEVICE_VIEW)
@follows.arguments(FollowDraft)
@follows.response(200, FollowAnswer)
def follow_device(wanted: dict[str, Any], device_id: str) -> dict[str, Any]:
    """Say how closely I follow a machine."""
    return _set(FollowedKind.DEVICE, device_id, wanted["level"])


@follows.delete("/devices/<device_id>/follow")
@checked_by(Permission.DEVICE_VIEW)
@follows.response(204)
def unfollow_device(device_id: str) -> Response:
    """Let go of a machine."""
    return _end(FollowedKind.DEVICE, device_id)


@follows.put("/entries/<entry_id>/follow")
@checked_by(Permission.ENTRY_VIEW)
@follows.arguments(FollowDraft)
@follows.response(200, FollowAnswer)
def follow_entry(wanted: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """Say how closely I follow an entry."""
    return _set(FollowedKind.ENTRY, entry_id, wanted["level"])


@follows.delete("/entries/<entry_id>/follow")
@checked_by(Permission.ENTRY_VIEW)
@follows.response(204)
def unfollow_entry(entry_id: str) -> Response:
    """Let go of an entry."""
    return _end(FollowedKind.ENTRY, entry_id)


@follows.put("/models/<model_id>/follow")
@checked_by(Permission.MODEL_VIEW)
@follows.arguments(FollowDraft)
@follows.response(200, FollowAnswer)
def follow_model(wanted: dict[str, Any], model_id: str) -> dict[str, Any]:
    """Say how closely I follow a model."""
    return _set(FollowedKind.MODEL, model_id, wanted["level"])


@follows.delete("/models/<model_id>/follow")
@checked_by(Permission.MODEL_VIEW)
@follows.response(204)
def unfollow_model(model_id: str) -> Response:
    """Let go of a model."""
    return _end(FollowedKind.MODEL, model_id)
