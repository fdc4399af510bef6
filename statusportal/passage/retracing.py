"""Telling a device's history again from a state it once was in, slice by slice, and writing what came out.

The slices may be heard in works of their own, which write nothing and hold nobody up; only the end is a transaction.

Source: docs/adr/0048-late-samples.md.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from devices.reading import Quality
from statusportal.derivation.vocabulary import MOST_AHEAD_MS, DeviceState, Observation, Shift
from statusportal.foundation.clock import to_ms
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.history.retelling import Piece, Retold, Tale, corrected, overlay
from statusportal.status.events import HistoryCorrected
from statusportal.status.keeping import Case
from statusportal.status.models import StatusInterval
from statusportal.status.storing import Owner
from statusportal.telemetry.queries import slice_within
from statusportal.work import Work

_AT_THE_END = 10_000


@dataclass(slots=True)
class Retracing:
    """A history that is being told again: by which rules and for which owner, and how far it has come.

    Units: milliseconds since 1970 UTC; `next_ms` is the time of the first sample to be heard next, `base_ms` that of
    the state from which it set out. `asked` tells how often it was asked for when it began.
    """

    device_id: UUID
    owner: Owner | None
    tale: Tale
    next_ms: int
    base_ms: int = 0
    heard: int = 0
    asked: int = 0

    def fits(self, case: Case) -> bool:
        """Tell whether its rules and its owner are still those of the device."""
        is_same_owner = (self.owner and self.owner.id) == (case.owner and case.owner.id)
        return is_same_owner and self.tale.frame.mark == case.frame.mark


def hear_on(work: Work, retracing: Retracing, about: int) -> bool:
    """Hear the next samples, and tell whether there are more."""
    until_ms = to_ms(work.now) + MOST_AHEAD_MS
    found, whole_until_ms = slice_within(work, retracing.device_id, (retracing.next_ms, until_ms + 1), about)
    samples = [
        Observation(name, one.at_ms, one.value, one.quality is Quality.GOOD, is_stale=one.quality is Quality.STALE)
        for name, one in found
    ]
    retracing.tale.hear(samples, to_ms(work.now))
    retracing.heard += len(samples)
    if samples:
        retracing.next_ms = samples[-1].at_ms + 1
    return whole_until_ms is not None


def finish(work: Work, case: Case, retracing: Retracing) -> None:
    """Hear what came meanwhile, write the history that was told, and go on from the state that it leads to."""
    while hear_on(work, retracing, _AT_THE_END):
        pass
    if case.state is None or case.owner is None or retracing.tale.is_empty:
        return
    retold = retracing.tale.end(to_ms(work.now))
    _take(work, case, case.state, retold)
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
