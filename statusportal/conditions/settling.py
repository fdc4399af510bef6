"""How an entry of the machine ends: it is watched once all of it is clear, and resolved when the machine confirms it.

The machine confirms by a sample at or after the end of the span: silence confirms nothing. What falls due while nobody
looked, or while the machine was silent, ends at its own time all the same.
Source: docs/adr/0047-bursts-and-confirmation.md.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from statusportal.activations.queries import codes_of_entry, is_any_running, newest
from statusportal.activations.vocabulary import OFFLINE
from statusportal.conditions.saying import say_change
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import visible_entries
from statusportal.entries.service import tell_step
from statusportal.entries.vocabulary import HappeningKind, Lifecycle
from statusportal.fleet.queries import ownerships_at
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.vocabulary import Connectivity
from statusportal.frames.queries import frames_of
from statusportal.status.events import ConditionCleared, StatusChanged
from statusportal.status.models import DeviceStatus
from statusportal.work import Work

MOST_AT_ONCE = 100
# A machine that is silent when it should confirm is asked again after so long.
_ASKED_AGAIN_AFTER = timedelta(minutes=1)


def note_condition_cleared(work: Work, event: ConditionCleared) -> None:
    """Watch an entry from when the last of what it stands for cleared."""
    _clear(work, event.device_id, event.code, event.at, event.reason)


def note_return(work: Work, event: StatusChanged) -> None:
    """Watch the entry of a machine that is heard again."""
    if event.connectivity_before == Connectivity.OFFLINE != event.connectivity_after:
        _clear(work, event.device_id, OFFLINE, event.at, event.reason)


def confirm_due(work: Work, most: int = MOST_AT_ONCE) -> int:
    """Resolve every watched entry whose machine confirms that it is over, and return how many were looked at.

    The cost follows what is due, not how many entries there are.
    """
    due = (
        select(StatusEntry)
        .where(
            visible_entries(work.actor, work.now),
            StatusEntry.lifecycle == Lifecycle.MONITORING,
            StatusEntry.clear_due_at <= work.now,
        )
        .order_by(StatusEntry.clear_due_at)
        .limit(most)
        .with_for_update()
    )
    entries = work.session.scalars(due).all()
    device_ids = {entry.device_id for entry in entries}
    owners = ownerships_at(work, device_ids, work.now)
    heard = last_heard(work, device_ids)
    for entry in entries:
        owner = owners.get(entry.device_id)
        spoken_at = heard.get(entry.device_id) if owner is not None and owner.id == entry.ownership_id else work.now
        _confirm(work, entry, spoken_at)
    return len(entries)


def earliest_confirmation(work: Work) -> datetime | None:
    """Return when a machine is asked next whether something is over."""
    watched = visible_entries(work.actor, work.now), StatusEntry.lifecycle == Lifecycle.MONITORING
    return work.session.scalar(select(func.min(StatusEntry.clear_due_at)).where(*watched))


def _clear(work: Work, device_id: UUID, code: str, at: datetime, reason: Mapping[str, Any]) -> None:
    activation = newest(work, device_id, code)
    if activation is None or activation.entry_id is None:
        return
    entry = work.session.scalars(
        select(StatusEntry)
        .where(visible_entries(work.actor, work.now), StatusEntry.id == activation.entry_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if entry is None:
        return
    entry.last_event_at = max(entry.last_event_at or at, at)
    codes = codes_of_entry(work, device_id, entry.id)
    if is_any_running(work, entry, codes):
        work.session.flush()
        return
    before = Lifecycle(entry.lifecycle)
    watch_from(work, entry, at)
    say_change(work, entry, HappeningKind.CLEARED, before, reason)


def watch_from(work: Work, entry: StatusEntry, at: datetime) -> None:
    """Watch an entry that is clear since a moment; one that people resolved stays so, and reopens on a relapse.

    Where people say that it is still broken, the machine's word ends nothing.
    """
    if entry.disputed_at is not None:
        return
    entry.clear_since = at
    entry.clear_due_at = at + clear_span(work, entry.device_id, codes_of_entry(work, entry.device_id, entry.id))
    if entry.lifecycle != Lifecycle.RESOLVED:
        entry.lifecycle = Lifecycle.MONITORING


def _confirm(work: Work, entry: StatusEntry, spoken_at: datetime | None) -> None:
    """Resolve an entry as of when its span was over, or ask again later."""
    codes = codes_of_entry(work, entry.device_id, entry.id)
    ended_at = (entry.clear_since or entry.opened_at) + clear_span(work, entry.device_id, codes)
    if ended_at > work.now:
        entry.clear_due_at = ended_at  # the span was made longer meanwhile
        return
    if spoken_at is None or spoken_at < ended_at or is_any_running(work, entry, codes):
        entry.clear_due_at = work.now + _ASKED_AGAIN_AFTER
        return
    entry.lifecycle, entry.resolved_at, entry.clear_due_at = Lifecycle.RESOLVED, ended_at, ended_at
    tell_step(
        work,
        entry,
        HappeningKind.CONFIRMED,
        Lifecycle.MONITORING,
        {"clear_since_ms": to_ms(entry.clear_since or entry.opened_at), "at_ms": to_ms(ended_at)},
    )


def clear_span(work: Work, device_id: UUID, codes: Iterable[str]) -> timedelta:
    """Return how long a machine must be clear of these: the longest of their spans."""
    owners = ownerships_at(work, [device_id], work.now)
    frame = frames_of(work, [device_id], owners.values())[device_id]
    return timedelta(milliseconds=max((frame.clear_after_ms(code) for code in codes), default=0))


def last_heard(work: Work, device_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return when each device last spoke, by the time of its samples."""
    wanted = DeviceStatus.device_id.in_(set(device_ids))
    query = select(DeviceStatus.device_id, DeviceStatus.last_sample_at_ms).where(wanted)
    return {device_id: from_ms(at_ms) for device_id, at_ms in work.session.execute(query) if at_ms is not None}
