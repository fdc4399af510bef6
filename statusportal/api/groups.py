"""Groups of devices: naming them, filling them, and granting on all of them at once."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.api.fields import PageQuery, slice_of
from statusportal.api.grants import GrantAnswer, GrantList, GrantRequest, named, names_of, rights_named
from statusportal.api.root import blueprint
from statusportal.custody.queries import receiver_named, receivers_met
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import Slice
from statusportal.groups import grouping
from statusportal.groups.models import DeviceGroup, GroupGrant
from statusportal.groups.queries import (
    count_in_group,
    devices_in_group,
    granted_to,
    grants_of_group,
    group_for,
    my_groups,
)
from statusportal.http import portal
from statusportal.http.policies import Reach, checked_by, needs
from statusportal.work import Work

groups = blueprint("Groups", "Devices named together")


class GroupRequest(Schema):
    """A new group, empty at first."""

    organisation = fields.UUID(required=True)
    name = fields.String(required=True)


class GroupChange(Schema):
    """What a group is called from now on."""

    name = fields.String(required=True)


class GroupLine(Schema):
    """A group and how many devices are in it."""

    id = fields.UUID()
    organisation = fields.UUID()
    name = fields.String()
    device_count = fields.Integer()


class GroupAnswer(GroupLine):
    """A group with one page of its devices, by name; `device_count` counts all of them."""

    devices = fields.List(fields.UUID())
    next = fields.String(allow_none=True)


class GroupList(Schema):
    """The groups that I decide for, by name."""

    items = fields.List(fields.Nested(GroupLine))


class GroupQuery(Schema):
    """Of which organisation; left out, of all that I decide for."""

    organisation = fields.UUID(load_default=None)


@groups.get("/device-groups")
@needs(Permission.DEVICE_SHARE)
@groups.arguments(GroupQuery, location="query")
@groups.response(200, GroupList)
def list_groups(asked: dict[str, Any]) -> dict[str, Any]:
    """List groups."""
    with portal.reading() as work:
        return {"items": [_line(group, count) for group, count in my_groups(work, asked["organisation"])]}


@groups.post("/device-groups")
@checked_by(Permission.DEVICE_SHARE)
@groups.arguments(GroupRequest)
@groups.response(201, GroupAnswer)
def create_group(asked: dict[str, Any]) -> dict[str, Any]:
    """Name a group."""
    with portal.writing() as work:
        return _present(work, grouping.create_group(work, asked["organisation"], asked["name"]))


@groups.get("/device-groups/<group_id>")
@checked_by(Permission.DEVICE_SHARE)
@groups.arguments(PageQuery, location="query")
@groups.response(200, GroupAnswer)
def read_group(asked: dict[str, Any], group_id: str) -> dict[str, Any]:
    """Read a group with its devices, a page at a time."""
    with portal.reading() as work:
        return _present(work, group_for(work, parse_id(group_id)), slice_of(asked))


@groups.patch("/device-groups/<group_id>")
@checked_by(Permission.DEVICE_SHARE)
@groups.arguments(GroupChange)
@groups.response(200, GroupAnswer)
def rename_group(asked: dict[str, Any], group_id: str) -> dict[str, Any]:
    """Call a group something else."""
    with portal.writing() as work:
        return _present(work, grouping.rename_group(work, parse_id(group_id), asked["name"]))


@groups.delete("/device-groups/<group_id>")
@checked_by(Permission.DEVICE_SHARE)
@groups.response(204)
def remove_group(group_id: str) -> Response:
    """Take a group apart; what was granted on it ends at once."""
    with portal.writing() as work:
        grouping.remove_group(work, parse_id(group_id))
    return Response(status=204)


@groups.put("/device-groups/<group_id>/devices/<device_id>")
@checked_by(Permission.DEVICE_SHARE, reach=Reach.DECIDERS)
@groups.response(204)
def add_device(group_id: str, device_id: str) -> Response:
    """Put a device into a group: who was let at the group is let at it from now on."""
    with portal.writing() as work:
        grouping.add_to_group(work, parse_id(group_id), parse_id(device_id))
    return Response(status=204)


@groups.delete("/device-groups/<group_id>/devices/<device_id>")
@checked_by(Permission.DEVICE_SHARE, reach=Reach.DECIDERS)
@groups.response(204)
def take_device(group_id: str, device_id: str) -> Response:
    """Take a device out of a group: what came to it with the group ends at once."""
    with portal.writing() as work:
        grouping.take_from_group(work, parse_id(group_id), parse_id(device_id))
    return Response(status=204)


@groups.get("/device-groups/<group_id>/grants")
@checked_by(Permission.DEVICE_SHARE)
@groups.response(200, GrantList)
def list_group_grants(group_id: str) -> dict[str, Any]:
    """List what was granted on a group as a whole."""
    with portal.reading() as work:
        rows = grants_of_group(work, group_for(work, parse_id(group_id)))
        return {"items": [_grant(work, row) for row in rows]}


@groups.post("/device-groups/<group_id>/grants")
@checked_by(Permission.DEVICE_SHARE)
@groups.arguments(GrantRequest)
@groups.response(201, GrantAnswer)
def grant(asked: dict[str, Any], group_id: str) -> dict[str, Any]:
    """Let somebody at every device of a group, those that join later too."""
    with portal.writing() as work:
        receiver, rights = receiver_named(work, asked["to"]), rights_named(asked["rights"])
        times = (asked["from_"], asked["to_at"])
        return _grant(work, grouping.grant_group(work, parse_id(group_id), receiver, rights, *times, asked["kind"]))


@groups.delete("/device-groups/<group_id>/grants/<grant_id>")
@checked_by(Permission.DEVICE_SHARE, reach=Reach.DECIDERS)
@groups.response(204)
def revoke(group_id: str, grant_id: str) -> Response:
    """End what was granted on a group, on each of its devices, at once."""
    with portal.writing() as work:
        grouping.revoke_group_grant(work, parse_id(group_id), parse_id(grant_id))
    return Response(status=204)


def _line(group: DeviceGroup, count: int) -> dict[str, Any]:
    return {"id": group.id, "organisation": group.organisation_id, "name": group.name, "device_count": count}


def _present(work: Work, group: DeviceGroup, wanted: Slice | None = None) -> dict[str, Any]:
    page = devices_in_group(work, group, wanted or Slice())
    line = _line(group, count_in_group(work, group))
    return {**line, "devices": [device.id for device in page.items], "next": page.next_cursor}


def _grant(work: Work, row: GroupGrant) -> dict[str, Any]:
    receiver = granted_to(row)
    return {
        "id": row.id,
        "device": None,
        **named(receiver, receivers_met(work, [receiver])),
        "kind": row.to_kind,
        "rights": names_of(Right(row.rights)),
        "from_": row.from_at,
        "to_at": row.to_at,
        "state": row.state_at(work.now),
    }
