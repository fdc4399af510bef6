"""Share links: opening one entry or one device to whoever holds an address, seeing that it was opened, ending it."""

from datetime import datetime
from typing import Any

from flask import Response, url_for
from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import Page
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.http.retries import forget_answer
from statusportal.sharing.models import ShareLink
from statusportal.sharing.posting import post_link
from statusportal.sharing.queries import line_of_link, links_of_device, links_of_entry, links_of_organisation
from statusportal.sharing.service import link_device, link_entry, revoke_link
from statusportal.sharing.vocabulary import LinkLine, LinkScope
from statusportal.work import Work

sharing = blueprint("Sharing", "Links that open one page to whoever holds them, for a time")

_LONGEST_NAME = 400


class LinkRequest(Schema):
    """A new link: until when, what its holder may do, and for whom it is.

    With an `email` it goes there by letter, and its address is told to nobody else.
    """

    expires_at = Instant(required=True)
    scope = fields.Enum(LinkScope, by_value=True, load_default=LinkScope.READ)
    to = fields.String(load_default="", validate=validate.Length(max=_LONGEST_NAME))
    email = fields.String(load_default="", validate=validate.Length(max=_LONGEST_NAME))


class DeviceOfLink(Schema):
    """The device that a link opens, or whose entry it opens."""

    id = fields.UUID()
    name = fields.String()


class EntryOfLink(Schema):
    """The entry that a link opens. An empty title is of one that the reader may not read any more."""

    id = fields.UUID()
    title = fields.String()


class LinkAnswer(Schema):
    """A link. `state` is open, expired, revoked, or paused: its maker lost the right, or the device changed hands."""

    id = fields.UUID()
    device = fields.Nested(DeviceOfLink)
    entry = fields.Nested(EntryOfLink, allow_none=True)
    scope = fields.String()
    state = fields.String()
    to = fields.String()
    is_by_letter = fields.Boolean()
    mailed_at = Instant(allow_none=True)
    made_by = fields.String()
    created_at = Instant()
    expires_at = Instant()
    revoked_at = Instant(allow_none=True)
    opened_count = fields.Integer()
    first_opened_at = Instant(allow_none=True)
    last_opened_at = Instant(allow_none=True)
    comment_count = fields.Integer()


class NewLinkAnswer(LinkAnswer):
    """A link with its address, which is told this once; of one that goes by letter it is null."""

    address = fields.String(allow_none=True)


class LinkList(Schema):
    """One page of links, newest first."""

    items = fields.List(fields.Nested(LinkAnswer))
    next = fields.String(allow_none=True)


@sharing.post("/entries/<entry_id>/share-links")
@checked_by(Permission.LINK_MAKE)
@sharing.arguments(LinkRequest)
@sharing.response(201, NewLinkAnswer)
def make_entry_link(wanted: dict[str, Any], entry_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Open one entry to whoever holds the address in the answer."""
    with portal.writing() as work:
        made = link_entry(work, parse_id(entry_id), *_asked(wanted))
        return _new(work, *made, wanted["email"])


@sharing.post("/devices/<device_id>/share-links")
@checked_by(Permission.LINK_MAKE)
@sharing.arguments(LinkRequest)
@sharing.response(201, NewLinkAnswer)
def make_device_link(wanted: dict[str, Any], device_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Open a device's page and its entries to whoever holds the address in the answer."""
    with portal.writing() as work:
        made = link_device(work, parse_id(device_id), *_asked(wanted))
        return _new(work, *made, wanted["email"])


@sharing.get("/entries/<entry_id>/share-links")
@checked_by(Permission.LINK_MAKE)
@sharing.arguments(PageQuery, location="query")
@sharing.response(200, LinkList)
def list_links_of_entry(query: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """List the links to an entry, ended ones too."""
    wanted = slice_of(query)
    with portal.reading() as work:
        return _page(links_of_entry(work, parse_id(entry_id), wanted))


@sharing.get("/devices/<device_id>/share-links")
@checked_by(Permission.LINK_MAKE)
@sharing.arguments(PageQuery, location="query")
@sharing.response(200, LinkList)
def list_links_of_device(query: dict[str, Any], device_id: str) -> dict[str, Any]:
    """List the links to a device and to its entries, ended ones too."""
    wanted = slice_of(query)
    with portal.reading() as work:
        return _page(links_of_device(work, parse_id(device_id), wanted))


@sharing.get("/organisations/<organisation_id>/share-links")
@checked_by(Permission.LINK_MAKE)
@sharing.arguments(PageQuery, location="query")
@sharing.response(200, LinkList)
def list_links_of_organisation(query: dict[str, Any], organisation_id: str) -> dict[str, Any]:
    """List the links to whatever an organisation owns, whoever made them."""
    wanted = slice_of(query)
    with portal.reading() as work:
        return _page(links_of_organisation(work, parse_id(organisation_id), wanted))


@sharing.get("/share-links/<link_id>")
@checked_by(Permission.LINK_MAKE)
@sharing.response(200, LinkAnswer)
def read_link(link_id: str) -> dict[str, Any]:
    """Read one link, to see whether it was opened."""
    with portal.reading() as work:
        return _present(line_of_link(work, parse_id(link_id)))


@sharing.delete("/share-links/<link_id>")
@checked_by(Permission.LINK_MAKE)
@sharing.response(204)
def end_link(link_id: str) -> Response:
    """End a link at once."""
    with portal.writing() as work:
        revoke_link(work, parse_id(link_id))
    return Response(status=204)


def _asked(wanted: dict[str, Any]) -> tuple[LinkScope, datetime, str]:
    return wanted["scope"], wanted["expires_at"], wanted["to"]


def _new(work: Work, row: ShareLink, token: str, email: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    forget_answer()
    if email:
        post_link(work, row, email)
    answer = _present(line_of_link(work, row.id))
    answer["address"] = None if email else url_for("shared.follow", token=token, _external=True)
    return answer, 201, {"Location": f"/api/v1/share-links/{row.id}"}


def _page(page: Page[LinkLine]) -> dict[str, Any]:
    return {"items": [_present(line) for line in page.items], "next": page.next_cursor}


def _present(line: LinkLine) -> dict[str, Any]:
    plain = ("id", "created_at", "expires_at", "revoked_at", "opened_count", "first_opened_at", "last_opened_at")
    return {
        **{name: getattr(line, name) for name in (*plain, "comment_count")},
        "device": {"id": line.device_id, "name": line.device_name},
        "entry": {"id": line.entry_id, "title": line.entry_title} if line.entry_id else None,
        "scope": line.scope.value,
        "state": line.state.value,
        "to": line.to_name,
        "is_by_letter": line.mail_to is not None,
        "mailed_at": line.mailed_at,
        "made_by": line.maker_name,
    }
