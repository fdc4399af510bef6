"""The portal's own entries: projections that open them as the machine's conditions come, and reopen them on a relapse.

A burst is one entry: what begins within a minute of it joins it, and what comes back before the machine has confirmed
that it is over is the same again. Source: docs/adr/0047-bursts-and-confirmation.md.
"""

from typing import Any, TypeAlias

from sqlalchemy import or_, select

from statusportal.activations.models import Activation
from statusportal.activations.queries import newest
from statusportal.activations.recording import let_stand
from statusportal.activations.vocabulary import OFFLINE
from statusportal.conditions.events import ConditionReturned, SilenceStayed
from statusportal.conditions.saying import say_change
from statusportal.conditions.shelving import is_quiet
from statusportal.conditions.vocabulary import BURST
from statusportal.entries.events import EntryEdited, EntryPublished
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import visible_entries
from statusportal.entries.service import usual_audience
from statusportal.entries.snapshotting import snapshot_of
from statusportal.entries.vocabulary import EntryKind, HappeningKind, Lifecycle
from statusportal.foundation.ids import new_id
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.maintenance.queries import is_planned
from statusportal.prose.checking import TITLE_CHARACTERS
from statusportal.status.events import ConditionRaised, StatusChanged
from statusportal.work import Work

# Conditions that an entry declared: that entry stands already.
_DECLARED = "entry:"
_OWN_KINDS = (EntryKind.TRANSITION.value, EntryKind.CONDITION.value)

_Beginning: TypeAlias = ConditionRaised | ConditionReturned | SilenceStayed | StatusChanged


def open_for_condition(work: Work, event: ConditionRaised) -> None:
    """Open an entry for a condition that became active, or let it stand in the one that tells of it.

    What people put aside is quiet, and so is what begins while work is planned: it gets no entry, and nothing is said
    again.
    """
    if event.code.startswith(_DECLARED):
        return
    ownership = (event.organisation_id, event.device_id, event.ownership_id)
    if not is_quiet(work, ownership, event.code, event.health) and not is_planned(work, *ownership, event.at):
        _tell(work, event, newest(work, event.device_id, event.code))


def tell_found(work: Work, event: ConditionRaised, activation: Activation) -> None:
    """Open an entry for what samples that came late tell of, or let it stand in one that tells of it already."""
    ownership = (event.organisation_id, event.device_id, event.ownership_id)
    is_past = activation.to_ms is not None or is_planned(work, *ownership, work.now)
    is_expected = is_past and is_planned(work, *ownership, event.at)
    if not is_quiet(work, ownership, event.code, event.health) and not is_expected:
        _tell(work, event, activation)


def tell_what_rested(work: Work, event: ConditionReturned) -> None:
    """Open the entry that a condition would have had which is still active when its rest ends."""
    activation = newest(work, event.device_id, event.code)
    if is_planned(work, event.organisation_id, event.device_id, event.ownership_id, event.at):
        return
    if activation is None or activation.entry_id is None:
        _tell(work, event, activation)


def open_for_silence(work: Work, event: StatusChanged) -> None:
    """Open an entry for a machine that fell silent, unless work was planned on it then."""
    ownership = (event.organisation_id, event.device_id, event.ownership_id)
    fell_silent = event.connectivity_before != event.connectivity_after == Connectivity.OFFLINE
    if fell_silent and not is_planned(work, *ownership, event.at):
        _tell(work, event, newest(work, event.device_id, OFFLINE))


def tell_silence_that_stayed(work: Work, event: SilenceStayed) -> None:
    """Open the entry that a machine would have had which fell silent in planned work and is silent still."""
    activation = newest(work, event.device_id, OFFLINE)
    if activation is None or activation.entry_id is None:
        _tell(work, event, activation)


def _tell(work: Work, event: _Beginning, activation: Activation | None) -> None:
    if isinstance(event, SilenceStayed | StatusChanged):
        code, health = OFFLINE, Health.UNKNOWN
    else:
        code, health = event.code, event.health
    is_told = activation is not None and activation.entry_id is not None
    entry = _standing(work, event, code)
    if entry is not None:
        if not is_told:
            _note_beginning(entry, event)
            _say_again(work, entry, event)
        _lead(work, entry, event, code, health)
    elif (entry := None if code == OFFLINE else _burst(work, event)) is not None:
        _note_beginning(entry, event)
        say_change(work, entry, HappeningKind.JOINED, _reopened(entry), event.reason)
        _lead(work, entry, event, code, health)
    else:
        entry = _open(work, event, code, health)
    if activation is not None:
        let_stand(work, activation, entry.id)


def _open(work: Work, event: _Beginning, code: str, health: Health) -> StatusEntry:
    entry = StatusEntry(
        organisation_id=event.organisation_id,
        id=new_id(),
        device_id=event.device_id,
        ownership_id=event.ownership_id,
        kind=EntryKind.TRANSITION if code == OFFLINE or _changed_health(work, event) else EntryKind.CONDITION,
        code=code,
        title=str(event.reason["en"])[:TITLE_CHARACTERS],
        headline=dict(event.reason),
        body_markdown="",
        body_html="",
        health=health,
        lifecycle=Lifecycle.OPEN,
        audience=usual_audience(work, event.ownership_id),
        snapshot=_snapshot(work, event),
        opened_at=event.at,
        created_at=work.now,
        event_count=1,
        last_event_at=event.at,
    )
    work.session.add(entry)
    work.session.flush()
    work.emit(EntryPublished(organisation_id=entry.organisation_id, device_id=entry.device_id, entry_id=entry.id))
    return entry


def _snapshot(work: Work, event: _Beginning) -> dict[str, Any]:
    signal_name = None if isinstance(event, SilenceStayed | StatusChanged) else event.signal_name
    return snapshot_of(work, event.device_id, event.at, signal_name)


def _note_beginning(entry: StatusEntry, event: _Beginning) -> None:
    entry.event_count += 1
    entry.last_event_at = max(entry.last_event_at or event.at, event.at)
    entry.clear_since = entry.clear_due_at = None


def _say_again(work: Work, entry: StatusEntry, event: _Beginning) -> None:
    """Say of an entry that it is active again, and reopen it where it was thought to be over."""
    was_over = entry.lifecycle in (Lifecycle.MONITORING, Lifecycle.RESOLVED)
    before = _reopened(entry)
    say_change(work, entry, HappeningKind.REOPENED if was_over else HappeningKind.ACTIVE_AGAIN, before, event.reason)


def _reopened(entry: StatusEntry) -> Lifecycle:
    """Open an entry that was thought to be over, and return where it stood."""
    before = Lifecycle(entry.lifecycle)
    if before in (Lifecycle.MONITORING, Lifecycle.RESOLVED):
        entry.lifecycle, entry.resolved_at = Lifecycle.OPEN, None
    return before


def _lead(work: Work, entry: StatusEntry, event: _Beginning, code: str, health: Health) -> None:
    """Let an entry be about the worst that it stands for; what staff wrote in its place stays."""
    if health.rank <= Health(entry.health or Health.UNKNOWN).rank:
        return
    entry.health, entry.code = health, code
    if entry.edited_at is None:
        entry.title, entry.headline = str(event.reason["en"])[:TITLE_CHARACTERS], dict(event.reason)
    work.session.flush()
    work.emit(EntryEdited(organisation_id=entry.organisation_id, device_id=entry.device_id, entry_id=entry.id))


def _standing(work: Work, event: _Beginning, code: str) -> StatusEntry | None:
    """Return the entry that tells of a condition and is not over by the machine's own word, locked.

    One that people resolved earlier than the machine confirmed it is such an entry: a relapse reopens it.
    """
    told_in = select(Activation.entry_id).where(
        Activation.device_id == event.device_id, Activation.code == code, Activation.entry_id.is_not(None)
    )
    return _first(
        work,
        event,
        or_(StatusEntry.code == code, StatusEntry.id.in_(told_in)),
        or_(StatusEntry.lifecycle != Lifecycle.RESOLVED, StatusEntry.clear_due_at > event.at),
    )


def _burst(work: Work, event: _Beginning) -> StatusEntry | None:
    """Return the entry of a burst that this is part of: one of the machine's own that began just now."""
    return _first(
        work,
        event,
        StatusEntry.code != OFFLINE,
        StatusEntry.lifecycle != Lifecycle.RESOLVED,
        StatusEntry.opened_at.between(event.at - BURST, event.at + BURST),
    )


def _first(work: Work, event: _Beginning, *such: Any) -> StatusEntry | None:  # noqa: ANN401 - clauses of any column
    query = (
        select(StatusEntry)
        .where(
            visible_entries(work.actor, work.now),
            StatusEntry.organisation_id == event.organisation_id,
            StatusEntry.device_id == event.device_id,
            StatusEntry.ownership_id == event.ownership_id,
            StatusEntry.kind.in_(_OWN_KINDS),
            *such,
        )
        .order_by(StatusEntry.opened_at.desc(), StatusEntry.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return work.session.scalars(query).one_or_none()


def _changed_health(work: Work, event: _Beginning) -> bool:
    """Tell whether this condition made the machine's health what it now is; status says so in the same work.

    By its reason, not by its time: a shift may come later than the sample that caused it, as on a first sign of life.
    """
    if isinstance(event, SilenceStayed):
        return False
    if isinstance(event, StatusChanged):
        return event.health_before != event.health_after
    return any(
        isinstance(other, StatusChanged)
        and other.device_id == event.device_id
        and other.reason == event.reason
        and other.health_before != other.health_after == event.health
        for other in work.emitted
    )
