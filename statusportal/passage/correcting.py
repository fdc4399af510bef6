"""Correcting history by samples that came late, at most once in a while.

A late sample only marks its device; the expiry queue comes back to it, so that a flood of them is told again once. What
is long waits for a job of its own, which tells it slice by slice and holds nobody up.
Source: docs/adr/0048-late-samples.md and 0044-no-device-stops-another.md; 10,000 samples are told again in well under a
second, a million in some twenty, and a week is how long a gateway may be away over holidays.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
import structlog
from sqlalchemy import delete, select

from statusportal.derivation.vocabulary import MOST_AHEAD_MS, DeviceState, Observation
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.vocabulary import Connectivity
from statusportal.history.retelling import Tale, is_behind
from statusportal.passage.keeping_states import superfluous
from statusportal.passage.retracing import Retracing, finish, hear_on
from statusportal.status.keeping import Case, cases_of, keep_all
from statusportal.status.models import KeptState, LongCorrection
from statusportal.status.storing import Standing
from statusportal.telemetry.policy import END_OF_TIME_MS
from statusportal.telemetry.queries import first_after
from statusportal.work import Work

HORIZON_MS = 7 * 24 * 3_600_000
MOST_SAMPLES = 10_000
MOST_SAMPLES_LONG = 1_000_000
KEEP_EVERY_MS = 6 * 3_600_000
PAUSE = timedelta(seconds=30)

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
        mark_late(work, row, min(late))


def note_ahead(work: Work, case: Case, observations: Iterable[Observation], arrived_ms: int) -> None:
    """Mark a device some of whose samples are ahead of their time: history is told again with them once it has come."""
    ahead = [one.at_ms for one in observations if one.is_ahead(arrived_ms)]
    if ahead and case.row is not None:
        mark_late(work, case.row, min(ahead))


def mark_late(work: Work, row: Standing, since_ms: int) -> None:
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
    if state.is_aside:
        return
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
    kept = work.session.scalars(select(KeptState.at_ms).where(mine)).all()
    if old := superfluous(kept, to_ms(work.now) - HORIZON_MS):
        work.session.execute(delete(KeptState).where(mine, KeptState.at_ms.in_(old)))


def correct_due(work: Work, case: Case) -> None:
    """Tell a device's history again if it is time to; what would take too long to tell stays as it is."""
    row, state = case.row, case.state
    if row is None or state is None or state.is_aside or row.correct_at is None or row.correct_at > work.now:
        return
    late_from_ms, row.late_from_ms, row.correct_at = row.late_from_ms, None, None
    if late_from_ms is None or case.owner is None:
        return
    until_ms = to_ms(work.now)
    next_ms = first_after(work, case.device_id, until_ms + MOST_AHEAD_MS)
    if next_ms is not None:
        mark_late(work, row, next_ms)
    retracing = from_kept(work, case, late_from_ms)
    if retracing is not None and hear_on(work, retracing, MOST_SAMPLES):
        _leave_to_the_job(work, case.device_id, late_from_ms)
    elif retracing is not None and retracing.heard:
        _correct(work, case, retracing)
    else:
        log.warning("history left as it is", device=str(case.device_id))


def _leave_to_the_job(work: Work, device_id: UUID, late_from_ms: int) -> None:
    row = work.session.get(LongCorrection, device_id)
    if row is None:
        work.session.add(LongCorrection(device_id=device_id, from_ms=late_from_ms))
    else:
        row.from_ms, row.asked = min(row.from_ms, late_from_ms), row.asked + 1


def from_kept(work: Work, case: Case, late_from_ms: int) -> Retracing | None:
    """Begin to tell history again from the newest state that was kept before a time; None where there is none."""
    kept = _kept(work, case, late_from_ms)
    if kept is None:
        return None
    base = None if kept.state is None else msgspec.convert(kept.state, DeviceState, strict=False)
    return Retracing(case.device_id, case.owner, Tale(case.frame, base), max(case.from_ms, kept.at_ms + 1), kept.at_ms)


def _correct(work: Work, case: Case, retracing: Retracing) -> None:
    """Write what was told; what was kept after the late sample's time knows nothing of it."""
    finish(work, case, retracing)
    mine = KeptState.device_id == case.device_id
    work.session.execute(delete(KeptState).where(mine, KeptState.at_ms > retracing.base_ms))
    if case.row is not None:
        case.row.kept_ms = None if retracing.tale.is_from_nothing else retracing.base_ms


def long_ones(work: Work, most: int) -> Sequence[UUID]:
    """List devices whose history waits to be told again by a job of its own, because it is long."""
    return work.session.scalars(select(LongCorrection.device_id).order_by(LongCorrection.device_id).limit(most)).all()


def begin_long(work: Work, device_id: UUID) -> Retracing | None:
    """Begin to tell a long history again; None where it cannot be told from any state that was kept."""
    row = work.session.get(LongCorrection, device_id)
    case = cases_of(work, [device_id])[device_id]
    is_told = row is None or case.state is None or case.state.is_aside
    retracing = None if is_told or row is None else from_kept(work, case, row.from_ms)
    if retracing is not None and row is not None:
        retracing.asked = row.asked
    return retracing


def drop_long(work: Work, device_id: UUID) -> None:
    """Leave a history as it is: it cannot be told again, or is too long."""
    log.warning("history left as it is", device=str(device_id))
    row = work.session.get(LongCorrection, device_id)
    if row is not None:
        work.session.delete(row)


def end_long(work: Work, retracing: Retracing) -> None:
    """Write a long history that was told again, if nothing stands in between: else it is told once more."""
    row = work.session.get(LongCorrection, retracing.device_id)
    case = cases_of(work, [retracing.device_id])[retracing.device_id]
    if row is None or case.state is None or case.state.is_aside or not retracing.fits(case):
        return
    _correct(work, case, retracing)
    if row.asked == retracing.asked:  # else samples came late while it was told
        work.session.delete(row)
    keep_all(work, [case])


def _is_late(case: Case, state: DeviceState, one: Observation, now_ms: int) -> bool:
    is_of_silence = (
        state.connectivity is Connectivity.OFFLINE
        and state.heard_ms is not None
        and state.heard_ms + case.frame.offline_ms < one.at_ms < now_ms - case.frame.offline_ms
    )
    return is_of_silence or is_behind(case.frame, state, one)


def _kept(work: Work, case: Case, late_from_ms: int) -> KeptState | None:
    """Return the newest state before a time that was kept under the present owner and the present rules."""
    query = select(KeptState).where(
        KeptState.device_id == case.device_id,
        KeptState.at_ms < late_from_ms,
        KeptState.ownership_id == (case.owner.id if case.owner else None),
        KeptState.mark == case.frame.mark,
    )
    return work.session.scalars(query.order_by(KeptState.at_ms.desc()).limit(1)).one_or_none()
