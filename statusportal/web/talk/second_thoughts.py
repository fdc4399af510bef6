"""Taking back what was just done: a comment that was sent, and one that was deleted."""

from flask import Response, make_response, redirect, url_for

from statusportal.access.permissions import Permission
from statusportal.discussion.queries import own_comment_for
from statusportal.discussion.restoring import restore_comment
from statusportal.discussion.service import delete_comment
from statusportal.drafts.service import keep_draft
from statusportal.enclosures.service import release_attachments
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import authors
from statusportal.web.talk.blueprint import entries
from statusportal.web.talk.places import comment_href


@entries.post("/comments/<comment_id>/undo")
@authors(Permission.COMMENT_POST)
def unsend(comment_id: str) -> Response:
    """Take back what was just sent, and put its words and files into the composer again."""
    with portal.writing() as work:
        row = own_comment_for(work, parse_id(comment_id))
        keep_draft(work, row.entry_id, row.body_markdown, row.parent_id)
        release_attachments(work, row)
        delete_comment(work, row.id)
    return make_response(redirect(url_for("entries.entry", entry_id=row.entry_id, _anchor="write"), 303))


@entries.post("/comments/<comment_id>/restore")
@authors(Permission.COMMENT_POST)
def undelete(comment_id: str) -> Response:
    """Let words stand again that were just deleted."""
    with portal.writing() as work:
        row = restore_comment(work, parse_id(comment_id))
    return make_response(redirect(comment_href(row.entry_id, row.id), 303))
