"""Entries follow history that was corrected: times become the true ones, and nothing is told twice.

What was told and was not so is taken back in the same entry, where people may have talked about it; what nobody knew of
gets its place as if it had been known in time.
Source: docs/adr/0048-late-samples.md.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select

from statusportal.activations.models import Activation
from statusportal.activations.queries import activations_since, codes_of_entry, is_any_running
from statusportal.conditions.opening import tell_found
from statusportal.conditions.saying import say_change
from statusportal.conditions.settling import watch_from
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import visible_entries
from statusportal.entries.vocabulary import HappeningKind, Lifecycle
from statusportal.foundation.clock import from_ms
from statusportal.history.retelling import Times
from statusportal.status.events import ConditionRaised, HistoryCorrected
from statusportal.work import Work

_FOREVER_MS = 2**62


def reconcile(work: Work, event: HistoryCorrected) -> None:
    """Bring activations to what is known now, and the entries that stand for them."""
    rows = list(activations_since(work, event.device_id, event.ownership_id, event.since_ms))
    touched: set[UUID] = set()
    for times in event.active:
        row = _same(rows, times)
        if row is None:
            touched |= _place(work, event, times)
        else:
            rows.remove(row)
            touched |= _correct(work, row, times)
    for row in rows:  # these never were
        touched |= {row.entry_id} if row.entry_id else set()
        work.session.delete(row)
    work.session.flush()
    for entry_id in touched:
        _follow(work, event.device_id, entry_id)


def _same(rows: Iterable[Activation], times: Times) -> Activation | None:
    """Return what was told of the same time: of the same code, and overlapping."""
    end_ms = _FOREVER_MS if times.to_ms is None else times.to_ms
    for row in rows:
        row_end_ms = _FOREVER_MS if row.to_ms is None else row.to_ms
        if row.code == times.code and row.from_ms <= end_ms and times.from_ms <= row_end_ms:
            return row
    return None


def _correct(work: Work, row: Activation, times: Times) -> set[UUID]:
    if (row.from_ms, row.to_ms) == (times.from_ms, times.to_ms):
        return set()
    if row.from_ms != times.from_ms:
        work.session.delete(row)
        work.session.flush()
        row = _row(times, row.device_id, row.ownership_id, row.entry_id)
        work.session.add(row)
    row.to_ms, row.ended = times.to_ms, None if times.ended is None else dict(times.ended)
    work.session.flush()
    return {row.entry_id} if row.entry_id else set()


def _place(work: Work, event: HistoryCorrected, times: Times) -> set[UUID]:
    row = _row(times, event.device_id, event.ownership_id, None)
    work.session.add(row)
    work.session.flush()
    raised = ConditionRaised(
        device_id=event.device_id,
        organisation_id=event.organisation_id,
        ownership_id=event.ownership_id,
        code=times.code,
        health=times.health,
        reason=times.reason,
        at=from_ms(times.from_ms),
        value=None,
        signal_name=times.signal_name,
    )
    tell_found(work, raised, row)
    return {row.entry_id} if row.entry_id else set()


def _row(times: Times, device_id: UUID, ownership_id: UUID, entry_id: UUID | None) -> Activation:
    return Activation(
        device_id=device_id,
        code=times.code,
        from_ms=times.from_ms,
        to_ms=times.to_ms,
        ownership_id=ownership_id,
        entry_id=entry_id,
        health=times.health.value,
        reason=dict(times.reason),
        ended=None if times.ended is None else dict(times.ended),
    )


def _follow(work: Work, device_id: UUID, entry_id: UUID) -> None:
    """Let an entry say what its activations are now."""
    query = select(StatusEntry).where(visible_entries(work.actor, work.now), StatusEntry.id == entry_id)
    entry = work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if entry is None:
        return
    before = Lifecycle(entry.lifecycle)
    times = _times(work, device_id, entry_id)
    entry.event_count = times[0]
    if times[0] == 0 and entry.disputed_at is None:
        entry.lifecycle, entry.resolved_at = Lifecycle.RESOLVED, work.now
        entry.clear_since = entry.clear_due_at = None
    elif times[0]:
        entry.opened_at, entry.last_event_at = from_ms(times[1]), from_ms(times[2])
        codes = codes_of_entry(work, device_id, entry_id)
        if is_any_running(work, entry, codes):
            entry.lifecycle = Lifecycle.OPEN if before in (Lifecycle.MONITORING, Lifecycle.RESOLVED) else before
            entry.resolved_at = entry.clear_since = entry.clear_due_at = None
        else:
            watch_from(work, entry, from_ms(times[2]))
    say_change(work, entry, HappeningKind.CORRECTED, before, {})


def _times(work: Work, device_id: UUID, entry_id: UUID) -> Sequence[int]:
    """Return how many there are, when the first began and when the last changed."""
    mine = Activation.device_id == device_id, Activation.entry_id == entry_id
    changed = func.max(func.coalesce(Activation.to_ms, Activation.from_ms))
    count, first, last = work.session.execute(
        select(func.count(), func.min(Activation.from_ms), changed).where(*mine)
    ).one()
    return count, first, last
