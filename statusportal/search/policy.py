"""Who finds what: exactly those who may read it where it stands."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, false

from statusportal.access.actor import Actor
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import audience_reaches, visible_entries
from statusportal.search.models import SearchDocument


def entry_of_document() -> ColumnElement[bool]:
    """Join a document to the entry it is, or stands under."""
    return and_(
        StatusEntry.organisation_id == SearchDocument.organisation_id, StatusEntry.id == SearchDocument.entry_id
    )


def visible_documents(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Keep what the actor may read: the entry as it is now, then the text's own audience. The entry must be joined.

    Who came by a link reads a page and searches nothing.
    """
    if actor.link is not None:
        return false()
    return and_(
        visible_entries(actor, now),
        audience_reaches(actor, SearchDocument.audience, SearchDocument.organisation_id),
    )
