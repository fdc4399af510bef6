"""Gathering the files that people sent along with their words, each as it lies on the disk."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import and_, select

from statusportal.access.actor import SYSTEM, Actor
from statusportal.attachments.blobs import blob_store
from statusportal.discussion.models import Comment
from statusportal.enclosures.models import Attachment
from statusportal.enclosures.policy import Limit, comment_of_attachment, entry_of_attachment, visible_attachments
from statusportal.entries.models import StatusEntry
from statusportal.work import Works


@dataclass(frozen=True, slots=True)
class FilePart:
    """A part of a takeout that is a file already: its name there, and where its bytes lie."""

    name: str
    source: Path


def sent_by(person_id: UUID) -> Limit:
    """Limit to what a person sent, whatever became of where it hung."""
    return Attachment.author_id == person_id


def opened_to(works: Works, customer: Actor, organisation_id: UUID) -> Limit:
    """Limit to what hangs on comments under an organisation's entries and its own people may open."""
    visible = (
        select(Attachment.id)
        .join(StatusEntry, entry_of_attachment())
        .outerjoin(Comment, comment_of_attachment())
        .where(
            visible_attachments(customer, works.clock.now()),
            Attachment.organisation_id == organisation_id,
            Attachment.comment_id.is_not(None),
        )
    )
    return and_(Attachment.organisation_id == organisation_id, Attachment.id.in_(visible))


def file_parts(works: Works, which: Limit, folder: str) -> list[FilePart]:
    """List files in the order they were sent; their names there are those in the rows, each behind its id."""
    store = blob_store(works.settings)
    query = select(Attachment.id, Attachment.name, Attachment.storage_key)
    with works.reading(SYSTEM) as work:
        rows = work.session.execute(query.where(which).order_by(Attachment.id)).all()
    found = [(f"{folder}/files/{one}-{name}", store.path_of(key)) for one, name, key in rows]
    return [FilePart(name, path) for name, path in found if path is not None]
