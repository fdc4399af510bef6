"""What is new to its reader: taken away everywhere at once, or put back on one entry."""

from flask import Response, make_response, redirect, url_for

from statusportal.access.permissions import Permission
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.threads.marking import mark_all_read, mark_unread
from statusportal.web.talk.blueprint import entries


@entries.post("/read")
@needs(Permission.ENTRY_VIEW)
def read_everything() -> Response:
    """Mark every word as read that the reader may read."""
    with portal.writing() as work:
        mark_all_read(work)
    return make_response(redirect(url_for("devices.my_devices"), 303))


@entries.post("/entries/<entry_id>/unread")
@checked_by(Permission.ENTRY_VIEW)
def unread(entry_id: str) -> Response:
    """Let the newest word be new again, and leave: a look at the entry would read it."""
    with portal.writing() as work:
        mark_unread(work, parse_id(entry_id))
    return make_response(redirect(url_for("devices.my_devices"), 303))
