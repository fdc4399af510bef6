"""Handing a takeout's file over, for the API and the page alike."""

from flask import Response, send_file

from statusportal.foundation.errors import NotFound
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.takeout import service
from statusportal.takeout.packing import archive_path


def send_takeout(takeout_id: str) -> Response:
    """Send the ZIP, or the part of it that `Range` asks for; that it was fetched stands in the log.

    Raises: NotFound, Forbidden, TakeoutNotReady.
    """
    with portal.writing() as work:
        row = service.take(work, parse_id(takeout_id))
        path, name = archive_path(work.settings, row.storage_key), f"status-portal-{row.asked_at:%Y-%m-%d}.zip"
        digest = row.sha256
    if not path.is_file():
        raise NotFound
    return send_file(path, "application/zip", as_attachment=True, download_name=name, etag=digest or False, max_age=0)
