"""Grants: letting somebody at a device or a group, seeing who was, and taking it back; and what was granted to me."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.custody.granting import change_grant, grant_access, revoke_grant
from statusportal.custody.queries import (
    LONGEST_WORD,
    grant_on,
    granted_to,
    grants_of,
    grants_received,
    receiver_named,
    receivers_met,
)
from statusportal.custody.vocabulary import Receiver, ReceiverKind
from statusportal.fleet.models import AccessGrant
from statusportal.fleet.vocabulary import GrantState
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, delegated
from statusportal.work import Work

grants = blueprint("Grants", "Who else may look at a device, and what they may do")

RIGHTS = tuple(right.name or "" for right in Right)


class GrantRequest(Schema):
    """Whom to let in, to do what, and for how long; VIEW is always in."""

    to = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_WORD),
        metadata={"description": "An organisation's short name or id, or a person's e-mail address or id."},
    )
    rights = fields.List(fields.String(), required=True, validate=validate.Length(1, len(RIGHTS)))
    from_ = Instant(data_key="from", load_default=None, allow_none=True)
    to_at = Instant(load_default=None, allow_none=True)
    kind = fields.Enum(ReceiverKind, by_value=True, load_default=None, allow_none=True)


class GrantChange(Schema):
    """What is to be otherwise; what is left out stays. An end of null is none."""

    rights = fields.List(fields.String(), validate=validate.Length(1, len(RIGHTS)))
    to_at = Instant(allow_none=True)


class ReceiverAnswer(Schema):
    """Who was let in: the id of whom the reader knows anyway, and the name; else what was written, and no id."""

    id = fields.UUID(allow_none=True)
    name = fields.String()


class GrantAnswer(Schema):
    """A grant. `to` is what its giver wrote, or a name that the reader knows anyway."""

    id = fields.UUID()
    device = fields.UUID(allow_none=True)
    to = fields.String()
    receiver = fields.Nested(ReceiverAnswer)
    kind = fields.String(allow_none=True)
    rights = fields.List(fields.String(validate=validate.OneOf(RIGHTS)))
    from_ = Instant(data_key="from")
    to_at = Instant(allow_none=True)
    state = fields.String(validate=validate.OneOf([state.value for state in GrantState]))


class GrantList(Schema):
    """One page of what was granted, the newest first; ended ones too."""

    items = fields.List(fields.Nested(GrantAnswer))
    next = fields.String(allow_none=True)


class DeviceReceived(Schema):
    """The machine that is open to me."""

    id = fields.UUID()
    serial = fields.String()
    model = fields.String()


class ReceivedAnswer(Schema):
    """Something that is open to me or my organisation by a grant."""

    id = fields.UUID()
    device = fields.Nested(DeviceReceived)
    by = fields.String(metadata={"description": "The organisation that let us in."})
    rights = fields.List(fields.String(validate=validate.OneOf(RIGHTS)))
    from_ = Instant(data_key="from")
    to_at = Instant(allow_none=True)


class ReceivedList(Schema):
    """What is open to me by grants now, by giver."""

    items = fields.List(fields.Nested(ReceivedAnswer))


@grants.get("/devices/<device_id>/grants")
@checked_by(Permission.DEVICE_VIEW)
@grants.arguments(PageQuery, location="query")
@grants.response(200, GrantList)
def list_grants(asked: dict[str, Any], device_id: str) -> dict[str, Any]:
    """List what my organisation or I granted on a device."""
    with portal.reading() as work:
        page = grants_of(work, parse_id(device_id), slice_of(asked))
        return {"items": present_grants(work, page.items), "next": page.next_cursor}


@grants.post("/devices/<device_id>/grants")
@delegated(Permission.DEVICE_SHARE)
@grants.arguments(GrantRequest)
@grants.response(201, GrantAnswer)
def let_in(asked: dict[str, Any], device_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Let an organisation or a person at a device. Whether anybody answers to the word is not told."""
    with portal.writing() as work:
        row = grant_access(
            work,
            parse_id(device_id),
            receiver_named(work, asked["to"]),
            rights_named(asked["rights"]),
            asked["from_"],
            asked["to_at"],
            asked["kind"],
        )
        (answer,) = present_grants(work, [row])
    return answer, 201, {"Location": f"/api/v1/devices/{row.device_id}/grants/{row.id}"}


@grants.get("/devices/<device_id>/grants/<grant_id>")
@checked_by(Permission.DEVICE_VIEW)
@grants.response(200, GrantAnswer)
def read_grant(device_id: str, grant_id: str) -> dict[str, Any]:
    """Read one grant."""
    with portal.reading() as work:
        (answer,) = present_grants(work, [grant_on(work, parse_id(device_id), parse_id(grant_id))])
    return answer


@grants.patch("/devices/<device_id>/grants/<grant_id>")
@checked_by(Permission.DEVICE_SHARE)
@grants.arguments(GrantChange)
@grants.response(200, GrantAnswer)
def change_one_grant(asked: dict[str, Any], device_id: str, grant_id: str) -> dict[str, Any]:
    """Give other rights or another end; its beginning stays, so that nothing from before opens."""
    with portal.writing() as work:
        row = grant_on(work, parse_id(device_id), parse_id(grant_id))
        rights = rights_named(asked["rights"]) if "rights" in asked else Right(row.rights)
        row = change_grant(work, row.id, rights, asked.get("to_at", row.to_at))
        (answer,) = present_grants(work, [row])
    return answer


@grants.delete("/devices/<device_id>/grants/<grant_id>")
@checked_by(Permission.DEVICE_SHARE)
@grants.response(204)
def take_grant_back(device_id: str, grant_id: str) -> Response:
    """End a grant at once, on every path, with all that was granted by it."""
    with portal.writing() as work:
        revoke_grant(work, grant_on(work, parse_id(device_id), parse_id(grant_id)).id)
    return Response(status=204)


@grants.get("/grants/received")
@checked_by(Permission.DEVICE_VIEW)
@grants.response(200, ReceivedList)
def list_received() -> dict[str, Any]:
    """List what is open to me or my organisations by grants now."""
    with portal.reading() as work:
        items = [
            {
                "id": row.id,
                "device": {"id": device.id, "serial": device.serial, "model": device.model.slug},
                "by": giver,
                "rights": names_of(Right(row.rights)),
                "from_": row.from_at,
                "to_at": row.to_at,
            }
            for row, device, giver in grants_received(work)
        ]
    return {"items": items}


def rights_named(names: list[str]) -> Right:
    """Return rights by their names, in whatever case.

    Raises: Invalid, pointing at the first that is none.
    """
    found = Right.VIEW
    for index, name in enumerate(names):
        if name.upper() not in RIGHTS:
            raise Invalid.field(f"/rights/{index}", Sentence("must be one of %(known)s", known=", ".join(RIGHTS)))
        found |= Right[name.upper()]
    return found


def names_of(rights: Right) -> list[str]:
    """Return the names of rights, in their fixed order."""
    return [name for name in RIGHTS if Right[name] in rights]


def named(receiver: Receiver, met: Mapping[UUID | None, str]) -> dict[str, Any]:
    """Say who was let in, as far as the reader has met them."""
    name = met.get(receiver.id, receiver.written)
    return {"to": name, "receiver": {"id": receiver.id if receiver.id in met else None, "name": name}}


def present_grants(work: Work, rows: Sequence[AccessGrant]) -> list[dict[str, Any]]:
    """Turn grants into their outward form, the receivers named as far as the reader may know."""
    met = receivers_met(work, [granted_to(row) for row in rows])
    return [
        {
            "id": row.id,
            "device": row.device_id,
            **named(granted_to(row), met),
            "kind": row.to_kind,
            "rights": names_of(Right(row.rights)),
            "from_": row.from_at,
            "to_at": row.to_at,
            "state": row.state_at(work.now),
        }
        for row in rows
    ]
