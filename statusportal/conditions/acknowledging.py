"""The verb of having seen a condition: it is said on the entry that stands for it."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import joinedload

from statusportal.activations.queries import entries_telling
from statusportal.entries.models import EntryHappening, StatusEntry
from statusportal.entries.policy import audience_reaches, visible_entries
from statusportal.entries.service import move_lifecycle
from statusportal.entries.vocabulary import HappeningKind, Lifecycle
from statusportal.fleet.queries import device_for
from statusportal.foundation.errors import NotFound
from statusportal.work import Work

_DECLARED = "entry:"


def acknowledge_condition(work: Work, device_id: UUID, code: str) -> StatusEntry:
    """Say of a condition that one has seen it; where somebody said so before, nothing changes.

    Raises: NotFound where no open entry stands for it; Forbidden.
    """
    device_for(work, device_id)
    entry = standing_entries(work, device_id, [code]).get(code)
    if entry is None:
        raise NotFound
    if entry.lifecycle not in (Lifecycle.OPEN, Lifecycle.MONITORING):
        return entry
    return move_lifecycle(work, entry.id, Lifecycle.ACKNOWLEDGED)


def standing_entries(work: Work, device_id: UUID, codes: Iterable[str]) -> Mapping[str, StatusEntry]:
    """Return by code the newest open entry that stands for each condition and that the actor may read."""
    wanted = set(codes)
    declared = {UUID(code.removeprefix(_DECLARED)): code for code in wanted if code.startswith(_DECLARED)}
    told = entries_telling(work, device_id, wanted)
    query = (
        select(StatusEntry)
        .where(
            visible_entries(work.actor, work.now),
            StatusEntry.device_id == device_id,
            or_(StatusEntry.code.in_(wanted), StatusEntry.id.in_([*declared, *told])),
            StatusEntry.lifecycle != Lifecycle.RESOLVED,
        )
        .order_by(StatusEntry.opened_at, StatusEntry.id)
    )
    standing: dict[str, StatusEntry] = {}
    for entry in work.session.scalars(query):
        codes = told.get(entry.id, frozenset()) | {entry.code or declared[entry.id]}
        standing.update((code, entry) for code in codes & wanted)
    return standing


def acknowledgements(work: Work, entries: Iterable[StatusEntry]) -> Mapping[UUID, EntryHappening]:
    """Return for each entry the happening that last took it out of open, with its person; an open one has none."""
    moved = {(entry.organisation_id, entry.id) for entry in entries if entry.lifecycle != Lifecycle.OPEN}
    query = (
        select(EntryHappening)
        .where(
            tuple_(EntryHappening.organisation_id, EntryHappening.entry_id).in_(moved),
            audience_reaches(work.actor, EntryHappening.audience, EntryHappening.organisation_id),
            EntryHappening.kind == HappeningKind.LIFECYCLE,
        )
        .options(joinedload(EntryHappening.person))
        .order_by(EntryHappening.at, EntryHappening.id)
    )
    rows = work.session.scalars(query).all()
    return {row.entry_id: row for row in rows if row.before.get("lifecycle") == Lifecycle.OPEN}
