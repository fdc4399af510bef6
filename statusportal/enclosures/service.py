"""Verbs of files: send one under an entry, hang it on what one says, take it away again."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.attachments.vocabulary import Kept, Prepared
from statusportal.discussion.events import CommentDropped
from statusportal.discussion.models import Comment
from statusportal.enclosures.events import BlobsDropped
from statusportal.enclosures.models import Attachment
from statusportal.enclosures.policy import Limit
from statusportal.enclosures.queries import attachment_for, bytes_held_by, bytes_sent_today, waiting_attachments
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import entry_for, locked_entry, require_on
from statusportal.foundation.errors import Conflict, FieldError, Forbidden, Invalid, Sentence, TooMany
from statusportal.work import Work

_WAITS_FOR = timedelta(days=1)
_HOUR_S = 3_600
_AT_ONCE = 500


def require_attaching(work: Work, entry_id: UUID) -> StatusEntry:
    """Return the entry if the actor may send a file under it now, before its bytes are looked at.

    Raises: NotFound, Forbidden, TooMany over one's own limit, Conflict where the organisation's room is used up.
    """
    entry = entry_for(work, entry_id)
    require_on(work, entry, Permission.COMMENT_POST, Right.COMMENT)
    person_id, settings = work.actor.person_id, work.settings
    if person_id is None:
        raise Forbidden(Permission.COMMENT_POST.value)
    most = settings.attachment_bytes_per_person_day
    if most and bytes_sent_today(work, person_id) >= most:
        raise TooMany(Sentence("You have sent as many files as fit into a day."), _HOUR_S)
    most = settings.attachment_bytes_per_organisation
    if most and bytes_held_by(work, entry.organisation_id) >= most:
        raise Conflict(Sentence("The room for files under these entries is used up."))
    most = settings.attachments_per_comment
    if most and len(waiting_attachments(work, entry.id)) >= most:
        raise Conflict(Sentence("At most %(most)s files wait to be sent. Send them, or remove some.", most=most))
    return entry


def attach_file(work: Work, entry_id: UUID, prepared: Prepared, kept: Kept) -> Attachment:
    """Note a file that lies on the disk; it waits for a comment for a day.

    Raises: as `require_attaching`.
    """
    entry = require_attaching(work, entry_id)
    row = Attachment(
        organisation_id=entry.organisation_id,
        entry_id=entry.id,
        author_id=work.actor.person_id,
        name=prepared.name,
        media_type=prepared.media_type.value,
        size_bytes=kept.size_bytes,
        sha256=kept.sha256,
        storage_key=kept.storage_key,
        preview_storage_key=kept.preview_key,
        width=prepared.width,
        height=prepared.height,
        excerpt=prepared.excerpt,
        keeps_details=prepared.keeps_details,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row


def enclose(work: Work, comment: Comment, attachment_ids: Sequence[UUID]) -> list[Attachment]:
    """Hang files on a comment that was just posted, in this order; each is one's own, under this entry, and unused.

    Raises: Invalid at `/attachments/N`.
    """
    if not attachment_ids:
        return []
    most = work.settings.attachments_per_comment
    if most and len(attachment_ids) > most:
        raise Invalid.field("/attachments", Sentence("may have %(most)s files", most=most))
    waiting = {one.id: one for one in waiting_attachments(work, comment.entry_id)}
    strange = [place for place, one in enumerate(attachment_ids) if one not in waiting]
    twice = [place for place, one in enumerate(attachment_ids) if one in attachment_ids[:place]]
    if strange or twice:
        detail = Sentence("is not a file that you sent here and have not used yet")
        raise Invalid([FieldError(f"/attachments/{place}", detail) for place in sorted({*strange, *twice})])
    for place, one in enumerate(attachment_ids):
        waiting[one].comment_id, waiting[one].place = comment.id, place
    work.session.flush()
    return [waiting[one] for one in attachment_ids]


def withdraw_attachment(work: Work, entry_id: UUID, attachment_id: UUID) -> None:
    """Take away a file of one's own that nothing was said with yet; what was said takes its files along when it goes.

    Raises: NotFound; Forbidden for another's; Conflict for one that hangs on a comment.
    """
    locked_entry(work, entry_id)
    row = attachment_for(work, entry_id, attachment_id)
    if row.author_id != work.actor.person_id:
        raise Forbidden("comment:edit", "author")
    if row.comment_id is not None:
        raise Conflict(Sentence("This file belongs to a comment: delete the comment, and the file goes with it."))
    drop_attachments(work, Attachment.id == row.id)


def release_attachments(work: Work, comment: Comment) -> None:
    """Let the files of a comment that its author takes back unsent wait for its next words."""
    mine = select(Attachment).where(
        Attachment.organisation_id == comment.organisation_id,
        Attachment.entry_id == comment.entry_id,
        Attachment.comment_id == comment.id,
        Attachment.author_id == work.actor.person_id,
    )
    for row in work.session.scalars(mine):
        row.comment_id, row.created_at = None, work.now


def drop_of_comment(work: Work, event: CommentDropped) -> None:
    """Take the files away of a comment that was taken back and can be restored no more."""
    drop_attachments(
        work,
        Attachment.organisation_id == event.organisation_id,
        Attachment.entry_id == event.entry_id,
        Attachment.comment_id == event.comment_id,
    )


def drop_of_person(work: Work, person_id: UUID) -> int:
    """Take away every file that a person sent, and return how many: no file can be looked through for a name."""
    return drop_attachments(work, Attachment.author_id == person_id)


def drop_forgotten(work: Work) -> int:
    """Take away what has waited for a comment for a day, for the portal's own job."""
    return drop_attachments(work, Attachment.comment_id.is_(None), Attachment.created_at < work.now - _WAITS_FOR)


def drop_attachments(work: Work, *which: Limit) -> int:
    """Delete rows, and tell whose bytes nobody names any more."""
    rows = work.session.scalars(select(Attachment).where(*which)).all()
    keys = [key for row in rows for key in (row.storage_key, row.preview_storage_key) if key is not None]
    for start in range(0, len(keys), _AT_ONCE):
        work.emit(BlobsDropped(storage_keys=tuple(keys[start : start + _AT_ONCE])))
    _delete(work, [row.id for row in rows])
    return len(rows)


def _delete(work: Work, ids: Collection[UUID]) -> None:
    if ids:
        work.session.flush()
        work.session.execute(delete(Attachment).where(Attachment.id.in_(ids)))
