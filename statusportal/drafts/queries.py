"""Reading one's own draft. There is no way to anybody else's, for staff neither."""

from statusportal.drafts.models import Draft
from statusportal.entries.models import StatusEntry
from statusportal.work import Work


def draft_of(work: Work, entry: StatusEntry) -> Draft | None:
    """Return what the actor has begun under an entry that was found visible; who only sees as them finds none."""
    person_id = work.actor.person_id
    if person_id is None or work.actor.seen_by is not None:
        return None
    return work.session.get(Draft, (entry.organisation_id, entry.id, person_id))
