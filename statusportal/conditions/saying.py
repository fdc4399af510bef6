"""What the machine says in the thread of its entry: each change, until they come so often that they are counted."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from statusportal.conditions.vocabulary import LINES_AN_HOUR
from statusportal.entries.events import EntryEdited
from statusportal.entries.models import EntryHappening, StatusEntry
from statusportal.entries.service import raise_version, tell_step
from statusportal.entries.vocabulary import HappeningKind, Lifecycle
from statusportal.work import Work

_OF_THE_MACHINE = (
    HappeningKind.ACTIVE_AGAIN,
    HappeningKind.CLEARED,
    HappeningKind.CORRECTED,
    HappeningKind.COUNTED,
    HappeningKind.JOINED,
    HappeningKind.REOPENED,
)


def say_change(
    work: Work, entry: StatusEntry, kind: HappeningKind, before: Lifecycle, reason: Mapping[str, Any]
) -> None:
    """Tell what a machine did to its entry; after a few times in an hour that it comes and goes, and then nothing."""
    said = _said_lately(work, entry)
    if said < LINES_AN_HOUR:
        tell_step(work, entry, kind, before, {"reason": dict(reason)})
    elif said == LINES_AN_HOUR:
        tell_step(work, entry, HappeningKind.COUNTED, before, {})
    else:
        raise_version(entry, entry.audience)
        work.session.flush()
        work.emit(EntryEdited(organisation_id=entry.organisation_id, device_id=entry.device_id, entry_id=entry.id))


def _said_lately(work: Work, entry: StatusEntry) -> int:
    query = (
        select(func.count())
        .select_from(EntryHappening)
        .where(
            EntryHappening.organisation_id == entry.organisation_id,
            EntryHappening.entry_id == entry.id,
            EntryHappening.kind.in_(_OF_THE_MACHINE),
            EntryHappening.person_id.is_(None),
            EntryHappening.at > work.now - timedelta(hours=1),
        )
    )
    return work.session.scalar(query) or 0
