"""Reading which files hang where. Every read starts from `visible_attachments`."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from statusportal.discussion.models import Comment
from statusportal.enclosures.models import Attachment
from statusportal.enclosures.policy import comment_of_attachment, entry_of_attachment, visible_attachments
from statusportal.entries.models import StatusEntry
from statusportal.foundation.errors import NotFound
from statusportal.work import Work

_DAY = timedelta(days=1)


def attachment_for(work: Work, entry_id: UUID, attachment_id: UUID) -> Attachment:
    """Return one file of an entry.

    Raises: NotFound when it is missing or invisible, or hangs elsewhere.
    """
    query = _visible(work).where(Attachment.entry_id == entry_id, Attachment.id == attachment_id)
    found = work.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    work.seen |= {("entry", found.entry_id, found.organisation_id)}
    return found


def attachments_of(work: Work, comment_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Attachment]]:
    """Return the files of each of many comments, in the order they were sent. Shape: one query; without any, none."""
    held: dict[UUID, list[Attachment]] = defaultdict(list)
    if comment_ids:
        query = _visible(work).where(Attachment.comment_id.in_(comment_ids)).order_by(Attachment.place, Attachment.id)
        for one in work.session.scalars(query):
            if one.comment_id is not None:
                held[one.comment_id].append(one)
    return held


def files_under(
    work: Work, entry: StatusEntry, comment_ids: Collection[UUID]
) -> Mapping[UUID | None, Sequence[Attachment]]:
    """Return the files of some comments of an entry by comment, and under None one's own that wait. One query."""
    held: dict[UUID | None, list[Attachment]] = defaultdict(list)
    query = _visible(work).where(
        Attachment.organisation_id == entry.organisation_id,
        Attachment.entry_id == entry.id,
        or_(Attachment.comment_id.in_(comment_ids), Attachment.comment_id.is_(None)),
    )
    for one in work.session.scalars(query.order_by(Attachment.place, Attachment.id)):
        held[one.comment_id].append(one)
    return held


def waiting_attachments(work: Work, entry_id: UUID) -> Sequence[Attachment]:
    """List what the actor sent under an entry and has not said anything with yet, the oldest first."""
    query = _visible(work).where(
        Attachment.entry_id == entry_id,
        Attachment.comment_id.is_(None),
        Attachment.author_id == work.actor.person_id,
    )
    return work.session.scalars(query.order_by(Attachment.id)).all()


def bytes_sent_today(work: Work, person_id: UUID) -> int:
    """Return how much a person sent in the last 24 hours."""
    query = select(func.sum(Attachment.size_bytes)).where(
        Attachment.author_id == person_id, Attachment.created_at > work.now - _DAY
    )
    return int(work.session.scalar(query) or 0)


def bytes_held_by(work: Work, organisation_id: UUID) -> int:
    """Return how much lies under the entries of an organisation."""
    query = select(func.sum(Attachment.size_bytes)).where(Attachment.organisation_id == organisation_id)
    return int(work.session.scalar(query) or 0)


def named_among(work: Work, storage_keys: Collection[str]) -> Iterator[str]:
    """Walk those of many keys that a row names; it is the portal's own question."""
    columns = (Attachment.storage_key, Attachment.preview_storage_key)
    query = select(*columns).where(or_(*(column.in_(storage_keys) for column in columns)))
    for row in work.session.execute(query):
        yield from (key for key in row if key is not None)


def _visible(work: Work) -> Select[Attachment]:
    return (
        select(Attachment)
        .join(StatusEntry, entry_of_attachment())
        .outerjoin(Comment, comment_of_attachment())
        .where(visible_attachments(work.actor, work.now))
    )
