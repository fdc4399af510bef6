"""Deleting what is due, a batch at a time, by the portal itself. Entries, evidence and snapshots know nothing of it."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from statusportal.foundation.clock import to_ms
from statusportal.identity.models import SignIn
from statusportal.retention.models import RetentionRun
from statusportal.retention.vocabulary import Kept, days_of
from statusportal.takeout.models import Takeout
from statusportal.takeout.vocabulary import UNDERWAY, TakeoutState
from statusportal.telemetry.models import Sample, SampleConflict, Signal
from statusportal.work import Work

AT_ONCE = 5_000
# A look a day proves enough and costs nothing.
EVERY = timedelta(days=1)


def due_until(work: Work, kind: Kept) -> datetime | None:
    """Return before which instant records of a kind are to go now; None when it is kept, or was looked at today."""
    days = days_of(work.settings, kind)
    if days == 0:
        return None
    last = work.session.scalar(
        select(func.max(RetentionRun.at, type_=RetentionRun.at.type)).where(RetentionRun.kind == kind.value)
    )
    return None if last is not None and work.now - last < EVERY else work.now - timedelta(days=days)


def delete_batch(work: Work, kind: Kept, until_at: datetime) -> int:
    """Delete some of what is older, and return how many records went; 0 when nothing is left."""
    if kind is Kept.SAMPLES:
        return _delete_samples(work, to_ms(until_at))
    if kind is Kept.SIGN_INS:
        old = select(SignIn.id).where((SignIn.ended_at < until_at) | (SignIn.expires_at < until_at)).limit(AT_ONCE)
        return _count(work.session.execute(delete(SignIn).where(SignIn.id.in_(old))))
    open_states = (*UNDERWAY, TakeoutState.READY)
    past = select(Takeout.id).where(Takeout.asked_at < until_at, Takeout.state.not_in(open_states)).limit(AT_ONCE)
    return _count(work.session.execute(delete(Takeout).where(Takeout.id.in_(past))))


def note_run(work: Work, kind: Kept, until_at: datetime, deleted: int) -> None:
    """Keep the proof."""
    work.session.add(RetentionRun(kind=kind.value, until_at=until_at, deleted=deleted, at=work.now))


def _delete_samples(work: Work, until_ms: int) -> int:
    """Delete along the key, signal by signal, so that a batch reads no more than it deletes."""
    conflicts = delete(SampleConflict).where(SampleConflict.at_ms < until_ms)
    for device_id, number in work.session.execute(select(Signal.device_id, Signal.number)).all():
        of_signal = (Sample.device_id == device_id, Sample.signal_number == number, Sample.at_ms < until_ms)
        oldest = select(Sample.at_ms).where(*of_signal).order_by(Sample.at_ms).limit(AT_ONCE)
        last_ms = work.session.scalar(select(func.max(oldest.subquery().c.at_ms)))
        if last_ms is not None:
            return _count(work.session.execute(delete(Sample).where(*of_signal, Sample.at_ms <= last_ms)))
    work.session.execute(conflicts)
    return 0


def _count(done: object) -> int:
    return int(getattr(done, "rowcount", 0))
