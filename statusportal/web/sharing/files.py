"""The files of an entry that a link opens: they are shown where the comment is that holds them."""

from dataclasses import replace

from flask import Response, render_template

from statusportal.access.permissions import Permission
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.files import hand_out, hand_out_preview
from statusportal.http.policies import by_link
from statusportal.web.sharing.blueprint import shared
from statusportal.web.sharing.opened_view import file_within, within
from statusportal.web.talk.files_view import attachment_page


@shared.get("/shared/<link_id>/entries/<entry_id>/attachments/<attachment_id>")
@by_link(Permission.ENTRY_VIEW)
def attachment(link_id: str, entry_id: str, attachment_id: str) -> Response:  # noqa: ARG001 - the door has read the link
    """Give the file as a download."""
    return hand_out(parse_id(entry_id), parse_id(attachment_id))


@shared.get("/shared/<link_id>/entries/<entry_id>/attachments/<attachment_id>/preview")
@by_link(Permission.ENTRY_VIEW)
def attachment_preview(link_id: str, entry_id: str, attachment_id: str) -> Response:  # noqa: ARG001 - as above
    """Give the small picture of a picture."""
    return hand_out_preview(parse_id(entry_id), parse_id(attachment_id))


@shared.get("/shared/<link_id>/entries/<entry_id>/attachments/<attachment_id>/show")
@by_link(Permission.ENTRY_VIEW)
def show_attachment(link_id: str, entry_id: str, attachment_id: str) -> str:
    """Show a file on a page of its own."""
    with portal.reading() as work:
        page = attachment_page(work, parse_id(entry_id), parse_id(attachment_id))
    page = replace(page, file=file_within(link_id, page.file), back_href=within(link_id, page.back_href))
    return render_template("attachment.html", page=page, behind_link=True)
