"""Reading what stands for planned work in the time line."""

from uuid import UUID

from sqlalchemy import select

from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import visible_entries
from statusportal.work import Work


def has_entry(work: Work, work_id: UUID) -> bool:
    """Tell whether planned work has an entry that the reader may open."""
    query = select(StatusEntry.id).where(StatusEntry.id == work_id, visible_entries(work.actor, work.now))
    return work.session.scalar(query) is not None
