"""Files under an entry: as downloads, as small pictures, and each on a page that shows what it is."""

from uuid import UUID

from flask import Response, render_template, request
from werkzeug.datastructures import FileStorage

from statusportal.access.permissions import Permission
from statusportal.foundation.errors import FieldError, Invalid, Sentence
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.files import hand_out, hand_out_preview, take_file
from statusportal.http.policies import checked_by
from statusportal.http.sentences import translated
from statusportal.web.talk.blueprint import entries
from statusportal.web.talk.files_view import attachment_page

FIELD = "files"


@entries.get("/entries/<entry_id>/attachments/<attachment_id>")
@checked_by(Permission.ENTRY_VIEW)
def attachment(entry_id: str, attachment_id: str) -> Response:
    """Give the file as a download."""
    return hand_out(parse_id(entry_id), parse_id(attachment_id))


@entries.get("/entries/<entry_id>/attachments/<attachment_id>/preview")
@checked_by(Permission.ENTRY_VIEW)
def attachment_preview(entry_id: str, attachment_id: str) -> Response:
    """Give the small picture of a picture."""
    return hand_out_preview(parse_id(entry_id), parse_id(attachment_id))


@entries.get("/entries/<entry_id>/attachments/<attachment_id>/show")
@checked_by(Permission.ENTRY_VIEW)
def show_attachment(entry_id: str, attachment_id: str) -> str:
    """Show a picture large, a film, a text to read, or what a PDF is."""
    with portal.reading() as work:
        page = attachment_page(work, parse_id(entry_id), parse_id(attachment_id))
    return render_template("attachment.html", page=page)


def files_sent(entry_id: UUID) -> list[UUID]:
    """Take in the files of a form, and return the ids of all that it names: those kept before, then the new ones.

    Raises: as `take_file`; Invalid at `/files`, naming the file. What was taken in before it waits for the next try.
    """
    kept = [parse_id(one) for one in request.form.getlist("attachments")]
    return kept + [_taken(entry_id, sent) for sent in request.files.getlist(FIELD) if sent.filename]


def _taken(entry_id: UUID, sent: FileStorage) -> UUID:
    try:
        return take_file(entry_id, sent).id
    except Invalid as err:
        said = Sentence.quoting(f"“{sent.filename}” {' '.join(translated(one.detail) for one in err.errors)}")
        raise Invalid([FieldError(f"/{FIELD}", said)]) from err
