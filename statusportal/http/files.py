"""Files of people at the edge: taking one in, and handing one out as a download that acts on nothing."""

from uuid import UUID

from flask import Response, send_file
from werkzeug.datastructures import FileStorage

from statusportal.attachments.blobs import blob_store, keep_prepared
from statusportal.attachments.preparing import prepare_file
from statusportal.attachments.vocabulary import MediaType
from statusportal.enclosures.models import Attachment
from statusportal.enclosures.queries import attachment_for
from statusportal.enclosures.service import attach_file, require_attaching
from statusportal.foundation.errors import NotFound
from statusportal.http import portal
from statusportal.http.uploads import Uploads

# It is handed out as from nowhere, may run, load and send nothing, and stands in no frame.
_SANDBOX = "default-src 'none'; script-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"


def take_file(entry_id: UUID, sent: FileStorage) -> Attachment:
    """Take a file in under an entry: asked whether it may, looked at, written to disk, and only then named in a row.

    Raises: NotFound, Forbidden, TooMany, Conflict; Invalid at `/file`.
    """
    with portal.reading() as work:
        require_attaching(work, entry_id)
    content = sent.stream.read()
    portal.works().kept(Uploads).count(portal.actor().person_id, len(content))
    prepared = prepare_file(sent.filename or "", content)
    kept = keep_prepared(blob_store(portal.settings()), prepared)
    with portal.writing() as work:
        return attach_file(work, entry_id, prepared, kept)


def hand_out(entry_id: UUID, attachment_id: UUID) -> Response:
    """Send a file, or the part of it that `Range` asks for, to who may open it now.

    Raises: NotFound.
    """
    with portal.reading() as work:
        row = attachment_for(work, entry_id, attachment_id)
    return _sent(row.storage_key, row.media_type, row.name, row.sha256)


def hand_out_preview(entry_id: UUID, attachment_id: UUID) -> Response:
    """Send the small picture of a picture.

    Raises: NotFound, also for what has none.
    """
    with portal.reading() as work:
        row = attachment_for(work, entry_id, attachment_id)
    if row.preview_storage_key is None:
        raise NotFound
    return _sent(row.preview_storage_key, MediaType.JPEG.value, "preview.jpg", f"{row.sha256}-small")


def _sent(storage_key: str, media_type: str, name: str, etag: str) -> Response:
    path = blob_store(portal.settings()).path_of(storage_key)
    if path is None:
        raise NotFound
    response = send_file(path, media_type, as_attachment=True, download_name=name, etag=etag)
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response
