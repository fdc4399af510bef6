"""Gathering what hangs on words: the files that people sent along, as they lie on the disk, and their evidence."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import and_, select

from statusportal.access.actor import SYSTEM, Actor
from statusportal.attachments.blobs import blob_store
from statusportal.discussion.models import Comment
from statusportal.discussion.policy import entry_of_comment
from statusportal.enclosures.models import Attachment
from statusportal.enclosures.policy import Limit, comment_of_attachment, entry_of_attachment, visible_attachments
from statusportal.entries.models import StatusEntry
from statusportal.evidence.models import Evidence
from statusportal.evidence.policy import comment_of_evidence, visible_evidence
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


def pinned_for(works: Works, customer: Actor, organisation_id: UUID) -> Limit:
    """Limit to the evidence under an organisation's entries that its own people see."""
    visible = (
        select(Evidence.id)
        .join(Comment, comment_of_evidence())
        .join(StatusEntry, entry_of_comment())
        .where(visible_evidence(customer, works.clock.now()), Evidence.organisation_id == organisation_id)
    )
    return and_(Evidence.organisation_id == organisation_id, Evidence.id.in_(visible))


def file_parts(works: Works, which: Limit, folder: str) -> list[FilePart]:
    """List files in the order they were sent; their names there are those in the rows, each behind its id."""
    store = blob_store(works.settings)
    query = select(Attachment.id, Attachment.name, Attachment.storage_key)
    with works.reading(SYSTEM) as work:
        rows = work.session.execute(query.where(which).order_by(Attachment.id)).all()
    found = [(f"{folder}/files/{one}-{name}", store.path_of(key)) for one, name, key in rows]
    return [FilePart(name, path) for name, path in found if path is not None]
