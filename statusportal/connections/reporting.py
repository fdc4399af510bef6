"""The verb of the runner: write down what a connection did, at a bounded rate and in bounded space."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.connections.models import Connection, ConnectionHappening, UnknownSerial
from statusportal.connections.vocabulary import Happening, Progress
from statusportal.work import Work

HAPPENINGS_KEPT = 1_000
UNKNOWN_SERIALS_KEPT = 1_000


def report_progress(work: Work, organisation_id: UUID, connection_id: UUID, progress: Progress) -> None:
    """Add what a connection did to its counters and its page; a connection deleted meanwhile is no error."""
    require(work.actor, Permission.CONNECTION_ADMINISTER, organisation_id)
    row = work.session.get(Connection, (organisation_id, connection_id))
    if row is None:
        return
    _count(row, progress)
    if progress.state is not None and progress.state.value != row.state:
        row.state = progress.state.value
        row.state_since = work.now
    if progress.last_error is not None:
        row.last_error = progress.last_error
        row.last_error_at = progress.last_error_at
    work.session.add_all(_line(row, one) for one in progress.happenings)
    for serial, samples in progress.unknown.items():
        _note_unknown(work, row, serial, samples)
    work.session.flush()
    if progress.happenings:
        _forget_oldest(work, row)


def forget_unknown_serials(work: Work, organisation_id: UUID, connection_id: UUID, serials: list[str]) -> None:
    """Take serial numbers off the list, since a device has them now."""
    require(work.actor, Permission.CONNECTION_ADMINISTER, organisation_id)
    work.session.execute(
        delete(UnknownSerial).where(
            UnknownSerial.organisation_id == organisation_id,
            UnknownSerial.connection_id == connection_id,
            UnknownSerial.serial.in_(serials),
        )
    )


def _count(row: Connection, progress: Progress) -> None:
    row.accepted += progress.accepted
    row.duplicates += progress.duplicates
    row.conflicts += progress.conflicts
    row.rejected += progress.rejected
    row.last_heard_at = progress.heard_at or row.last_heard_at


def _line(row: Connection, happening: Happening) -> ConnectionHappening:
    return ConnectionHappening(
        organisation_id=row.organisation_id,
        connection_id=row.id,
        kind=happening.kind.value,
        from_at=happening.from_at,
        at=happening.at,
        detail=happening.detail,
        topic=happening.topic,
        excerpt=happening.excerpt,
    )


def _note_unknown(work: Work, row: Connection, serial: str, samples: int) -> None:
    known = work.session.get(UnknownSerial, (row.organisation_id, row.id, serial))
    if known is not None:
        known.last_at = work.now
        known.samples += samples
    elif _count_unknown(work, row) < UNKNOWN_SERIALS_KEPT:
        work.session.add(_unknown(row, serial, samples, work.now))
        work.session.flush()


def _unknown(row: Connection, serial: str, samples: int, at: datetime) -> UnknownSerial:
    return UnknownSerial(
        organisation_id=row.organisation_id,
        connection_id=row.id,
        serial=serial,
        first_at=at,
        last_at=at,
        samples=samples,
    )


def _count_unknown(work: Work, row: Connection) -> int:
    query = select(func.count()).where(
        UnknownSerial.organisation_id == row.organisation_id, UnknownSerial.connection_id == row.id
    )
    return work.session.scalar(query) or 0


def _forget_oldest(work: Work, row: Connection) -> None:
    own = (
        ConnectionHappening.organisation_id == row.organisation_id,
        ConnectionHappening.connection_id == row.id,
    )
    last_kept = (
        select(ConnectionHappening.id)
        .where(*own)
        .order_by(ConnectionHappening.id.desc())
        .offset(HAPPENINGS_KEPT)
        .limit(1)
        .scalar_subquery()
    )
    work.session.execute(
        delete(ConnectionHappening).where(*own, ConnectionHappening.id <= last_kept),
        execution_options={"synchronize_session": False},
    )
