"""Projections of planned work on one machine: its entry in the time line, which moves as the work does.

The entry has the work's own id. Work on many machines has none: it stands in the calendar and on each machine's page.
"""

from sqlalchemy import select

from statusportal.accounts.models import Organisation
from statusportal.entries.events import EntryPublished
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import visible_entries
from statusportal.entries.service import tell_step, usual_audience
from statusportal.entries.vocabulary import EntryKind, HappeningKind, Lifecycle
from statusportal.maintenance.events import VisitConfirmed, WorkCancelled, WorkFinished, WorkMoved, WorkPlanned
from statusportal.maintenance.events import WorkTouched as Touched
from statusportal.maintenance.models import PlannedWork
from statusportal.maintenance.queries import devices_of
from statusportal.maintenance.vocabulary import WorkKind, WorkState
from statusportal.upkeep.wording import heading, step
from statusportal.work import Work


def open_for_work(work: Work, event: WorkPlanned) -> None:
    """Open the entry of work that was planned on one machine."""
    row = work.session.get_one(PlannedWork, (event.organisation_id, event.work_id))
    devices = devices_of(work, row)
    if len(devices) != 1:
        return
    entry = StatusEntry(
        organisation_id=row.organisation_id,
        id=row.id,
        device_id=devices[0].device_id,
        ownership_id=devices[0].ownership_id,
        kind=EntryKind.MAINTENANCE,
        title=row.title,
        headline=heading(WorkKind(row.kind), row.title, row.from_at, row.to_at, _zone(work, row)),
        body_markdown="",
        body_html="",
        lifecycle=Lifecycle.OPEN,
        audience=usual_audience(work, devices[0].ownership_id),
        author_id=work.actor.person_id,
        author_role=work.actor.badge_in(row.organisation_id),
        opened_at=work.now,
        created_at=work.now,
    )
    work.session.add(entry)
    work.session.flush()
    work.emit(EntryPublished(organisation_id=entry.organisation_id, device_id=entry.device_id, entry_id=entry.id))


def note_moved(work: Work, event: WorkMoved) -> None:
    """Say the new time, and let the entry wait again; a visit that goes on for longer stays agreed."""
    row = work.session.get_one(PlannedWork, (event.organisation_id, event.work_id))
    is_agreed = row.state == WorkState.CONFIRMED
    _tell(work, event, "moved", Lifecycle.ACKNOWLEDGED if is_agreed else Lifecycle.OPEN)


def note_confirmed(work: Work, event: VisitConfirmed) -> None:
    """Say that both sides know the time."""
    _tell(work, event, "confirmed", Lifecycle.ACKNOWLEDGED)


def note_finished(work: Work, event: WorkFinished) -> None:
    """Say that it is done."""
    _tell(work, event, "done", Lifecycle.RESOLVED)


def note_cancelled(work: Work, event: WorkCancelled) -> None:
    """Say that it will not be."""
    _tell(work, event, "cancelled", Lifecycle.RESOLVED)


def _tell(work: Work, event: Touched, word: str, wanted: Lifecycle) -> None:
    row = work.session.get_one(PlannedWork, (event.organisation_id, event.work_id))
    query = select(StatusEntry).where(
        visible_entries(work.actor, work.now),
        StatusEntry.organisation_id == row.organisation_id,
        StatusEntry.id == row.id,
        StatusEntry.lifecycle != Lifecycle.RESOLVED,
    )
    entry = work.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if entry is None:
        return
    zone = _zone(work, row)
    entry.headline = heading(WorkKind(row.kind), row.title, row.from_at, row.to_at, zone)
    before = Lifecycle(entry.lifecycle)
    entry.lifecycle = wanted
    entry.resolved_at = work.now if wanted is Lifecycle.RESOLVED else None
    tell_step(work, entry, HappeningKind.WORK, before, {"reason": step(word, row.from_at, row.to_at, zone)})


def _zone(work: Work, row: PlannedWork) -> str:
    found = work.session.get(Organisation, row.organisation_id)
    return found.time_zone if found else work.settings.default_time_zone
