"""Correcting history by samples that came late, at most once in a while and over no more samples than can be told soon.

A late sample only marks its device; the expiry queue comes back to it, so that a flood of them is told again once.
Source: docs/adr/0048-late-samples.md; 12 hours are a shift in which a gateway is out of reach, and 10,000 samples are
told again in well under a second.
"""

from collections.abc import Iterable
from datetime import timedelta

import msgspec
import structlog
from sqlalchemy import delete, select

from devices.reading import Quality
from statusportal.derivation.vocabulary import MOST_AHEAD_MS, DeviceState, Observation, Shift
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.history.retelling import Piece, Retold, corrected, newest_judged, overlay, retell
from statusportal.status.events import HistoryCorrected
from statusportal.status.keeping import Case
from statusportal.status.models import DeviceStatus, KeptState, StatusInterval
from statusportal.telemetry.policy import END_OF_TIME_MS
from statusportal.telemetry.queries import first_after, samples_within
from statusportal.work import Work

HORIZON_MS = 12 * 3_600_000
MOST_SAMPLES = 10_000
KEEP_EVERY_MS = HORIZON_MS // 2
PAUSE = timedelta(seconds=30)
_KEPT = 3

log = structlog.get_logger()


def note_late(work: Work, case: Case, observations: Iterable[Observation]) -> None:
    """Mark a device whose samples came behind newer ones, or tell of a time at which it was not heard.

    The state is the one before they are heard. What is older than the horizon is kept as samples and corrects nothing.
    """
    state, row = case.state, case.row
    if state is None or row is None or case.owner is None:
        return
    now_ms = to_ms(work.now)
    recent = [one for one in observations if one.is_good and one.at_ms >= now_ms - HORIZON_MS]
    late = [one.at_ms for one in recent if _is_late(case, state, one, now_ms)]
    if late:
        _mark(work, row, min(late))


def note_ahead(work: Work, case: Case, observations: Iterable[Observation], arrived_ms: int) -> None:
    """Mark a device some of whose samples are ahead of their time: history is told again with them once it has come."""
    ahead = [one.at_ms for one in observations if one.is_ahead(arrived_ms)]
    if ahead and case.row is not None:
        _mark(work, case.row, min(ahead))


def _mark(work: Work, row: DeviceStatus, since_ms: int) -> None:
    """Let history be told again from a time on: soon, or when that time has come."""
    correct_at = max(work.now + PAUSE, from_ms(since_ms))
    row.late_from_ms = since_ms if row.late_from_ms is None else min(row.late_from_ms, since_ms)
    row.correct_at = correct_at if row.correct_at is None else min(row.correct_at, correct_at)


def keep_state(work: Work, case: Case) -> None:
    """Keep the state now and then if nothing late is missing from it; of a new device, that nothing was heard."""
    row, state = case.row, case.state
    if row is None or state is None or case.owner is None:
        return
    if case.is_new:
        _keep(work, case, case.from_ms - 1, None)
    at_ms = state.last_event_ms
    if case.is_new or at_ms is None or at_ms > min(to_ms(work.now), (row.late_from_ms or END_OF_TIME_MS) - 1):
        return
    if row.kept_ms is None or at_ms >= row.kept_ms + KEEP_EVERY_MS:
        _keep(work, case, at_ms, state)
        row.kept_ms = at_ms
        _forget_old(work, case)


def _keep(work: Work, case: Case, at_ms: int, state: DeviceState | None) -> None:
    row = KeptState(
        device_id=case.device_id,
        at_ms=at_ms,
        ownership_id=case.owner.id if case.owner else None,
        mark=case.frame.mark,
        state=None if state is None else msgspec.to_builtins(state),
    )
    work.session.add(row)


def _forget_old(work: Work, case: Case) -> None:
    work.session.flush()
    mine = KeptState.device_id == case.device_id
    newest_first = select(KeptState.at_ms).where(mine).order_by(KeptState.at_ms.desc())
    old = work.session.scalars(newest_first.offset(_KEPT)).all()
    if old:
        work.session.execute(delete(KeptState).where(mine, KeptState.at_ms.in_(old)))


def correct_due(work: Work, case: Case) -> None:
    """Tell a device's history again if it is time to; what would take too long to tell stays as it is."""
    row, state = case.row, case.state
    if row is None or state is None or row.correct_at is None or row.correct_at > work.now:
        return
    late_from_ms, row.late_from_ms, row.correct_at = row.late_from_ms, None, None
    if late_from_ms is None or case.owner is None:
        return
    until_ms = to_ms(work.now)
    next_ms = first_after(work, case.device_id, until_ms + MOST_AHEAD_MS)
    if next_ms is not None:
        _mark(work, row, next_ms)
    kept = _kept(work, case, late_from_ms)
    samples = [] if kept is None else _samples(work, case, max(case.from_ms, kept.at_ms + 1))
    if kept is None or not samples or len(samples) > MOST_SAMPLES:
        log.warning("history left as it is", device=str(case.device_id), samples=len(samples))
        return
    base = None if kept.state is None else msgspec.convert(kept.state, DeviceState, strict=False)
    retold = retell(case.frame, base, samples, until_ms)
    _take(work, case, state, retold)
    # What was kept after the late sample's time knows nothing of it.
    mine = KeptState.device_id == case.device_id
    work.session.execute(delete(KeptState).where(mine, KeptState.at_ms > kept.at_ms))
    row.kept_ms = None if base is None else kept.at_ms
    work.emit(
        HistoryCorrected(
            device_id=case.device_id,
            organisation_id=case.owner.organisation_id,
            ownership_id=case.owner.id,
            since_ms=retold.known[0].from_ms,
            active=retold.active,
        )
    )


def _take(work: Work, case: Case, state: DeviceState, retold: Retold) -> None:
    """Write corrected history and go on from the corrected state."""
    stored = _stored(work, case, retold.known[0].from_ms)
    history = overlay(stored, retold.known)
    if history != stored:
        _write(work, case, stored, history)
    case.state = corrected(state, retold.state, history)
    before, after = (state.health, state.connectivity), (case.state.health, case.state.connectivity)
    shift = Shift(case.state.changed_ms, before[0], after[0], before[1], after[1], case.state.reason)
    case.tell(work, (shift,) if before != after else ())


def _is_late(case: Case, state: DeviceState, one: Observation, now_ms: int) -> bool:
    newest_ms = newest_judged(case.frame, state, one.signal)
    is_of_silence = (
        state.connectivity is Connectivity.OFFLINE
        and state.heard_ms is not None
        and state.heard_ms + case.frame.offline_ms < one.at_ms < now_ms - case.frame.offline_ms
    )
    return is_of_silence or (newest_ms is not None and one.at_ms < newest_ms)


def _kept(work: Work, case: Case, late_from_ms: int) -> KeptState | None:
    """Return the newest state before a time that was kept under the present owner and the present rules."""
    query = select(KeptState).where(
        KeptState.device_id == case.device_id,
        KeptState.at_ms < late_from_ms,
        KeptState.ownership_id == (case.owner.id if case.owner else None),
        KeptState.mark == case.frame.mark,
    )
    return work.session.scalars(query.order_by(KeptState.at_ms.desc()).limit(1)).one_or_none()


def _samples(work: Work, case: Case, since_ms: int) -> list[Observation]:
    """Read what a device sent from a time on to now, in its order; of too many, one more than can be told."""
    found = samples_within(work, case.device_id, (since_ms, to_ms(work.now) + MOST_AHEAD_MS + 1), MOST_SAMPLES + 1)
    return [
        Observation(name, one.at_ms, one.value, one.quality is Quality.GOOD, is_stale=one.quality is Quality.STALE)
        for name, one in found
    ]


def _stored(work: Work, case: Case, since_ms: int) -> list[Piece]:
    query = select(StatusInterval).where(StatusInterval.device_id == case.device_id).order_by(StatusInterval.from_ms)
    rows = work.session.scalars(query.where(StatusInterval.to_ms.is_(None) | (StatusInterval.to_ms > since_ms)))
    return [
        Piece(row.from_ms, row.to_ms, Health(row.health), Connectivity(row.connectivity), dict(row.cause))
        for row in rows
    ]


def _write(work: Work, case: Case, stored: list[Piece], history: list[Piece]) -> None:
    mine = StatusInterval.device_id == case.device_id
    replaced = select(StatusInterval).where(mine, StatusInterval.from_ms >= stored[0].from_ms)
    rows = {row.from_ms: row for row in work.session.scalars(replaced)}
    for gone_ms in rows.keys() - {piece.from_ms for piece in history}:
        work.session.delete(rows[gone_ms])
    for piece in history:
        row = rows.get(piece.from_ms)
        if row is None:
            row = StatusInterval(device_id=case.device_id, from_ms=piece.from_ms)
            work.session.add(row)
        row.to_ms, row.health, row.connectivity = piece.to_ms, piece.health.value, piece.connectivity.value
        row.cause = dict(piece.cause)
    work.session.flush()
