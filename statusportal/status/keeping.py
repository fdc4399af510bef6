"""Carrying device states between derivation and the tables: read and held together, written together.

A state belongs to one ownership. When the device has another owner since, it begins anew before anything else.

Source: docs/adr, time-scoped ownership.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from statusportal.derivation.derive import hand_over
from statusportal.derivation.timers import Frame, due_ms
from statusportal.derivation.vocabulary import Cleared, ConditionState, DeviceState, Fact, Outcome, Phase, Raised, Shift
from statusportal.fleet.models import Ownership
from statusportal.fleet.queries import ownerships_at
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.events import Event
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.frames.queries import frames_of
from statusportal.status.events import ConditionCleared, ConditionRaised, StatusChanged
from statusportal.status.models import Condition, DeviceStatus, StatusInterval
from statusportal.work import Work


@dataclass(slots=True)
class Case:
    """One device in a batch: what stands around it, and the state reached so far.

    Units: samples from before `from_ms` belong to a former owner and say nothing to this one.
    """

    device_id: UUID
    frame: Frame
    owner: Ownership | None
    from_ms: int
    row: DeviceStatus | None
    conditions: dict[str, Condition]
    state: DeviceState | None
    is_new: bool = False

    def take(self, work: Work, outcome: Outcome) -> None:
        """Go on from an outcome: keep its intervals, tell its facts."""
        before = self.state
        self.state = outcome.state
        shifts = [fact for fact in outcome.facts if isinstance(fact, Shift)]
        _keep_intervals(work, self.device_id, before, outcome.state, shifts)
        if self.row is None:
            self.row, self.is_new = DeviceStatus(device_id=self.device_id, version=0), True
            # Whole before it is added: the next batch of the same device reads, and a read flushes.
            _fill(self.row, self.state, self.owner, due_ms(self.frame, self.state))
            work.session.add(self.row)
        self.tell(work, outcome.facts)

    def tell(self, work: Work, facts: Sequence[Fact]) -> None:
        """Count and tell what changed."""
        if self.row is None:
            return
        self.row.version += sum(isinstance(fact, Shift) for fact in facts)
        if self.owner is not None:
            _tell(work, self.device_id, self.owner, self.row.version, facts)

    def keep(self, work: Work) -> None:
        """Write the state reached into the device's rows."""
        if self.state is None or self.row is None:
            return
        correct_at = None if self.state.is_aside else self.row.correct_at
        dues = [due_ms(self.frame, self.state), None if correct_at is None else to_ms(correct_at)]
        _fill(self.row, self.state, self.owner, min((one for one in dues if one is not None), default=None))
        for code, condition in self.state.conditions.items():
            row = self.conditions.get(code)
            if row is None:
                row = Condition(device_id=self.device_id, code=code)
                work.session.add(row)
            _fill_condition(row, condition)
        for code in self.conditions.keys() - self.state.conditions.keys():
            work.session.delete(self.conditions[code])


def cases_of(work: Work, device_ids: Iterable[UUID]) -> dict[UUID, Case]:
    """Read and hold all that derivation needs of the devices, in a handful of queries however many they are."""
    wanted = sorted(set(device_ids))
    held = select(DeviceStatus).options(undefer(DeviceStatus.memory)).where(DeviceStatus.device_id.in_(wanted))
    held = held.order_by(DeviceStatus.device_id)
    rows = {row.device_id: row for row in work.session.scalars(held.with_for_update())}
    conditions: dict[UUID, dict[str, Condition]] = {device_id: {} for device_id in wanted}
    for condition in work.session.scalars(select(Condition).where(Condition.device_id.in_(wanted))):
        conditions[condition.device_id][condition.code] = condition
    owners = ownerships_at(work, wanted, work.now)
    frames = frames_of(work, wanted, owners.values())
    began = _first_owned(work, wanted)
    cases = {}
    for device_id in wanted:
        row, owner = rows.get(device_id), owners.get(device_id)
        is_first = owner is None or owner.from_at <= began[device_id]
        case = Case(
            device_id=device_id,
            frame=frames[device_id],
            owner=owner,
            from_ms=0 if is_first or owner is None else to_ms(owner.from_at),
            row=row,
            conditions=conditions[device_id],
            state=_state(row, conditions[device_id]) if row is not None else None,
        )
        _begin_anew(work, case)
        cases[device_id] = case
    return cases


def keep_all(work: Work, cases: Iterable[Case]) -> None:
    """Write what was reached of each."""
    for case in cases:
        case.keep(work)
    work.session.flush()


def _begin_anew(work: Work, case: Case) -> None:
    """Start over when the device has another owner than the one its state was made under."""
    if case.state is None or case.row is None or case.owner is None or case.row.ownership_id == case.owner.id:
        return
    if case.row.ownership_id is None:
        return
    case.row.kept_ms = case.row.late_from_ms = case.row.correct_at = None
    former = work.session.scalar(
        select(Ownership).where(Ownership.device_id == case.device_id, Ownership.id == case.row.ownership_id)
    )
    outcome = hand_over(case.frame, case.state, to_ms(case.owner.from_at))
    cleared = [fact for fact in outcome.facts if isinstance(fact, Cleared)]
    if former is not None:
        _tell(work, case.device_id, former, case.row.version, cleared)
    left = Outcome(outcome.state, tuple(fact for fact in outcome.facts if isinstance(fact, Shift)))
    # Counted from none, this one included: how often it changed is a word of the former owner's time.
    case.row.version = -len(left.facts)
    case.take(work, left)


def _first_owned(work: Work, device_ids: Sequence[UUID]) -> Mapping[UUID, datetime]:
    query = select(Ownership.device_id, func.min(Ownership.from_at)).where(Ownership.device_id.in_(device_ids))
    return dict(iter(work.session.execute(query.group_by(Ownership.device_id))))


def _keep_intervals(
    work: Work, device_id: UUID, before: DeviceState | None, after: DeviceState, shifts: Sequence[Shift]
) -> None:
    """Close the open interval and open the next, for each shift; two in one millisecond are one."""
    if before is not None and not shifts:
        return
    open_ms = before.changed_ms if before is not None else (shifts[0].at_ms if shifts else after.changed_ms)
    row = work.session.get(StatusInterval, (device_id, open_ms)) if before is not None else None
    if row is None:
        row = StatusInterval(
            device_id=device_id,
            from_ms=open_ms,
            health=(before or after).health.value,
            connectivity=(before or after).connectivity.value,
            cause=dict((before or after).reason),
        )
        work.session.add(row)
    for shift in shifts:
        if shift.at_ms > row.from_ms:
            row.to_ms = shift.at_ms
            row = StatusInterval(device_id=device_id, from_ms=shift.at_ms)
            work.session.add(row)
        row.health, row.connectivity = shift.health_after.value, shift.connectivity_after.value
        row.cause = dict(shift.reason)


def _tell(work: Work, device_id: UUID, owner: Ownership, version: int, facts: Iterable[Fact]) -> None:
    for fact in facts:
        if isinstance(fact, Shift):
            event: Event = StatusChanged(
                device_id=device_id,
                organisation_id=owner.organisation_id,
                ownership_id=owner.id,
                at=from_ms(fact.at_ms),
                health_before=fact.health_before,
                health_after=fact.health_after,
                connectivity_before=fact.connectivity_before,
                connectivity_after=fact.connectivity_after,
                reason=fact.reason,
                version=version,
            )
        else:
            event = _condition_event(device_id, owner, fact)
        work.emit(event)


def _condition_event(device_id: UUID, owner: Ownership, fact: Raised | Cleared) -> ConditionRaised | ConditionCleared:
    condition = fact.condition
    if isinstance(fact, Raised):
        return ConditionRaised(
            device_id=device_id,
            organisation_id=owner.organisation_id,
            ownership_id=owner.id,
            code=condition.code,
            health=condition.health,
            reason=condition.reason,
            at=from_ms(fact.at_ms),
            value=condition.value,
            signal_name=condition.signal_name,
        )
    return ConditionCleared(
        device_id=device_id,
        organisation_id=owner.organisation_id,
        ownership_id=owner.id,
        code=condition.code,
        health=condition.health,
        reason=fact.reason,
        at=from_ms(fact.at_ms),
        active_since=from_ms(condition.since_ms),
        value=fact.value,
        signal_name=condition.signal_name,
    )


def _state(row: DeviceStatus, conditions: Mapping[str, Condition]) -> DeviceState:
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
        heard_ms=None if row.heard_at is None else to_ms(row.heard_at),
        arrived_ms=None if row.arrived_at is None else to_ms(row.arrived_at),
        conditions={code: condition_state(one) for code, one in conditions.items()},
        memory=row.memory,
        rules_due_ms=None if row.memory is None else row.memory["due_ms"],
        service_due_ms=None if row.memory is None else row.memory.get("service_ms"),
        aside_since_ms=None if row.aside_since is None else to_ms(row.aside_since),
    )


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


def _fill(row: DeviceStatus, state: DeviceState, owner: Ownership | None, due: int | None) -> None:
    row.ownership_id = owner.id if owner is not None else None
    row.health, row.last_health = state.health.value, state.known_health.value
    row.connectivity = state.connectivity.value
    row.health_since, row.connectivity_since = from_ms(state.health_since_ms), from_ms(state.connectivity_since_ms)
    row.reason = dict(state.reason)
    row.last_sample_at_ms = state.last_event_ms
    row.heard_at = None if state.heard_ms is None else from_ms(state.heard_ms)
    row.arrived_at = None if state.arrived_ms is None else from_ms(state.arrived_ms)
    row.due_at = None if due is None else from_ms(due)
    row.aside_since = None if state.aside_since_ms is None else from_ms(state.aside_since_ms)
    dues = {"due_ms": state.rules_due_ms, "service_ms": state.service_due_ms}
    row.memory = None if state.memory is None else {**state.memory, **dues}


def _fill_condition(row: Condition, state: ConditionState) -> None:
    row.state, row.health = state.phase.value, state.health.value
    row.signal_name, row.limit_id, row.value = state.signal_name, state.limit_id, state.value
    row.since_ms, row.active_since_ms, row.due_ms = state.since_ms, state.active_since_ms, state.due_ms
    row.first_ms, row.last_ms, row.count = state.first_ms, state.last_ms, state.count
    row.reason = dict(state.reason)
