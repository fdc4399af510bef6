"""Setting aside: an error in one device's derivation stops that device alone, and loses nothing of it.

What fails as a whole is rehearsed by halves until the devices are found that fail alone. Those are set aside: their
samples are stored like ever, only life is heard, and their health is unknown with the reason said. They are tried again
ever more seldom, when the portal starts, and when their model changes, from the state that they were left in.

Source: docs/adr/0044-no-device-stops-another.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from msgspec.structs import replace
from sqlalchemy import func, select, update

from statusportal.access.actor import SYSTEM
from statusportal.catalogue.events import ModelChanged
from statusportal.derivation.derive import go_on, set_aside
from statusportal.derivation.vocabulary import DeviceState, Observation, unheard
from statusportal.fleet.models import Device
from statusportal.foundation.clock import to_ms
from statusportal.foundation.ids import new_id
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.history.retelling import Tale
from statusportal.passage.correcting import from_kept, mark_late
from statusportal.passage.retracing import Retracing, finish
from statusportal.status.keeping import cases_of, keep_all
from statusportal.status.models import DeviceStatus, SetAside
from statusportal.work import Work, Works, culprits_of

_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)
_TRIES_AS_LEFT = 3

log = structlog.get_logger()


def isolate(
    works: Works, error: Exception, device_ids: Sequence[UUID], act: Callable[[Work, Sequence[UUID]], None]
) -> list[UUID]:
    """Set aside those devices for which alone an act fails that failed for all of them, and return them.

    One that fails although only its life is heard falls mute: its samples are kept, and that is all.
    Raises: the error, where no device is to blame.
    """
    culprits = culprits_of(works, SYSTEM, device_ids, act)
    if not culprits:
        raise error

    def put_some_aside(work: Work, some: Sequence[UUID]) -> None:
        put_aside(work, {one: culprits[one] for one in some})

    with works.reading(SYSTEM) as work:
        mute = set(those_aside(work, culprits))
    mute |= set(culprits_of(works, SYSTEM, [one for one in culprits if one not in mute], put_some_aside))
    with works.writing(SYSTEM) as work:
        ids = put_aside(work, {one: err for one, err in culprits.items() if one not in mute})
        ids |= _silence(work, {one: culprits[one] for one in mute})
    for device_id, err in culprits.items():
        log.error("device set aside", device=str(device_id), error_id=str(ids[device_id]), exc_info=err)
    return list(culprits)


def put_aside(work: Work, errors: Mapping[UUID, Exception]) -> dict[UUID, UUID]:
    """Say of devices that they cannot be derived, and return the id of each one's error."""
    cases = cases_of(work, errors)
    now_ms = to_ms(work.now)
    for case in cases.values():
        case.take(work, set_aside(case.frame, case.state or unheard(now_ms), now_ms))
        if case.row is not None and case.row.correct_at is not None and case.row.correct_at <= work.now:
            case.row.late_from_ms = case.row.correct_at = None  # it may be this that fails: history stays as it is
    keep_all(work, cases.values())
    return {device_id: _note(work, device_id, error).error_id for device_id, error in errors.items()}


def those_aside(work: Work, device_ids: Iterable[UUID]) -> dict[UUID, SetAside]:
    """Return which of the devices are set aside."""
    rows = work.session.scalars(select(SetAside).where(SetAside.device_id.in_(set(device_ids))))
    return {row.device_id: row for row in rows}


def note_missed(aside: SetAside, observations: Sequence[Observation]) -> None:
    """Remember the oldest sample that was not heard."""
    oldest_ms = min((one.at_ms for one in observations), default=None)
    if oldest_ms is not None:
        aside.from_ms = oldest_ms if aside.from_ms is None else min(aside.from_ms, oldest_ms)
        aside.since_try_ms = oldest_ms if aside.since_try_ms is None else min(aside.since_try_ms, oldest_ms)


def due_for_retry(work: Work, most: int) -> Sequence[UUID]:
    """List devices that are to be tried again now."""
    due = select(SetAside.device_id).where(SetAside.retry_at <= work.now).order_by(SetAside.retry_at)
    return work.session.scalars(due.limit(most)).all()


def count_aside(work: Work) -> int:
    """Count the devices that are set aside."""
    return work.session.scalar(select(func.count()).select_from(SetAside)) or 0


def retry_all_now(work: Work) -> None:
    """Let every device that is set aside be tried again: another version of the portal may know better."""
    work.session.execute(update(SetAside).values(retry_at=work.now))


def retry_model(work: Work, event: ModelChanged) -> None:
    """Let the devices of a changed model be tried again by its new rules."""
    devices = select(Device.id).where(Device.model_id == event.model_id)
    again = update(SetAside).where(SetAside.device_id.in_(devices)).values(retry_at=work.now)
    work.session.execute(again, execution_options={"synchronize_session": False})


def note_failed_again(work: Work, device_id: UUID, error: Exception) -> None:
    """Try a device again later, ever more seldom."""
    row = work.session.get(SetAside, device_id)
    if row is None:
        return
    row.attempts += 1
    row.kind = type(error).__name__
    row.retry_at = work.now + min(_FIRST_WAIT * (1 << min(row.attempts, 10)), _LONGEST_WAIT)
    log.error("device fails again", device=str(device_id), error_id=str(row.error_id), exc_info=error)


def begin_to_resume(work: Work, device_id: UUID) -> Retracing | None:
    """Try a device again: go on from the state it was left in; None where it is not set aside any more.

    Where that fails again and again, go on from the newest state that was kept, in case the state itself is at fault.
    """
    row = work.session.get(SetAside, device_id)
    case = cases_of(work, [device_id])[device_id]
    if row is None or case.state is None or case.row is None or not case.state.is_aside:
        if row is not None:
            work.session.delete(row)  # it has begun anew for another owner
        return None
    row.since_try_ms = None
    since_ms = to_ms(row.since) if row.from_ms is None else row.from_ms
    if row.attempts >= _TRIES_AS_LEFT and (retracing := from_kept(work, case, since_ms)) is not None:
        return retracing
    return Retracing(device_id, case.owner, Tale(case.frame, _left(case.state, since_ms)), max(case.from_ms, since_ms))


def resume(work: Work, retracing: Retracing) -> None:
    """End the trial: what the device sent was heard, and it is derived like ever."""
    row = work.session.get(SetAside, retracing.device_id)
    case = cases_of(work, [retracing.device_id])[retracing.device_id]
    if row is None or case.state is None or case.row is None or not case.state.is_aside or not retracing.fits(case):
        return
    if row.is_mute and case.row.due_at is None:
        case.row.due_at = work.now
    if retracing.tale.is_empty:
        case.take(work, go_on(case.frame, case.state, to_ms(work.now)))
    finish(work, case, retracing)
    if row.since_try_ms is not None and row.since_try_ms < retracing.next_ms:
        mark_late(work, case.row, row.since_try_ms)
    work.session.delete(row)
    keep_all(work, [case])


def _left(state: DeviceState, since_ms: int) -> DeviceState | None:
    """Return the state in which a device was left, as of just before the first sample that it was not heard by."""
    if state.known_health is Health.UNKNOWN and state.memory is None:
        return None
    is_heard = state.connectivity is not Connectivity.NEVER_SEEN
    return replace(
        state,
        aside_since_ms=None,
        connectivity=Connectivity.ONLINE if is_heard else state.connectivity,
        heard_ms=None if state.heard_ms is None else min(state.heard_ms, since_ms - 1),
        last_event_ms=since_ms - 1,
        changed_ms=min(state.changed_ms, since_ms - 1),
    )


def _note(work: Work, device_id: UUID, error: Exception) -> SetAside:
    row = work.session.get(SetAside, device_id)
    if row is None:
        row = SetAside(device_id=device_id, since=work.now, error_id=new_id(), retry_at=work.now + _FIRST_WAIT)
        work.session.add(row)
    row.kind = type(error).__name__
    work.session.flush()
    return row


def _silence(work: Work, errors: Mapping[UUID, Exception]) -> dict[UUID, UUID]:
    """Leave devices alone of which not even life can be heard; their expiry queue stands still."""
    ids = {}
    for device_id, error in errors.items():
        row = _note(work, device_id, error)
        row.is_mute, ids[device_id] = True, row.error_id
    still = update(DeviceStatus).where(DeviceStatus.device_id.in_(errors)).values(due_at=None)
    work.session.execute(still, execution_options={"synchronize_session": False})
    return ids
