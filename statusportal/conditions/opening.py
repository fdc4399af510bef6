"""The portal's own entries: projections that open, reopen and close them as the machine's conditions come and go."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import select

from statusportal.conditions.events import ConditionReturned
from statusportal.conditions.shelving import is_quiet
from statusportal.entries.events import EntryPublished
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import visible_entries
from statusportal.entries.service import take_step, tell_step, usual_audience
from statusportal.entries.snapshotting import snapshot_of
from statusportal.entries.vocabulary import EntryKind, HappeningKind, Lifecycle
from statusportal.foundation.ids import new_id
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.prose.checking import TITLE_CHARACTERS
from statusportal.status.events import ConditionCleared, ConditionRaised, StatusChanged
from statusportal.work import Work

OFFLINE = "offline"
# Conditions that an entry declared: that entry stands already.
_DECLARED = "entry:"

_OfOwnership: TypeAlias = ConditionRaised | ConditionCleared | ConditionReturned | StatusChanged


def open_for_condition(work: Work, event: ConditionRaised) -> None:
    """Open an entry for a condition that became active, or say on the one that stands that it is active again.

    What people put aside is quiet: it gets no entry, and nothing is said again.
    """
    if event.code.startswith(_DECLARED):
        return
    ownership = (event.organisation_id, event.device_id, event.ownership_id)
    if not is_quiet(work, ownership, event.code, event.health):
        _tell(work, event)


def tell_what_rested(work: Work, event: ConditionReturned) -> None:
    """Open the entry that a condition would have had which is still active when its rest ends."""
    if _standing(work, event, event.code) is None:
        _tell(work, event)


def _tell(work: Work, event: ConditionRaised | ConditionReturned) -> None:
    standing = _standing(work, event, event.code)
    if standing is not None:
        _say_again(work, standing, event.reason)
        return
    kind = EntryKind.TRANSITION if _changed_health(work, event) else EntryKind.CONDITION
    snapshot = snapshot_of(work, event.device_id, event.at, event.signal_name)
    _open(work, event, event.code, kind, event.health, snapshot)


def note_condition_cleared(work: Work, event: ConditionCleared) -> None:
    """Say that a condition cleared: resolved where nobody talked, to be watched where somebody did."""
    standing = _standing(work, event, event.code)
    if standing is not None:
        _close(work, standing, event.reason)


def follow_connectivity(work: Work, event: StatusChanged) -> None:
    """Open an entry for a machine that fell silent, and close it when the machine is heard again."""
    if event.connectivity_before == event.connectivity_after:
        return
    if event.connectivity_after == Connectivity.OFFLINE:
        standing = _standing(work, event, OFFLINE)
        if standing is not None:
            _say_again(work, standing, event.reason)
        else:
            snapshot = snapshot_of(work, event.device_id, event.at, None)
            _open(work, event, OFFLINE, EntryKind.TRANSITION, Health.UNKNOWN, snapshot)
    elif event.connectivity_before == Connectivity.OFFLINE:
        standing = _standing(work, event, OFFLINE)
        if standing is not None:
            _close(work, standing, event.reason)


def _open(
    work: Work,
    event: ConditionRaised | ConditionReturned | StatusChanged,
    code: str,
    kind: EntryKind,
    health: Health,
    snapshot: dict[str, Any],
) -> None:
    entry = StatusEntry(
        organisation_id=event.organisation_id,
        id=new_id(),
        device_id=event.device_id,
        ownership_id=event.ownership_id,
        kind=kind,
        code=code,
        title=str(event.reason["en"])[:TITLE_CHARACTERS],
        headline=dict(event.reason),
        body_markdown="",
        body_html="",
        health=health,
        lifecycle=Lifecycle.OPEN,
        audience=usual_audience(work, event.ownership_id),
        snapshot=snapshot,
        opened_at=event.at,
        created_at=work.now,
    )
    work.session.add(entry)
    work.session.flush()
    work.emit(EntryPublished(organisation_id=entry.organisation_id, device_id=entry.device_id, entry_id=entry.id))


def _say_again(work: Work, entry: StatusEntry, reason: Mapping[str, Any]) -> None:
    cause = {"reason": dict(reason)}
    if entry.lifecycle == Lifecycle.MONITORING:
        take_step(work, entry, Lifecycle.OPEN, cause)
    else:
        tell_step(work, entry, HappeningKind.ACTIVE_AGAIN, Lifecycle(entry.lifecycle), cause)


def _close(work: Work, entry: StatusEntry, reason: Mapping[str, Any]) -> None:
    before = Lifecycle(entry.lifecycle)
    talked = entry.comment_count + entry.internal_comment_count > 0
    entry.lifecycle = Lifecycle.MONITORING if talked else Lifecycle.RESOLVED
    entry.resolved_at = None if talked else work.now
    tell_step(work, entry, HappeningKind.CLEARED, before, {"reason": dict(reason)})


def _standing(work: Work, event: _OfOwnership, code: str) -> StatusEntry | None:
    """Return the unresolved entry of that code in that ownership, locked."""
    query = (
        select(StatusEntry)
        .where(
            visible_entries(work.actor, work.now),
            StatusEntry.organisation_id == event.organisation_id,
            StatusEntry.device_id == event.device_id,
            StatusEntry.ownership_id == event.ownership_id,
            StatusEntry.code == code,
            StatusEntry.lifecycle != Lifecycle.RESOLVED,
        )
        .order_by(StatusEntry.opened_at.desc(), StatusEntry.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return work.session.scalars(query).one_or_none()


def _changed_health(work: Work, event: ConditionRaised | ConditionReturned) -> bool:
    """Tell whether this condition made the machine's health what it now is; status says so in the same work.

    By its reason, not by its time: a shift may come later than the sample that caused it, as on a first sign of life.
    """
    return any(
        isinstance(other, StatusChanged)
        and other.device_id == event.device_id
        and other.reason == event.reason
        and other.health_before != other.health_after == event.health
        for other in work.emitted
    )
