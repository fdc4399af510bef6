"""Every time that a condition was active, with its true begin and end: written down as status tells it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from statusportal.activations.models import Activation
from statusportal.activations.queries import running
from statusportal.activations.vocabulary import OFFLINE
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


def let_stand(work: Work, activation: Activation, entry_id: UUID) -> None:
    """Let an entry stand for an activation."""
    activation.entry_id = entry_id
    work.session.flush()


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
