"""Files under an entry: sent one by one, opened through what holds them, taken away before they are used."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.enclosures.models import Attachment
from statusportal.enclosures.queries import attachment_for, waiting_attachments
from statusportal.enclosures.service import withdraw_attachment
from statusportal.entries.queries import entry_for
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.files import hand_out, hand_out_preview, take_file
from statusportal.http.policies import authors, checked_by

attachments = blueprint("Attachments", "Files that people send along with their words")

_BINARY = {"type": "string", "format": "binary"}


class FileSent(Schema):
    """One file; what it is, its content says, and neither its name nor its type."""

    file = fields.Raw(required=True, metadata={**_BINARY, "description": "A picture, a film, a text or a PDF"})


class AttachmentAnswer(Schema):
    """A file. `comment` is null while it waits for one; `details_kept`: it may still tell where it was made."""

    id = fields.UUID()
    comment = fields.UUID(allow_none=True)
    name = fields.String()
    kind = fields.String()
    media_type = fields.String()
    size_bytes = fields.Integer()
    sha256 = fields.String()
    width = fields.Integer(allow_none=True)
    height = fields.Integer(allow_none=True)
    excerpt = fields.String()
    details_kept = fields.Boolean()
    created_at = Instant()
    href = fields.String()
    preview = fields.String(allow_none=True)


class AttachmentList(Schema):
    """Files of mine that wait for a comment, the oldest first."""

    items = fields.List(fields.Nested(AttachmentAnswer))


@attachments.post("/entries/<entry_id>/attachments")
@checked_by(Permission.COMMENT_POST)
@attachments.arguments(FileSent, location="files")
@attachments.response(201, AttachmentAnswer)
def send_file_here(sent: dict[str, Any], entry_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Send a file; it waits for a day for the comment that names it in `attachments`, and I alone see it until then."""
    row = take_file(parse_id(entry_id), sent["file"])
    answer = present_attachment(row)
    return answer, 201, {"Location": answer["href"]}


@attachments.get("/entries/<entry_id>/attachments")
@checked_by(Permission.ENTRY_VIEW)
@attachments.response(200, AttachmentList)
def my_waiting_files(entry_id: str) -> dict[str, Any]:
    """List what I sent here and have not said anything with yet."""
    with portal.reading() as work:
        entry = entry_for(work, parse_id(entry_id))
        return {"items": [present_attachment(row) for row in waiting_attachments(work, entry.id)]}


@attachments.get("/entries/<entry_id>/attachments/<attachment_id>")
@checked_by(Permission.ENTRY_VIEW)
@attachments.response(200, _BINARY, content_type="application/octet-stream")
def open_file(entry_id: str, attachment_id: str) -> Response:
    """Fetch a file as a download; a part of it can be asked for by `Range`."""
    return hand_out(parse_id(entry_id), parse_id(attachment_id))


@attachments.get("/entries/<entry_id>/attachments/<attachment_id>/preview")
@checked_by(Permission.ENTRY_VIEW)
@attachments.response(200, _BINARY, content_type="image/jpeg")
def open_preview(entry_id: str, attachment_id: str) -> Response:
    """Fetch the small picture of a picture; other files have none."""
    return hand_out_preview(parse_id(entry_id), parse_id(attachment_id))


@attachments.get("/entries/<entry_id>/attachments/<attachment_id>/description")
@checked_by(Permission.ENTRY_VIEW)
@attachments.response(200, AttachmentAnswer)
def describe_file(entry_id: str, attachment_id: str) -> dict[str, Any]:
    """Say what a file is, without its bytes."""
    with portal.reading() as work:
        return present_attachment(attachment_for(work, parse_id(entry_id), parse_id(attachment_id)))


@attachments.delete("/entries/<entry_id>/attachments/<attachment_id>")
@authors(Permission.COMMENT_POST)
@attachments.response(204)
def remove_file(entry_id: str, attachment_id: str) -> Response:
    """Remove a file of mine that waits; what hangs on a comment goes with the comment."""
    with portal.writing() as work:
        withdraw_attachment(work, parse_id(entry_id), parse_id(attachment_id))
    return Response(status=204)


def present_attachment(row: Attachment) -> dict[str, Any]:
    """Return what the API says of a file."""
    plain = ("id", "name", "media_type", "size_bytes", "sha256", "width", "height", "excerpt", "created_at")
    href = f"/api/v1/entries/{row.entry_id}/attachments/{row.id}"
    return {
        **{name: getattr(row, name) for name in plain},
        "comment": row.comment_id,
        "kind": row.kind.value,
        "details_kept": row.keeps_details,
        "href": href,
        "preview": f"{href}/preview" if row.preview_storage_key else None,
    }
