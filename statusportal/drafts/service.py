"""Verbs of drafts: keep what is being written, and drop it."""

from uuid import UUID

from sqlalchemy import delete

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.drafts.models import Draft
from statusportal.entries.queries import entry_for, require_on
from statusportal.foundation.errors import Forbidden
from statusportal.prose.checking import text_checked
from statusportal.work import Work


def keep_draft(work: Work, entry_id: UUID, body: str, parent_id: UUID | None = None) -> Draft | None:
    """Keep unsent words under an entry in place of those before. Shape: None where there are none to keep.

    Raises: NotFound; Forbidden without the right to talk here; Invalid for words that could never be sent.
    """
    entry = entry_for(work, entry_id)
    require_on(work, entry, Permission.COMMENT_POST, Right.COMMENT)
    if work.actor.person_id is None:
        raise Forbidden(Permission.COMMENT_POST.value)
    text = text_checked(work, "/body", body)
    if not text:
        drop_draft(work, entry_id)
        return None
    named = {"organisation_id": entry.organisation_id, "entry_id": entry.id, "person_id": work.actor.person_id}
    draft = work.session.merge(Draft(**named, parent_id=parent_id, body=text, saved_at=work.now))
    work.session.flush()
    return draft


def drop_draft(work: Work, entry_id: UUID) -> None:
    """Forget one's own draft, because it was sent or is not wanted; without one nothing happens.

    Raises: NotFound.
    """
    entry = entry_for(work, entry_id)
    mine = (Draft.organisation_id == entry.organisation_id, Draft.entry_id == entry.id)
    work.session.execute(delete(Draft).where(*mine, Draft.person_id == work.actor.person_id))
