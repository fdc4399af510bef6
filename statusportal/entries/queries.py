"""Reading entries. Every read starts from `visible_entries`; lists run one query whatever their length."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import Right
from statusportal.entries.models import EntryHappening, StatusEntry
from statusportal.entries.policy import audience_reaches, visible_entries
from statusportal.entries.vocabulary import NO_FILTERS, EntryFilters, Lifecycle
from statusportal.fleet.models import Device
from statusportal.fleet.queries import may, require_right
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.work import Work


def entry_for(work: Work, entry_id: UUID) -> StatusEntry:
    """Return one entry with its device and author.

    Raises: NotFound when it is missing or invisible.
    """
    entry = work.once(("entry", entry_id), lambda: _find_entry(work, entry_id))
    if entry is None:
        raise NotFound
    # A look at what happened in somebody's time is a look at their machine.
    work.seen |= {("entry", entry.id, entry.organisation_id), ("device", entry.device_id, entry.organisation_id)}
    return entry


def locked_entry(work: Work, entry_id: UUID) -> StatusEntry:
    """Return one entry as `entry_for`, fresh, and keep others from changing it or its thread until the commit."""
    query = (
        _visible(work)
        .where(StatusEntry.id == entry_id)
        .with_for_update(of=StatusEntry)
        .execution_options(populate_existing=True)
    )
    entry = work.session.scalars(query).one_or_none()
    if entry is None:
        raise NotFound
    return entry


def entries_page(work: Work, wanted: Slice, filters: EntryFilters = NO_FILTERS) -> Page[StatusEntry]:
    """List entries, newest first, each with its device and author."""
    query = _filtered(_visible(work), filters)
    position = wanted.position(datetime, UUID)
    if position is not None:
        opened_at, entry_id = position
        query = query.where(
            or_(
                StatusEntry.opened_at < opened_at,
                and_(StatusEntry.opened_at == opened_at, StatusEntry.id < entry_id),
            )
        )
    newest_first = query.order_by(StatusEntry.opened_at.desc(), StatusEntry.id.desc()).limit(wanted.limit + 1)
    return page_of(work.session.scalars(newest_first).all(), wanted, lambda entry: (entry.opened_at, entry.id))


def entries_of_device(
    work: Work, device_id: UUID, wanted: Slice, filters: EntryFilters = NO_FILTERS
) -> Page[StatusEntry]:
    """List one device's time line, newest first. The caller has found the device; a stranger gets an empty page."""
    return entries_page(work, wanted, replace(filters, device_id=device_id))


def entries_by_id(work: Work, entry_ids: Collection[UUID]) -> Mapping[UUID, StatusEntry]:
    """Return those of the given entries that are visible."""
    query = _visible(work).where(StatusEntry.id.in_(entry_ids))
    return {entry.id: entry for entry in work.session.scalars(query)}


def open_counts(work: Work, device_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Count the visible entries of each device that are not resolved. Shape: a device without any is left out."""
    query = (
        select(StatusEntry.device_id, func.count())
        .where(
            visible_entries(work.actor, work.now),
            StatusEntry.device_id.in_(device_ids),
            StatusEntry.lifecycle != Lifecycle.RESOLVED,
        )
        .group_by(StatusEntry.device_id)
    )
    return dict(work.session.execute(query).all())


def happenings_of(work: Work, entry_id: UUID) -> Sequence[EntryHappening]:
    """List what happened to an entry itself, oldest first, each with the person who did it.

    Raises: NotFound when the entry is missing or invisible.
    """
    entry = entry_for(work, entry_id)
    query = (
        select(EntryHappening)
        .where(
            EntryHappening.organisation_id == entry.organisation_id,
            EntryHappening.entry_id == entry.id,
            audience_reaches(work.actor, EntryHappening.audience, EntryHappening.organisation_id),
        )
        .options(joinedload(EntryHappening.person))
        .order_by(EntryHappening.at, EntryHappening.id)
    )
    return work.session.scalars(query).all()


def version_seen(work: Work, entry: StatusEntry) -> int:
    """Return the version as the work's actor counts it: staff count internal changes too."""
    return entry.version + (entry.internal_version if work.actor.is_operator else 0)


def comment_count_seen(work: Work, entry: StatusEntry) -> int:
    """Return how many comments people wrote that the work's actor may read."""
    return entry.comment_count + (entry.internal_comment_count if work.actor.is_operator else 0)


def require_on(work: Work, entry: StatusEntry, permission: Permission, right: Right) -> None:
    """Let the work go on if a role in the owning organisation, a staff role or a grant carries it.

    Raises: Forbidden, since the entry is visible.
    """
    require_right(work, permission, right, entry.device_id, entry.organisation_id, entry.opened_at)


def may_on(work: Work, entry: StatusEntry, permission: Permission, right: Right) -> bool:
    """Tell whether `require_on` would let the work go on, for what a page offers."""
    return may(work, permission, right, entry.device_id, entry.organisation_id, entry.opened_at)


def may_edit(work: Work, entry: StatusEntry) -> bool:
    """Tell whether the words are the actor's to change: one's own, or for staff the portal's."""
    if entry.author_id is None:
        return actor_holds(work.actor, Permission.ENTRY_PUBLISH, entry.organisation_id)
    return entry.author_id == work.actor.person_id


def _find_entry(work: Work, entry_id: UUID) -> StatusEntry | None:
    return work.session.scalars(_visible(work).where(StatusEntry.id == entry_id)).one_or_none()


def _visible(work: Work) -> Select[StatusEntry]:
    return (
        select(StatusEntry)
        .where(visible_entries(work.actor, work.now))
        .options(joinedload(StatusEntry.device), joinedload(StatusEntry.author))
    )


def _filtered(query: Select[StatusEntry], filters: EntryFilters) -> Select[StatusEntry]:
    if filters.device_id is not None:
        query = query.where(StatusEntry.device_id == filters.device_id)
    if filters.model_id is not None:
        of_model = select(Device.id).where(Device.model_id == filters.model_id)
        query = query.where(StatusEntry.device_id.in_(of_model))
    if filters.kinds:
        query = query.where(StatusEntry.kind.in_(filters.kinds))
    if filters.lifecycles:
        query = query.where(StatusEntry.lifecycle.in_(filters.lifecycles))
    if filters.health is not None:
        query = query.where(StatusEntry.health == filters.health)
    if filters.code is not None:
        query = query.where(StatusEntry.code == filters.code)
    if filters.since is not None:
        query = query.where(StatusEntry.opened_at >= filters.since)
    if filters.until is not None:
        query = query.where(StatusEntry.opened_at < filters.until)
    return query
