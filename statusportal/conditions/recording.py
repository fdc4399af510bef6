"""Every time that a condition was active, with its true begin and end: written down as status tells it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from statusportal.conditions.models import Activation
from statusportal.conditions.vocabulary import OFFLINE
from statusportal.foundation.clock import to_ms
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.status.events import ConditionCleared, ConditionRaised, StatusChanged
from statusportal.work import Work


def record_raised(work: Work, event: ConditionRaised) -> None:
    """Begin an activation; one that only became worse is the same."""
    _begin(work, event, event.code, event.health)


def record_cleared(work: Work, event: ConditionCleared) -> None:
    """End the activation that runs."""
    _end(work, event.device_id, event.code, to_ms(event.at), event.reason)


def record_silence(work: Work, event: StatusChanged) -> None:
    """Begin and end the times in which a machine is offline, as if that were a condition."""
    if event.connectivity_before == event.connectivity_after:
        return
    if event.connectivity_after == Connectivity.OFFLINE:
        _begin(work, event, OFFLINE, Health.UNKNOWN)
    elif event.connectivity_before == Connectivity.OFFLINE:
        _end(work, event.device_id, OFFLINE, to_ms(event.at), event.reason)


def running(work: Work, device_id: UUID, code: str) -> Activation | None:
    """Return the activation of a condition that has not ended."""
    query = select(Activation).where(
        Activation.device_id == device_id, Activation.code == code, Activation.to_ms.is_(None)
    )
    return work.session.scalars(query.order_by(Activation.from_ms.desc()).limit(1)).one_or_none()


def newest(work: Work, device_id: UUID, code: str) -> Activation | None:
    """Return the last activation of a condition, whether it runs or not."""
    query = select(Activation).where(Activation.device_id == device_id, Activation.code == code)
    return work.session.scalars(query.order_by(Activation.from_ms.desc()).limit(1)).one_or_none()


def activations_since(work: Work, device_id: UUID, ownership_id: UUID, since_ms: int) -> Sequence[Activation]:
    """Return what samples said was active at or after a time, the oldest first."""
    query = (
        select(Activation)
        .where(
            Activation.device_id == device_id,
            Activation.ownership_id == ownership_id,
            Activation.code != OFFLINE,
            Activation.code.not_like("entry:%"),
            or_(Activation.to_ms.is_(None), Activation.to_ms > since_ms),
        )
        .order_by(Activation.from_ms, Activation.code)
    )
    return work.session.scalars(query).all()


def let_stand(work: Work, activation: Activation, entry_id: UUID) -> None:
    """Let an entry stand for an activation."""
    activation.entry_id = entry_id
    work.session.flush()


def codes_of_entry(work: Work, device_id: UUID, entry_id: UUID) -> set[str]:
    """Return the codes of all that an entry stands for."""
    query = select(Activation.code).where(Activation.device_id == device_id, Activation.entry_id == entry_id)
    return set(work.session.scalars(query.distinct()))


def is_any_running(work: Work, device_id: UUID, codes: Iterable[str]) -> bool:
    """Tell whether one of these is active, whether people are told of it or have put it aside."""
    query = select(Activation.code).where(
        Activation.device_id == device_id, Activation.code.in_(set(codes)), Activation.to_ms.is_(None)
    )
    return work.session.scalars(query.limit(1)).first() is not None


def _begin(work: Work, event: ConditionRaised | StatusChanged, code: str, health: Health) -> None:
    from_ms = to_ms(event.at)
    row = work.session.get(Activation, (event.device_id, code, from_ms))
    if row is None:
        # What is still open under this code belongs to another time, and ended when this one began at the latest.
        _end(work, event.device_id, code, from_ms, event.reason)
        row = Activation(device_id=event.device_id, code=code, from_ms=from_ms, ownership_id=event.ownership_id)
        work.session.add(row)
    row.health, row.reason = health.value, dict(event.reason)
    row.to_ms = row.ended = None
    work.session.flush()


def _end(work: Work, device_id: UUID, code: str, at_ms: int, reason: Mapping[str, Any]) -> None:
    row = running(work, device_id, code)
    if row is not None:
        row.to_ms, row.ended = max(at_ms, row.from_ms), dict(reason)
        work.session.flush()
