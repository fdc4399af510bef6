"""From a file's row to how it stands in a comment, in the composer and on a page of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from flask import url_for

from statusportal.attachments.blobs import blob_store
from statusportal.attachments.vocabulary import AttachmentKind
from statusportal.discussion.models import Comment
from statusportal.enclosures.models import Attachment as Row
from statusportal.enclosures.queries import attachment_for, files_under
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import entry_for
from statusportal.http.views.entries import Attachment, AttachmentPage
from statusportal.web.talk.words import entry_title
from statusportal.work import Work

# Of a text, as much as is read on a screen; the whole is a download away.
_SHOWN_BYTES = 200_000
_NONE: tuple[Attachment, ...] = ()


class Files:
    """The files of what is shown of a thread, asked for once: by comment, and those of the reader's that wait.

    Shape: None for the comments is for an entry that has no files, which is asked nothing.
    """

    def __init__(self, work: Work, entry: StatusEntry, comments: Sequence[Comment] | None) -> None:
        held = files_under(work, entry, [comment.id for comment in comments]) if comments is not None else None
        self._held: Mapping[UUID | None, Sequence[Row]] = held or {}

    def of(self, comment_id: UUID | None) -> tuple[Attachment, ...]:
        """Return the files of a comment in their order; None gives those of the reader's own that wait."""
        return tuple(file_view(row) for row in self._held.get(comment_id, ())) or _NONE


def file_view(row: Row) -> Attachment:
    """Return a file as it stands in a comment."""
    return Attachment(
        name=row.name,
        href=_address("show_attachment", row),
        size_bytes=row.size_bytes,
        id=str(row.id),
        kind=row.kind.value,
        media_type=row.media_type,
        file_href=_address("attachment", row),
        image_href=_address("attachment_preview", row) if row.preview_storage_key else "",
        excerpt=row.excerpt,
        keeps_details=row.keeps_details,
    )


def _address(endpoint: str, row: Row) -> str:
    return url_for(f"entries.{endpoint}", entry_id=row.entry_id, attachment_id=row.id)


def attachment_page(work: Work, entry_id: UUID, attachment_id: UUID) -> AttachmentPage:
    """Return a file's own page, with a text's words.

    Raises: NotFound.
    """
    row = attachment_for(work, entry_id, attachment_id)
    entry = entry_for(work, row.entry_id)
    words, is_whole = _words(work, row)
    view = file_view(row)
    return AttachmentPage(
        file=replace(view, image_href=view.file_href if view.image_href else ""),
        entry_title=entry_title(entry),
        back_href=url_for(
            "entries.entry", entry_id=entry.id, _anchor=f"c-{row.comment_id}" if row.comment_id else "write"
        ),
        sha256=row.sha256,
        sent_at=row.created_at,
        width=row.width,
        height=row.height,
        words=words,
        is_whole=is_whole,
    )


def _words(work: Work, row: Row) -> tuple[str, bool]:
    path = blob_store(work.settings).path_of(row.storage_key) if row.kind is AttachmentKind.TEXT else None
    if path is None:
        return "", True
    with path.open("rb") as file:
        body = file.read(_SHOWN_BYTES)
    return body.decode(errors="ignore"), row.size_bytes <= _SHOWN_BYTES
