"""Sharing inside an organisation and above it: its mode, its confidential devices, and its place in a tree."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import ROLE_BITS, MemberRole, SharingMode
from statusportal.administration.trees import sharing_seen
from statusportal.api.root import blueprint
from statusportal.fleet.models import OrganisationSharing
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.trees.confiding import end_confidence, keep_confidential, set_sharing_mode
from statusportal.trees.placing import free_organisation, place_organisation

inside = blueprint("Sharing inside", "Who of an organisation's own people sees its devices")


class SharingChange(Schema):
    """How the organisation shares from now on; `roles` count in by_role alone."""

    mode = fields.Enum(SharingMode, by_value=True, required=True)
    roles = fields.List(fields.Enum(MemberRole, by_value=True), load_default=[])


class SharingAnswer(Schema):
    """How an organisation shares inside, and whom it stands under."""

    organisation = fields.UUID()
    mode = fields.String(validate=validate.OneOf([mode.value for mode in SharingMode]))
    roles = fields.List(fields.String())
    parent = fields.UUID(allow_none=True)


class ParentChange(Schema):
    """Whom the organisation stands under."""

    organisation = fields.UUID(required=True)


@inside.get("/organisations/<organisation_id>/sharing")
@checked_by(Permission.DEVICE_SHARE)
@inside.response(200, SharingAnswer)
def read_sharing(organisation_id: str) -> dict[str, Any]:
    """Read how my organisation shares inside."""
    with portal.reading() as work:
        return _present(sharing_seen(work, parse_id(organisation_id)))


@inside.put("/organisations/<organisation_id>/sharing")
@checked_by(Permission.DEVICE_SHARE)
@inside.arguments(SharingChange)
@inside.response(200, SharingAnswer)
def change_sharing(asked: dict[str, Any], organisation_id: str) -> dict[str, Any]:
    """Choose who of my organisation's people sees its devices; it holds at once."""
    with portal.writing() as work:
        found = sharing_seen(work, parse_id(organisation_id))
        return _present(set_sharing_mode(work, found.organisation_id, asked["mode"], asked["roles"]))


@inside.put("/organisations/<organisation_id>/parent")
@checked_by(Permission.ORGANISATION_PLACE)
@inside.arguments(ParentChange)
@inside.response(200, SharingAnswer)
def place(asked: dict[str, Any], organisation_id: str) -> dict[str, Any]:
    """Put an organisation under another, whose people then read what it shares with its tree."""
    with portal.writing() as work:
        return _present(place_organisation(work, parse_id(organisation_id), asked["organisation"]))


@inside.delete("/organisations/<organisation_id>/parent")
@checked_by(Permission.ORGANISATION_PLACE)
@inside.response(204)
def free(organisation_id: str) -> Response:
    """Let an organisation stand under nobody."""
    with portal.writing() as work:
        free_organisation(work, parse_id(organisation_id))
    return Response(status=204)


@inside.put("/devices/<device_id>/confidential")
@checked_by(Permission.DEVICE_SHARE)
@inside.response(204)
def confide(device_id: str) -> Response:
    """Keep a device to my organisation's administrators and whoever was let in by name."""
    with portal.writing() as work:
        keep_confidential(work, parse_id(device_id))
    return Response(status=204)


@inside.delete("/devices/<device_id>/confidential")
@checked_by(Permission.DEVICE_SHARE)
@inside.response(204)
def show_again(device_id: str) -> Response:
    """Show a confidential device again to whom my organisation shares with."""
    with portal.writing() as work:
        end_confidence(work, parse_id(device_id))
    return Response(status=204)


def _present(row: OrganisationSharing) -> dict[str, Any]:
    return {
        "organisation": row.organisation_id,
        "mode": row.mode,
        "roles": [role.value for role, bit in ROLE_BITS.items() if row.roles & bit],
        "parent": row.parent_id,
    }
