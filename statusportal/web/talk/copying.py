"""A thread as plain text, to copy into a letter or a log: what its reader sees, and nothing else."""

from collections.abc import Iterator

from flask import Response
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.accounts.models import Organisation
from statusportal.discussion.models import Comment
from statusportal.discussion.queries import thread_of
from statusportal.discussion.vocabulary import CommentKind, CommentState, ThreadSort
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import entry_for
from statusportal.entries.vocabulary import Audience
from statusportal.fleet.queries import words_seen
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import MOST, Slice
from statusportal.http import portal
from statusportal.http.json_provider import rfc3339
from statusportal.http.policies import checked_by
from statusportal.web.reasons import reason_words
from statusportal.web.talk.blueprint import entries
from statusportal.web.talk.words import entry_title, speaker_view
from statusportal.work import Work

_RAILS = 5


@entries.get("/entries/<entry_id>/text")
@checked_by(Permission.ENTRY_VIEW)
def thread_text(entry_id: str) -> Response:
    """Give an entry with its whole conversation as text, oldest first."""
    with portal.reading() as work:
        row = entry_for(work, parse_id(entry_id))
        organisation = work.session.get(Organisation, row.organisation_id)
        body = "\n".join(_lines(work, row, organisation.name if organisation else ""))
    return Response(body + "\n", content_type="text/plain; charset=utf-8")


def _lines(work: Work, entry: StatusEntry, organisation: str) -> Iterator[str]:
    yield entry_title(entry)
    yield f"{words_seen(work, [entry.device])[entry.device_id].name} · {rfc3339(entry.opened_at)}"
    yield from ("", *entry.body_markdown.splitlines()) if entry.body_markdown else ()
    cursor: str | None = None
    while True:
        page = thread_of(work, entry.id, ThreadSort.OLDEST, Slice(MOST, cursor))
        for line in page.items:
            yield from _said(line.comment, organisation)
        cursor = page.next_cursor
        if cursor is None:
            return


def _said(comment: Comment, organisation: str) -> Iterator[str]:
    """Write one comment, moved in as far as it stands in the tree."""
    margin = "  " * min(comment.depth, _RAILS)
    inside = f" [{_('internal')}]" if comment.audience == Audience.INTERNAL else ""
    yield ""
    yield f"{margin}{speaker_view(comment, organisation).name}, {rfc3339(comment.created_at)}{inside}:"
    if comment.state != CommentState.VISIBLE:
        yield f"{margin}  ({_('deleted')})"
        return
    words = comment.body_markdown
    if comment.kind == CommentKind.SYSTEM and comment.reason:
        words = reason_words(comment.reason)
    yield from (f"{margin}  {line}".rstrip() for line in words.splitlines())
