"""Status entries: reading the time line, publishing on it, and changing what was published."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from statusportal.access.permissions import Permission
from statusportal.activations.models import Activation
from statusportal.activations.queries import activations_of
from statusportal.answers.queries import answered_among
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.consent.widening import change_audience
from statusportal.discussion.queries import unread_counts
from statusportal.discussion.service import mark_read
from statusportal.entries.disputing import say_still_broken
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import (
    comment_count_seen,
    entries_of_device,
    entries_page,
    entry_for,
    version_seen,
)
from statusportal.entries.service import edit_entry, expect_version, move_lifecycle, publish_entry
from statusportal.entries.vocabulary import Audience, EntryFilters, EntryKind, Lifecycle
from statusportal.fleet.queries import device_for, words_seen
from statusportal.foundation.clock import from_ms
from statusportal.foundation.errors import Stale
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import Page
from statusportal.foundation.vocabulary import Health
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.me_too.queries import NONE_AFFECTED, Affected, affected_by
from statusportal.threads.marking import mark_all_read, mark_unread
from statusportal.work import Work

entries = blueprint("Entries", "The time line of a device: what happened, who is on it, what was found")


class AuthorAnswer(Schema):
    """Who wrote it, with the badge worn then. A guest, who came by a share link, was let in by its maker."""

    name = fields.String()
    role = fields.String(allow_none=True)
    let_in_by = fields.String(allow_none=True)


class DeviceOfEntry(Schema):
    """The device that an entry is about."""

    id = fields.UUID()
    name = fields.String()


class ConsentWanted(Schema):
    """What staff ask the owner for: who else may read the entry. It opens nothing before the owner says yes."""

    audience = fields.String()
    role = fields.String(allow_none=True)
    at = Instant()


class MeTooShort(Schema):
    """How many other machines have the same, and which of them are mine."""

    count = fields.Integer()
    mine = fields.List(fields.UUID())


class EntryAnswer(Schema):
    """An entry. `author` is null on what the portal wrote itself; `headline` then is its sentence as key and values."""

    id = fields.UUID()
    device = fields.Nested(DeviceOfEntry)
    kind = fields.String()
    code = fields.String(allow_none=True)
    title = fields.String()
    headline = fields.Dict(allow_none=True)
    body_markdown = fields.String()
    body_html = fields.String()
    health = fields.String(allow_none=True)
    lifecycle = fields.String()
    audience = fields.String()
    consent_wanted = fields.Nested(ConsentWanted, allow_none=True)
    author = fields.Nested(AuthorAnswer, allow_none=True)
    snapshot = fields.Dict(allow_none=True)
    is_answered = fields.Boolean()
    me_too = fields.Nested(MeTooShort)
    comment_count = fields.Integer()
    unread = fields.Integer()
    opened_at = Instant()
    resolved_at = Instant(allow_none=True)
    created_at = Instant()
    edited_at = Instant(allow_none=True)
    event_count = fields.Integer()
    last_event_at = Instant(allow_none=True)
    clear_since = Instant(allow_none=True)
    clear_due_at = Instant(allow_none=True)
    still_broken_since = Instant(allow_none=True, attribute="disputed_at")
    version = fields.Integer()


class EventAnswer(Schema):
    """One time that something an entry stands for was active; `to` is null while it is."""

    code = fields.String()
    health = fields.String()
    reason = fields.String()
    from_ = Instant(data_key="from")
    to = Instant(allow_none=True)


class WholeEntryAnswer(EntryAnswer):
    """An entry with the last times that what it stands for was active, the oldest first."""

    events = fields.List(fields.Nested(EventAnswer))


class EntryList(Schema):
    """One page of entries, newest first."""

    items = fields.List(fields.Nested(EntryAnswer))
    next = fields.String(allow_none=True)


class FiltersQuery(PageQuery):
    """What narrows a list of entries."""

    kind = fields.Enum(EntryKind, by_value=True)
    lifecycle = fields.Enum(Lifecycle, by_value=True)
    health = fields.Enum(Health, by_value=True)
    code = fields.String(validate=validate.Length(max=80))
    since = Instant()
    until = Instant()


class EntriesQuery(FiltersQuery):
    """What narrows the list of all entries."""

    device = fields.UUID()


class PublishRequest(Schema):
    """A new entry."""

    kind = fields.Enum(EntryKind, by_value=True, required=True)
    title = fields.String(required=True)
    body = fields.String(load_default="")
    audience = fields.Enum(Audience, by_value=True, load_default=None)
    health = fields.Enum(Health, by_value=True, load_default=None)


class ChangeRequest(Schema):
    """What shall be different about an entry."""

    lifecycle = fields.Enum(Lifecycle, by_value=True)
    title = fields.String()
    body = fields.String()
    audience = fields.Enum(Audience, by_value=True)

    @validates_schema
    def _something(self, data: dict[str, Any], **_kwargs: Any) -> None:  # noqa: ANN401 - marshmallow's signature
        if not data:
            raise ValidationError("names nothing to change")


@entries.get("/entries")
@checked_by(Permission.ENTRY_VIEW)
@entries.arguments(EntriesQuery, location="query")
@entries.response(200, EntryList)
def list_entries(query: dict[str, Any]) -> dict[str, Any]:
    """List all entries that I may see, newest first."""
    wanted, device_id = slice_of(query), query.pop("device", None)
    with portal.reading() as work:
        return _present_page(work, entries_page(work, wanted, _filters(query, device_id=device_id)))


@entries.get("/devices/<device_id>/entries")
@checked_by(Permission.ENTRY_VIEW)
@entries.arguments(FiltersQuery, location="query")
@entries.response(200, EntryList)
def list_entries_of_device(query: dict[str, Any], device_id: str) -> dict[str, Any]:
    """List a device's time line, newest first."""
    wanted = slice_of(query)
    with portal.reading() as work:
        device = device_for(work, parse_id(device_id))
        return _present_page(work, entries_of_device(work, device.id, wanted, _filters(query)))


@entries.post("/devices/<device_id>/entries")
@checked_by(Permission.ENTRY_ASK, Permission.ENTRY_PUBLISH)
@entries.arguments(PublishRequest)
@entries.response(201, EntryAnswer)
def publish(wanted: dict[str, Any], device_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Publish a field update, a maintenance note or a question."""
    with portal.writing() as work:
        entry = publish_entry(work, parse_id(device_id), **wanted)
        answer = present_entries(work, [entry])[0]
    return answer, 201, {**_etag(answer), "Location": f"/api/v1/entries/{entry.id}"}


@entries.get("/entries/<entry_id>")
@checked_by(Permission.ENTRY_VIEW)
@entries.response(200, WholeEntryAnswer)
def read_entry(entry_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Read one entry with its snapshot and its events."""
    with portal.reading() as work:
        entry = entry_for(work, parse_id(entry_id))
        answer = {**present_entries(work, [entry])[0], "events": [_event(one) for one in activations_of(work, entry)]}
    return answer, 200, _etag(answer)


@entries.patch("/entries/<entry_id>")
@checked_by(Permission.ENTRY_ACKNOWLEDGE, Permission.ENTRY_MOVE, Permission.ENTRY_PUBLISH)
@entries.arguments(ChangeRequest)
@entries.response(200, EntryAnswer)
def change_entry(wanted: dict[str, Any], entry_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Change words, audience or lifecycle, all or nothing; with If-Match only the version that was read."""
    with portal.writing() as work:
        entry = entry_for(work, parse_id(entry_id))
        _expect_match(work, entry)
        if "audience" in wanted:
            change_audience(work, entry.id, wanted["audience"])
        if "title" in wanted or "body" in wanted:
            edit_entry(work, entry.id, wanted.get("title"), wanted.get("body"))
        if "lifecycle" in wanted:
            move_lifecycle(work, entry.id, wanted["lifecycle"])
        work.session.flush()
        answer = present_entries(work, [entry_for(work, entry.id)])[0]
    return answer, 200, _etag(answer)


@entries.post("/entries/<entry_id>/still-broken")
@checked_by(Permission.ENTRY_ACKNOWLEDGE)
@entries.response(200, EntryAnswer)
def doubt(entry_id: str) -> dict[str, Any]:
    """Say that it is still broken, whatever the machine says: reopens the entry, and counts until people resolve it."""
    with portal.writing() as work:
        entry = say_still_broken(work, parse_id(entry_id))
        work.session.flush()
        return present_entries(work, [entry_for(work, entry.id)])[0]


@entries.put("/entries/<entry_id>/read")
@checked_by(Permission.ENTRY_VIEW)
@entries.response(204)
def read_up_to_here(entry_id: str) -> Response:
    """Note that I have read everything under an entry."""
    with portal.writing() as work:
        mark_read(work, parse_id(entry_id))
    return Response(status=204)


@entries.delete("/entries/<entry_id>/read")
@checked_by(Permission.ENTRY_VIEW)
@entries.response(204)
def unread(entry_id: str) -> Response:
    """Let the newest word of somebody else's under an entry be new to me again."""
    with portal.writing() as work:
        mark_unread(work, parse_id(entry_id))
    return Response(status=204)


@entries.put("/read")
@needs(Permission.ENTRY_VIEW)
@entries.response(204)
def read_everything() -> Response:
    """Note that I have read everything that I may read."""
    with portal.writing() as work:
        mark_all_read(work)
    return Response(status=204)


def _consent_wanted(row: StatusEntry) -> dict[str, Any] | None:
    if row.wished_audience is None:
        return None
    return {"audience": row.wished_audience, "role": row.wished_role, "at": row.wished_at}


def _event(row: Activation) -> dict[str, Any]:
    return {
        "code": row.code,
        "health": row.health,
        "reason": str(row.reason["en"]),
        "from_": from_ms(row.from_ms),
        "to": None if row.to_ms is None else from_ms(row.to_ms),
    }


def author_of(row: Any) -> dict[str, Any] | None:  # noqa: ANN401 - an entry or a comment
    """Present who wrote an entry or a comment; nobody on the portal's own."""
    if getattr(row, "guest_name", None) is not None:
        return {"name": row.guest_name, "role": row.author_role, "let_in_by": row.sharer.name if row.sharer else None}
    return {"name": row.author.name, "role": row.author_role} if row.author else None


def _filters(query: dict[str, Any], **more: Any) -> EntryFilters:  # noqa: ANN401 - filters by name
    kind, lifecycle = query.pop("kind", None), query.pop("lifecycle", None)
    return EntryFilters(
        kinds=frozenset({kind} if kind else ()), lifecycles=frozenset({lifecycle} if lifecycle else ()), **query, **more
    )


def _expect_match(work: Work, entry: StatusEntry) -> None:
    """Hold a change to the version named in If-Match.

    Raises: Stale for another one, and for a tag that we never gave out.
    """
    if "If-Match" not in request.headers or "*" in request.if_match:
        return
    present = str(version_seen(work, expect_version(work, entry.id, version_seen(work, entry))))
    if not request.if_match.contains_weak(present):
        raise Stale(int(present))


def _me_too(affected: Affected) -> dict[str, Any]:
    return {"count": affected.count, "mine": list(affected.mine)}


def _etag(answer: dict[str, Any]) -> dict[str, str]:
    return {"ETag": f'"{answer["version"]}"'}


def _present_page(work: Work, page: Page[StatusEntry]) -> dict[str, Any]:
    return {"items": present_entries(work, page.items), "next": page.next_cursor}


def present_entries(work: Work, rows: Sequence[StatusEntry]) -> list[dict[str, Any]]:
    """Present entries as the API gives them, with three queries for all of them."""
    unread = unread_counts(work, [row.id for row in rows])
    words = words_seen(work, [row.device for row in rows])
    answered = answered_among(work, [row.id for row in rows])
    affected = affected_by(work, [row.id for row in rows])
    plain = ("id", "kind", "code", "title", "headline", "body_markdown", "body_html", "health", "lifecycle", "audience")
    times = ("snapshot", "opened_at", "resolved_at", "created_at", "edited_at")
    machine = ("event_count", "last_event_at", "clear_since", "clear_due_at", "disputed_at")
    return [
        {
            **{name: getattr(row, name) for name in (*plain, *times, *machine)},
            "consent_wanted": _consent_wanted(row),
            "device": {"id": row.device_id, "name": words[row.device_id].name},
            "author": author_of(row),
            "is_answered": row.id in answered,
            "me_too": _me_too(affected.get(row.id, NONE_AFFECTED)),
            "comment_count": comment_count_seen(work, row),
            "unread": unread.get(row.id, 0),
            "version": version_seen(work, row),
        }
        for row in rows
    ]
