"""Reading and writing the states of many devices at once: plain rows, and of these only what changed.

The rows go past the ORM, which costs several times what derivation itself does; whoever has them as objects in the same
work finds them expired.

Source: docs/adr/0044-no-device-stops-another.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, insert, select, update
from sqlalchemy.orm.util import identity_key

from statusportal.db.base import Base
from statusportal.derivation.vocabulary import ConditionState, DeviceState, Phase
from statusportal.fleet.models import Ownership
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.status.models import Condition, DeviceStatus
from statusportal.work import Work

_STATUS, _CONDITION = (Base.metadata.tables[kind.__tablename__] for kind in (DeviceStatus, Condition))
_CODED = ("code", "state", "health")  # in the order of `ConditionState`, as those that follow
_TIMED = ("since_ms", "first_ms", "last_ms", "signal_name", "limit_id", "value", "active_since_ms", "due_ms")
_TOLD = select(*(_CONDITION.c[name] for name in ("device_id", *_CODED, *_TIMED, "count", "reason")))
_CHANGE_STATUS = (
    update(_STATUS)
    .where(_STATUS.c.device_id == bindparam("of_device"))
    .values({name: bindparam(name) for name in set(_STATUS.c.keys()) - {"device_id"}})
)
_CHANGE_CONDITION = (
    update(_CONDITION)
    .where(_CONDITION.c.device_id == bindparam("of_device"), _CONDITION.c.code == bindparam("of_code"))
    .values({name: bindparam(name) for name in set(_CONDITION.c.keys()) - {"device_id", "code"}})
)
_DROP_CONDITION = delete(_CONDITION).where(
    _CONDITION.c.device_id == bindparam("of_device"), _CONDITION.c.code == bindparam("of_code")
)


@dataclass(slots=True)
class Standing:
    """What is kept of a device beside its state, as `DeviceStatus` has it."""

    ownership_id: UUID | None = None
    version: int = 0
    due_at: datetime | None = None
    kept_ms: int | None = None
    late_from_ms: int | None = None
    correct_at: datetime | None = None
    untold: list[Any] | None = None


class Owner(NamedTuple):
    """Who has a device since when; `holds` is whether that is now, `is_first` whether nobody had it before."""

    device_id: UUID
    organisation_id: UUID
    id: UUID
    from_at: datetime
    holds: bool
    is_first: bool


class Kept(NamedTuple):
    """What is to be written of a device: what it stands at now, and what stood in the tables before."""

    device_id: UUID
    standing: Standing
    before: DeviceState | None
    state: DeviceState
    is_new: bool


def owners_of(work: Work, device_ids: Sequence[UUID]) -> dict[UUID, Owner]:
    """Return the present owner of each device, or of one that nobody has now, its first."""
    now, found = work.now, dict[UUID, Owner]()
    query = (
        select(Ownership.device_id, Ownership.organisation_id, Ownership.id, Ownership.from_at, Ownership.to_at)
        .where(Ownership.device_id.in_(device_ids))
        .order_by(Ownership.from_at)
    )
    for device_id, organisation_id, ownership_id, from_at, to_at in work.session.execute(query):
        holds = from_at <= now and (to_at is None or now < to_at)
        if holds or device_id not in found:
            found[device_id] = Owner(
                device_id, organisation_id, ownership_id, from_at, holds, is_first=device_id not in found
            )
    return found


def held_states(work: Work, device_ids: Sequence[UUID]) -> dict[UUID, tuple[Standing, DeviceState]]:
    """Read what is known of devices, and hold it until this work commits; of what was never heard there is nothing."""
    conditions: dict[UUID, dict[str, ConditionState]] = {}
    held = select(_STATUS).where(_STATUS.c.device_id.in_(device_ids)).order_by(_STATUS.c.device_id).with_for_update()
    rows = work.session.execute(held).all()
    of_devices = _CONDITION.c.device_id.in_(device_ids)
    for device_id, code, phase, health, *rest in work.session.execute(_TOLD.where(of_devices)):
        conditions.setdefault(device_id, {})[code] = ConditionState(code, Phase(phase), Health(health), *rest)
    return {
        row.device_id: (
            Standing(
                row.ownership_id,
                row.version,
                row.due_at,
                row.kept_ms,
                row.late_from_ms,
                row.correct_at,
                row.untold,
            ),
            _state(row, conditions.get(row.device_id, {})),
        )
        for row in rows
    }


def keep_states(work: Work, kept: Iterable[Kept]) -> None:
    """Write states with what stands beside them, and of their conditions those that changed."""
    new, changed, raised, moved, gone = _Rows(), _Rows(), _Rows(), _Rows(), _Rows()
    for one in kept:
        if one.is_new:
            new.append({"device_id": one.device_id, **_columns(one)})
        else:
            changed.append({"of_device": one.device_id, **_columns(one)})
        _expire(work, DeviceStatus, (one.device_id,))
        before = {} if one.before is None else one.before.conditions
        for code, condition in one.state.conditions.items():
            if code not in before:
                raised.append({"device_id": one.device_id, "code": code, **_condition_columns(condition)})
            elif condition is not before[code] and condition != before[code]:
                moved.append({"of_device": one.device_id, "of_code": code, **_condition_columns(condition)})
                _expire(work, Condition, (one.device_id, code))
        for code in before.keys() - one.state.conditions.keys():
            gone.append({"of_device": one.device_id, "of_code": code})
            _expire(work, Condition, (one.device_id, code))
    work.session.flush()
    connection = work.session.connection()
    for statement, rows in (
        (insert(_STATUS), new),
        (_CHANGE_STATUS, changed),
        (_DROP_CONDITION, gone),
        (insert(_CONDITION), raised),
        (_CHANGE_CONDITION, moved),
    ):
        if rows:
            connection.execute(statement, rows)


_Rows = list[dict[str, Any]]


def condition_state(row: Condition) -> ConditionState:
    """Read a condition's row as a value."""
    return ConditionState(
        code=row.code,
        phase=Phase(row.state),
        health=Health(row.health),
        since_ms=row.since_ms,
        first_ms=row.first_ms,
        last_ms=row.last_ms,
        signal_name=row.signal_name,
        limit_id=row.limit_id,
        value=row.value,
        active_since_ms=row.active_since_ms,
        due_ms=row.due_ms,
        count=row.count,
        reason=row.reason,
    )


def _state(row: Row[Any], conditions: Mapping[str, ConditionState]) -> DeviceState:
    health_since_ms, connectivity_since_ms = to_ms(row.health_since), to_ms(row.connectivity_since)
    return DeviceState(
        health=Health(row.health),
        known_health=Health(row.last_health),
        connectivity=Connectivity(row.connectivity),
        health_since_ms=health_since_ms,
        connectivity_since_ms=connectivity_since_ms,
        changed_ms=max(health_since_ms, connectivity_since_ms),
        reason=row.reason,
        last_event_ms=row.last_sample_at_ms,
        heard_ms=_ms(row.heard_at),
        arrived_ms=_ms(row.arrived_at),
        conditions=conditions,
        memory=row.memory,
        rules_due_ms=None if row.memory is None else row.memory["due_ms"],
        service_due_ms=None if row.memory is None else row.memory.get("service_ms"),
        aside_since_ms=_ms(row.aside_since),
        poor_since_ms=row.poor_since_ms,
        unusable_since_ms=row.unusable_since_ms,
    )


def _columns(kept: Kept) -> dict[str, Any]:
    standing, state = kept.standing, kept.state
    dues = {"due_ms": state.rules_due_ms, "service_ms": state.service_due_ms}
    return {
        "ownership_id": standing.ownership_id,
        "health": state.health.value,
        "last_health": state.known_health.value,
        "connectivity": state.connectivity.value,
        "health_since": from_ms(state.health_since_ms),
        "connectivity_since": from_ms(state.connectivity_since_ms),
        "reason": dict(state.reason),
        "last_sample_at_ms": state.last_event_ms,
        "heard_at": _at(state.heard_ms),
        "arrived_at": _at(state.arrived_ms),
        "due_at": standing.due_at,
        "version": standing.version,
        "memory": None if state.memory is None else {**state.memory, **dues},
        "kept_ms": standing.kept_ms,
        "late_from_ms": standing.late_from_ms,
        "correct_at": standing.correct_at,
        "untold": standing.untold or None,
        "aside_since": _at(state.aside_since_ms),
        "poor_since_ms": state.poor_since_ms,
        "unusable_since_ms": state.unusable_since_ms,
    }


def _condition_columns(state: ConditionState) -> dict[str, Any]:
    return {
        "state": state.phase.value,
        "health": state.health.value,
        "signal_name": state.signal_name,
        "limit_id": state.limit_id,
        "value": state.value,
        "since_ms": state.since_ms,
        "active_since_ms": state.active_since_ms,
        "due_ms": state.due_ms,
        "first_ms": state.first_ms,
        "last_ms": state.last_ms,
        "count": state.count,
        "reason": dict(state.reason),
    }


def _expire(work: Work, kind: type[DeviceStatus | Condition], key: tuple[Any, ...]) -> None:
    """Let an object that the work has of a row read it anew."""
    known = work.session.identity_map.get(identity_key(kind, key))
    if known is not None:
        work.session.expire(known)


def _ms(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)


def _at(at_ms: int | None) -> datetime | None:
    return None if at_ms is None else from_ms(at_ms)
