"""Carrying device states between derivation and the tables: read and held together, written together.

A state belongs to one ownership. When the device has another owner since, it begins anew before anything else.

Source: docs/adr, time-scoped ownership.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import select

from statusportal.derivation.derive import hand_over
from statusportal.derivation.timers import Frame, due_ms
from statusportal.derivation.vocabulary import Cleared, DeviceState, Fact, Outcome, Raised, Shift
from statusportal.fleet.models import Ownership
from statusportal.fleet.vocabulary import Held
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.events import Event
from statusportal.frames.queries import frames_of
from statusportal.status.events import ConditionCleared, ConditionRaised, StatusChanged
from statusportal.status.models import StatusInterval
from statusportal.status.storing import Kept, Owner, Standing, held_states, keep_states, owners_of
from statusportal.work import Work


@dataclass(slots=True)
class Case:
    """One device in a batch: what stands around it, and the state reached so far.

    Shape: `row` is what is kept of it beside the state, and `kept` the state as it stands in the tables.
    Units: samples from before `from_ms` belong to a former owner and say nothing to this one.
    """

    device_id: UUID
    frame: Frame
    owner: Owner | None
    from_ms: int
    row: Standing | None
    state: DeviceState | None
    kept: DeviceState | None
    is_new: bool = False

    def take(self, work: Work, outcome: Outcome) -> None:
        """Go on from an outcome: keep its intervals, tell its facts."""
        self._go_on(work, outcome)
        self.tell(work, outcome.facts)

    def take_quietly(self, work: Work, outcome: Outcome) -> None:
        """Go on from an outcome of shifts alone, and tell of them when the device is looked at next."""
        self._go_on(work, outcome)
        if self.row is not None and outcome.facts:
            self.row.untold = [*(self.row.untold or ()), *msgspec.to_builtins(outcome.facts)]

    def _go_on(self, work: Work, outcome: Outcome) -> None:
        before = self.state
        self.state = outcome.state
        shifts = [fact for fact in outcome.facts if isinstance(fact, Shift)]
        _keep_intervals(work, self.device_id, before, outcome.state, shifts)
        if self.row is None:
            self.row, self.is_new = Standing(), True

    def tell(self, work: Work, facts: Sequence[Fact]) -> None:
        """Count and tell what changed."""
        if self.row is None:
            return
        self.row.version += sum(isinstance(fact, Shift) for fact in facts)
        if self.owner is not None:
            _tell(work, self.device_id, self.owner, self.row.version, facts)


def cases_of(work: Work, device_ids: Iterable[UUID]) -> dict[UUID, Case]:
    """Read and hold all that derivation needs of the devices, in a handful of queries however many they are."""
    wanted = sorted(set(device_ids))
    held = held_states(work, wanted)
    owners = owners_of(work, wanted)
    frames = frames_of(work, wanted, [owner for owner in owners.values() if owner.holds])
    cases = {}
    for device_id in wanted:
        standing, state = held.get(device_id, (None, None))
        owner = owners.get(device_id)
        case = Case(
            device_id=device_id,
            frame=frames[device_id],
            owner=owner if owner is not None and owner.holds else None,
            from_ms=0 if owner is None or owner.is_first or not owner.holds else to_ms(owner.from_at),
            row=standing,
            state=state,
            kept=state,
        )
        _tell_untold(work, case)
        _begin_anew(work, case)
        cases[device_id] = case
    return cases


def keep_all(work: Work, cases: Iterable[Case]) -> None:
    """Write what was reached of each, all of it in a handful of statements; what stayed as it was is not written."""
    kept = []
    for case in cases:
        if case.state is None or case.row is None:
            continue
        correct_at = None if case.state.is_aside else case.row.correct_at
        dues = [due_ms(case.frame, case.state), None if correct_at is None else to_ms(correct_at)]
        case.row.due_at = min((from_ms(one) for one in dues if one is not None), default=None)
        if case.row.untold:
            case.row.due_at = work.now
        case.row.ownership_id = case.owner.id if case.owner is not None else None
        kept.append(Kept(case.device_id, case.row, case.kept, case.state, case.is_new))
        case.kept, case.is_new = case.state, False
    keep_states(work, kept)


def _tell_untold(work: Work, case: Case) -> None:
    """Tell what was kept back, before anything else comes about."""
    if case.row is None or not case.row.untold:
        return
    shifts, case.row.untold = msgspec.convert(case.row.untold, list[Shift]), None
    owner = case.owner if case.owner and case.owner.id == case.row.ownership_id else _former(work, case)
    case.row.version += len(shifts)
    if owner is not None:
        _tell(work, case.device_id, owner, case.row.version, shifts)


def _former(work: Work, case: Case) -> Ownership | None:
    """Return the ownership that the state was made under."""
    former = None if case.row is None else case.row.ownership_id
    return work.session.scalar(select(Ownership).where(Ownership.device_id == case.device_id, Ownership.id == former))


def _begin_anew(work: Work, case: Case) -> None:
    """Start over when the device has another owner than the one its state was made under."""
    if case.state is None or case.row is None or case.owner is None or case.row.ownership_id == case.owner.id:
        return
    if case.row.ownership_id is None:
        return
    case.row.kept_ms = case.row.late_from_ms = case.row.correct_at = None
    former = _former(work, case)
    outcome = hand_over(case.frame, case.state, to_ms(case.owner.from_at))
    cleared = [fact for fact in outcome.facts if isinstance(fact, Cleared)]
    if former is not None:
        _tell(work, case.device_id, former, case.row.version, cleared)
    left = Outcome(outcome.state, tuple(fact for fact in outcome.facts if isinstance(fact, Shift)))
    # Counted from none, this one included: how often it changed is a word of the former owner's time.
    case.row.version = -len(left.facts)
    case.take(work, left)


def open_intervals(work: Work, device_ids: Iterable[UUID]) -> Sequence[StatusInterval]:
    """Return the open intervals of devices; who holds on to them spares a query for each that changes."""
    of_devices = StatusInterval.device_id.in_(list(device_ids))
    return work.session.scalars(select(StatusInterval).where(of_devices, StatusInterval.to_ms.is_(None))).all()


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


def _tell(work: Work, device_id: UUID, owner: Held, version: int, facts: Iterable[Fact]) -> None:
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


def _condition_event(device_id: UUID, owner: Held, fact: Raised | Cleared) -> ConditionRaised | ConditionCleared:
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
