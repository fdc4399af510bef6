"""Reading statuses: the present for those who may look now, the past inside each reader's own periods.

Source: the product's words, Health and Connectivity.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from statusportal.derivation.vocabulary import ConditionState, Phase
from statusportal.fleet.queries import device_for, periods_of, periods_of_many
from statusportal.foundation.clock import to_ms as instant_ms
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.reasons.sentences import reason
from statusportal.reasons.vocabulary import Reason
from statusportal.status.models import Condition, DeviceStatus, StatusInterval
from statusportal.status.policy import actor_sees_present, present_ownerships
from statusportal.status.storing import condition_state
from statusportal.telemetry.policy import within
from statusportal.telemetry.queries import readable_spans
from statusportal.telemetry.vocabulary import Span
from statusportal.work import Work


@dataclass(frozen=True, slots=True)
class StatusNow:
    """How a device fares now; one that was never heard as its defaults say, with no time since when.

    Shape: `last_health` is what was last known, for a device that is silent; `reason` is read by `reasons.sentences`.
    """

    device_id: UUID
    health: Health = Health.UNKNOWN
    last_health: Health = Health.UNKNOWN
    connectivity: Connectivity = Connectivity.NEVER_SEEN
    health_since: datetime | None = None
    connectivity_since: datetime | None = None
    reason: Reason = field(default_factory=lambda: reason("never_seen"))
    last_sample_at_ms: int | None = None
    heard_at: datetime | None = None
    version: int = 0

    @property
    def since(self) -> datetime | None:
        """Return since when the pair of health and connectivity stands."""
        if self.health_since is None or self.connectivity_since is None:
            return None
        return max(self.health_since, self.connectivity_since)


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of a device's history, cut to the reader's periods; `to_ms` is None while it lasts.

    Units: milliseconds since 1970 UTC.
    """

    from_ms: int
    to_ms: int | None
    health: Health
    connectivity: Connectivity
    cause: Reason


def status_of(work: Work, device_id: UUID) -> StatusNow | None:
    """Return a device's present status, or None for a reader who had it once and may not look at it now.

    Raises: NotFound.
    """
    device_for(work, device_id)
    return statuses_of(work, [device_id]).get(device_id)


def statuses_of(work: Work, device_ids: Iterable[UUID]) -> dict[UUID, StatusNow]:
    """Return the present status of those devices that the reader may look at now, in a constant number of queries."""
    wanted = list(device_ids)
    periods = {wanted[0]: periods_of(work, wanted[0])} if len(wanted) == 1 else periods_of_many(work, wanted)
    seen = [one for one in wanted if actor_sees_present(work.actor, periods[one], work.now)]
    rows = {
        row.device_id: row for row in work.session.scalars(select(DeviceStatus).where(DeviceStatus.device_id.in_(seen)))
    }
    found = {}
    for device_id in seen:
        row = rows.get(device_id)
        ownerships = present_ownerships(periods[device_id], work.now)
        is_theirs = row is not None and (work.actor.is_operator or row.ownership_id in ownerships)
        found[device_id] = _status(row) if row is not None and is_theirs else StatusNow(device_id)
    return found


def conditions_of(work: Work, device_id: UUID) -> list[ConditionState]:
    """List a device's conditions that are or were active under the present owner, the worst active first.

    Shape: empty for a reader who may not look at the device now. Raises: NotFound.
    """
    device_for(work, device_id)
    return conditions_of_many(work, [device_id])[device_id]


def conditions_of_many(work: Work, device_ids: Iterable[UUID]) -> dict[UUID, list[ConditionState]]:
    """Return `conditions_of` for each of many devices, in a constant number of queries."""
    wanted = list(device_ids)
    periods = periods_of_many(work, wanted)
    owned = dict(
        iter(
            work.session.execute(
                select(DeviceStatus.device_id, DeviceStatus.ownership_id).where(DeviceStatus.device_id.in_(wanted))
            )
        )
    )
    readable = [
        one for one in wanted if work.actor.is_operator or owned.get(one) in present_ownerships(periods[one], work.now)
    ]
    found: dict[UUID, list[ConditionState]] = {device_id: [] for device_id in wanted}
    query = select(Condition).where(Condition.device_id.in_(readable), Condition.count > 0)
    for row in work.session.scalars(query):
        found[row.device_id].append(condition_state(row))
    for conditions in found.values():
        conditions.sort(key=lambda one: (one.phase is not Phase.ACTIVE, -one.health.rank, -one.since_ms, one.code))
    return found


def intervals_of(work: Work, device_id: UUID, from_ms: int, to_ms: int) -> list[Interval]:
    """List the history of a half-open stretch, ascending, cut to it and to the reader's periods.

    Units: milliseconds since 1970 UTC. Raises: NotFound.
    """
    device_for(work, device_id)
    spans = within(readable_spans(work, [device_id])[device_id], from_ms, to_ms)
    now_ms = instant_ms(work.now)
    rows = work.session.scalars(_touching(device_id, from_ms, to_ms))
    return [piece for row in rows for piece in _cut(row, spans, now_ms)]


def intervals_after(
    work: Work, device_id: UUID, spans: Sequence[Span], after_ms: int | None, limit: int
) -> tuple[list[Interval], int | None]:
    """List a piece of the history, ascending, cut to spans that the reader may take; for who takes all of it along.

    Shape: at most `limit` rows that begin after `after_ms`, and where the next piece begins or None after the last.
    Units: milliseconds since 1970 UTC. Raises: NotFound.
    """
    device_for(work, device_id)
    if not spans:
        return [], None
    query = _touching(device_id, spans[0][0], spans[-1][1]).limit(limit)
    if after_ms is not None:
        query = query.where(StatusInterval.from_ms > after_ms)
    rows = work.session.scalars(query).all()
    now_ms = instant_ms(work.now)
    pieces = [piece for row in rows for piece in _cut(row, list(spans), now_ms)]
    return pieces, rows[-1].from_ms if len(rows) == limit else None


def earliest_due(work: Work) -> datetime | None:
    """Return when something falls due next in the whole fleet, for the clock that waits for it."""
    return work.session.scalar(select(func.min(DeviceStatus.due_at)))


def _touching(device_id: UUID, from_ms: int, to_ms: int) -> Select[StatusInterval]:
    mine = select(StatusInterval).where(StatusInterval.device_id == device_id).order_by(StatusInterval.from_ms)
    return mine.where(
        StatusInterval.from_ms < to_ms, or_(StatusInterval.to_ms.is_(None), StatusInterval.to_ms > from_ms)
    )


def _cut(row: StatusInterval, spans: list[Span], now_ms: int) -> list[Interval]:
    """Cut an interval to the reader's spans; what caused it before the reader's time is not told."""
    end_ms = row.to_ms if row.to_ms is not None else max(now_ms, row.from_ms) + 1
    return [
        Interval(
            from_ms=start,
            to_ms=None if row.to_ms is None and end == end_ms else end,
            health=Health(row.health),
            connectivity=Connectivity(row.connectivity),
            cause=row.cause if start == row.from_ms else {},
        )
        for start, end in within(spans, row.from_ms, end_ms)
    ]


def _status(row: DeviceStatus) -> StatusNow:
    return StatusNow(
        device_id=row.device_id,
        health=Health(row.health),
        last_health=Health(row.last_health),
        connectivity=Connectivity(row.connectivity),
        health_since=row.health_since,
        connectivity_since=row.connectivity_since,
        reason=row.reason,
        last_sample_at_ms=row.last_sample_at_ms,
        heard_at=row.heard_at,
        version=row.version,
    )
