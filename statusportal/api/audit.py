"""The audit log: all of it for administrators, and for customers what was done with what is theirs."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

from flask import Response
from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.administration.audit import ActNamed, acts_named
from statusportal.administration.looking import acts_of_organisation, looks_at_device
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.audit.queries import AuditFilters
from statusportal.audit.service import record_export
from statusportal.audit.vocabulary import Part
from statusportal.export.formats.text import csv_lines, json_lines
from statusportal.export.vocabulary import Cell, Opening, Table
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import MOST, Page, Slice
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.work import Work

audit = blueprint("Audit", "Who did what, and who looked")

_FORMATS = {"csv": (csv_lines, "text/csv; charset=utf-8"), "jsonl": (json_lines, "application/jsonl; charset=utf-8")}
_COLUMNS = (
    "at",
    "act",
    "actor",
    "actor_role",
    "actor_kind",
    "actor_id",
    "organisation",
    "organisation_id",
    "subject_kind",
    "subject",
    "subject_id",
    "device_id",
    "codes",
)
Reading: TypeAlias = Callable[[Work, Slice], Page[ActNamed]]


class NarrowedQuery(Schema):
    """How to narrow the log. `act` takes a family by its beginning: `sign_in`."""

    act = fields.String(load_default=None, validate=validate.Length(max=80))
    actor_id = fields.UUID(load_default=None, data_key="actor")
    organisation_id = fields.UUID(load_default=None, data_key="organisation")
    subject_id = fields.String(load_default=None, data_key="subject", validate=validate.Length(max=100))
    since = Instant(load_default=None, data_key="from")
    until = Instant(load_default=None, data_key="to")


class AuditQuery(PageQuery, NarrowedQuery):
    """How to narrow the log, and which page of it."""


class PartQuery(PageQuery):
    """Which part of what concerns an owner: looks alone, or changes alone."""

    part = fields.Enum(Part, by_value=True, load_default=Part.ALL)


class ExportQuery(NarrowedQuery):
    """What to take of the log, and as what."""

    format = fields.String(load_default="csv", validate=validate.OneOf(sorted(_FORMATS)))


class OwnExportQuery(Schema):
    """As what to take it."""

    format = fields.String(load_default="csv", validate=validate.OneOf(sorted(_FORMATS)))


class WhoActed(Schema):
    """Who acted; the name is empty where it may not be known, or the person was erased."""

    kind = fields.String()
    id = fields.UUID(allow_none=True)
    name = fields.String()
    role = fields.String(allow_none=True, metadata={"description": "The role at the operator, as it was then."})


class SubjectOfAct(Schema):
    """What an act was about."""

    kind = fields.String()
    id = fields.String(allow_none=True)
    name = fields.String()


class ActAnswer(Schema):
    """One act."""

    id = fields.UUID()
    at = Instant()
    act = fields.String()
    actor = fields.Nested(WhoActed)
    organisation_id = fields.UUID(allow_none=True)
    device_id = fields.UUID(allow_none=True)
    subject = fields.Nested(SubjectOfAct)
    codes = fields.Dict()


class ActsAnswer(Schema):
    """A page of acts, the newest first."""

    items = fields.List(fields.Nested(ActAnswer))
    next = fields.String(allow_none=True)


@audit.get("/audit")
@needs(Permission.AUDIT_VIEW)
@audit.arguments(AuditQuery, location="query")
@audit.response(200, ActsAnswer)
def whole_log(query: dict[str, Any]) -> dict[str, Any]:
    """List who did what, the newest first."""
    wanted = slice_of(query)
    with portal.reading() as work:
        return _answer(acts_named(work, wanted, AuditFilters(**query)), _with_ids)


@audit.get("/audit/export")
@needs(Permission.AUDIT_VIEW)
@audit.arguments(ExportQuery, location="query")
@audit.response(200, {"type": "string"}, content_type="text/csv")
def whole_log_as_file(query: dict[str, Any]) -> Response:
    """Take the log along as CSV or JSON Lines."""
    wanted = query.pop("format")
    filters = AuditFilters(**query)
    with portal.writing() as work:
        acts_named(work, Slice(1), filters)  # refused before anything is written
        record_export(work, wanted, filters.organisation_id)
    return _file(wanted, "audit", lambda work, piece: acts_named(work, piece, filters), _with_ids)


@audit.get("/organisations/<organisation_id>/audit")
@checked_by(Permission.AUDIT_OWN)
@audit.arguments(PartQuery, location="query")
@audit.response(200, ActsAnswer)
def organisations_log(query: dict[str, Any], organisation_id: str) -> dict[str, Any]:
    """List what was done with an organisation's machines, people and grants, and who of the operator looked."""
    part, wanted = query.pop("part"), slice_of(query)
    with portal.reading() as work:
        return _answer(acts_of_organisation(work, parse_id(organisation_id), wanted, part), _told)


@audit.get("/organisations/<organisation_id>/audit/export")
@checked_by(Permission.AUDIT_OWN)
@audit.arguments(OwnExportQuery, location="query")
@audit.response(200, {"type": "string"}, content_type="text/csv")
def organisations_log_as_file(query: dict[str, Any], organisation_id: str) -> Response:
    """Take along, as CSV or JSON Lines, what was done with an organisation's things."""
    found, wanted = parse_id(organisation_id), query["format"]
    with portal.writing() as work:
        acts_of_organisation(work, found, Slice(1))  # refused before anything is written
        record_export(work, wanted, found)
    return _file(wanted, "who-looked", lambda work, piece: acts_of_organisation(work, found, piece), _told)


@audit.get("/devices/<device_id>/audit")
@checked_by(Permission.AUDIT_DEVICE)
@audit.arguments(PartQuery, location="query")
@audit.response(200, ActsAnswer)
def devices_log(query: dict[str, Any], device_id: str) -> dict[str, Any]:
    """List who of the operator looked at a device while it was mine, and what was done with it."""
    part, wanted = query.pop("part"), slice_of(query)
    with portal.reading() as work:
        return _answer(looks_at_device(work, parse_id(device_id), wanted, part), _told)


def _answer(page: Page[ActNamed], present: Callable[[ActNamed], dict[str, Any]]) -> dict[str, Any]:
    return {"items": [present(one) for one in page.items], "next": page.next_cursor}


def _with_ids(one: ActNamed) -> dict[str, Any]:
    """Present an act to administrators: whatever has no name is known by its id."""
    record, told = one.record, _told(one)
    told["actor"]["id"], told["subject"]["id"] = record.actor_id, record.subject_id
    return told


def _told(one: ActNamed) -> dict[str, Any]:
    """Present an act to an owner: names as far as they may be known, and no ids of others."""
    record = one.record
    return {
        "id": record.id,
        "at": record.at,
        "act": record.act,
        "actor": {"kind": record.actor_kind, "id": None, "name": one.actor, "role": one.actor_role},
        "organisation_id": record.organisation_id,
        "device_id": record.device_id,
        "subject": {"kind": record.subject_kind, "id": None, "name": one.subject},
        "codes": one.codes,
    }


def _file(wanted: str, name: str, read: Reading, present: Callable[[ActNamed], dict[str, Any]]) -> Response:
    write, content_type = _FORMATS[wanted]
    rows = (_row(one, present(one)) for one in _all_pages(read))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{wanted}"'}
    return Response(write(Table(name, _COLUMNS, rows)), headers=headers, content_type=content_type)


def _all_pages(read: Reading) -> Iterator[ActNamed]:
    """Give every act, page by page, each page asked for with the rights that the reader has by then."""
    return _walk(partial(portal.works().reading, portal.actor()), read, Slice(MOST))


def _walk(opening: Opening, read: Reading, piece: Slice) -> Iterator[ActNamed]:
    while True:
        with opening() as work:
            page = read(work, piece)
        yield from page.items
        if page.next_cursor is None:
            return
        piece = Slice(MOST, page.next_cursor)


def _row(one: ActNamed, told: dict[str, Any]) -> tuple[Cell, ...]:
    flat = {
        **told,
        "actor": told["actor"]["name"],
        "actor_role": told["actor"]["role"],
        "actor_kind": told["actor"]["kind"],
        "actor_id": told["actor"]["id"],
        "organisation": one.organisation,
        "subject_kind": told["subject"]["kind"],
        "subject": told["subject"]["name"],
        "subject_id": told["subject"]["id"],
    }
    return tuple(flat[column] for column in _COLUMNS)
