"""The job's side of a takeout: begun, a part further, made, failed, expired."""

from datetime import timedelta
from uuid import UUID

from statusportal.audit.service import record_act
from statusportal.takeout.models import Takeout
from statusportal.takeout.queries import due_to_expire, takeout_for
from statusportal.takeout.vocabulary import UNDERWAY, TakeoutState
from statusportal.work import Work

_MOST_ATTEMPTS = 5
_LONGEST_TROUBLE = 300


def note_begun(work: Work, takeout_id: UUID, parts_whole: int) -> bool:
    """Note how many parts there are; False when it is no longer wanted."""
    row = takeout_for(work, takeout_id)
    if row.state not in UNDERWAY:
        return False
    row.state, row.parts_whole = TakeoutState.MAKING.value, parts_whole
    return True


def note_part_made(work: Work, takeout_id: UUID, parts_done: int) -> bool:
    """Note how far it has come; False when it is no longer wanted."""
    row = takeout_for(work, takeout_id)
    row.parts_done = parts_done
    return row.state in UNDERWAY


def note_made(work: Work, takeout_id: UUID, size_bytes: int, sha256: str) -> None:
    """Hand the file over, for as many days as are set."""
    row = takeout_for(work, takeout_id)
    if row.state not in UNDERWAY:
        return
    row.state, row.size_bytes, row.sha256 = TakeoutState.READY.value, size_bytes, sha256
    row.made_at, row.expires_at = work.now, work.now + timedelta(days=work.settings.export_days)
    record_act(work, "export.made", "takeout", row.id, organisation_id=row.organisation_id, size_bytes=size_bytes)


def note_trouble(work: Work, takeout_id: UUID, trouble: str) -> None:
    """Count a try that failed; after a few the takeout is given up, and says why."""
    row = takeout_for(work, takeout_id)
    row.attempts += 1
    row.trouble = trouble[:_LONGEST_TROUBLE]
    if row.attempts >= _MOST_ATTEMPTS and row.state in UNDERWAY:
        row.state = TakeoutState.FAILED.value


def expire_takeouts(work: Work) -> int:
    """End the files whose time is over, and return how many."""
    due = due_to_expire(work)
    for row in due:
        row.state = TakeoutState.EXPIRED.value
    return len(due)


def is_wanted(row: Takeout) -> bool:
    """Tell whether a takeout is still to be made."""
    return row.state in UNDERWAY
