"""Reading what a device has to take along, a piece at a time, inside the times that the reader may take."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from statusportal.access.permissions import Permission
from statusportal.catalogue.queries import rules_of
from statusportal.discussion.models import Comment
from statusportal.discussion.policy import entry_of_comment, visible_comments
from statusportal.entries.models import EntryHappening, StatusEntry
from statusportal.entries.policy import audience_reaches, visible_entries
from statusportal.export.policy import exportable
from statusportal.export.vocabulary import DeviceScope, DeviceTable, Opening, Piece, Position, Row, Table
from statusportal.export.walking import walk
from statusportal.fleet.queries import device_for, periods_of, words_seen
from statusportal.fleet.vocabulary import Period
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.errors import Forbidden
from statusportal.reasons.sentences import sentence
from statusportal.status.queries import conditions_of, intervals_after
from statusportal.telemetry.policy import spans_of, within
from statusportal.telemetry.store.opening import sample_reader
from statusportal.telemetry.vocabulary import Span
from statusportal.work import Work

PIECE = 5_000
_TALK_PIECE = 500
_READER = sample_reader()

Asked = TypeVar("Asked", bound=Select[*tuple[Any, ...]])
Read = Callable[[Work, DeviceScope, Position | None], Piece]


@dataclass(frozen=True, slots=True)
class DeviceHead:
    """What stands over a device's export: which machine, and the times that are in it."""

    id: UUID
    serial: str
    name: str
    model: str
    model_name: str
    site: str
    firmware: str
    periods: Sequence[Period]

    @property
    def organisations(self) -> frozenset[UUID]:
        """Return whose times these are."""
        return frozenset(one.organisation_id for one in self.periods)


def device_head(work: Work, scope: DeviceScope) -> DeviceHead:
    """Return what is known of the device to this reader.

    Raises: NotFound, Forbidden for who may see it and take nothing along.
    """
    periods = periods_to_take(work, scope)
    row = device_for(work, scope.device_id)
    words = words_seen(work, [row])[row.id]
    return DeviceHead(
        row.id, row.serial, words.name, row.model.slug, row.model.name, words.site, words.firmware, periods
    )


def periods_to_take(work: Work, scope: DeviceScope) -> list[Period]:
    """Return the times of a device that the reader may take along, the oldest first.

    Raises: NotFound, Forbidden when there are none.
    """
    device_for(work, scope.device_id)
    periods = exportable(work.actor, periods_of(work, scope.device_id))
    if scope.organisation_id is not None:
        periods = [one for one in periods if one.organisation_id == scope.organisation_id]
    if not periods:
        raise Forbidden(Permission.DEVICE_EXPORT.value, "customer_admin")
    return periods


def may_export(work: Work, device_id: UUID) -> bool:
    """Tell whether the reader may take anything of a device along, for what a page offers."""
    return bool(exportable(work.actor, periods_of(work, device_id)))


def device_tables(opening: Opening, scope: DeviceScope) -> list[Table]:
    """Return every table of a device, each read as its rows are asked for."""
    return [device_table(opening, scope, one) for one in DeviceTable]


def device_table(opening: Opening, scope: DeviceScope, name: DeviceTable) -> Table:
    """Return one table of a device."""
    columns, read = _TABLES[name]
    return Table(name.value, columns, walk(opening, partial(_of, read, scope)))


def _of(read: Read, scope: DeviceScope, work: Work, position: Position | None) -> Piece:
    return read(work, scope, position)


def _spans(work: Work, scope: DeviceScope) -> list[Span]:
    return within(spans_of(periods_to_take(work, scope)), scope.from_ms, scope.to_ms)


def _samples(work: Work, scope: DeviceScope, position: Position | None) -> Piece:
    spans = _spans(work, scope)
    model_id = device_for(work, scope.device_id).model_id
    units = {one.name: one.unit for one in rules_of(work, [model_id])[model_id].signals}
    names = [one.signal for one in _READER.last_values(work, [scope.device_id])]
    rows: list[Row] = []
    first, after_ms = position or (names[0] if names else "", None)
    for name in names[names.index(first) :] if names else ():
        found = _READER.samples(work, scope.device_id, name, spans, PIECE - len(rows), after_ms)
        unit = units.get(name, "")
        rows += [(from_ms(one.at_ms), name, one.value, unit, one.quality.value) for one in found]
        if len(rows) >= PIECE:
            return Piece(rows, (name, found[-1].at_ms))
        after_ms = None
    return Piece(rows, None)


def _status(work: Work, scope: DeviceScope, position: Position | None) -> Piece:
    spans = _spans(work, scope)
    found, following_ms = intervals_after(work, scope.device_id, spans, position[0] if position else None, PIECE)
    rows: list[Row] = [
        (
            from_ms(one.from_ms),
            from_ms(one.to_ms) if one.to_ms is not None else None,
            one.health.value,
            one.connectivity.value,
            sentence(one.cause, scope.locale),
        )
        for one in found
    ]
    return Piece(rows, (following_ms,) if following_ms is not None else None)


def _conditions(work: Work, scope: DeviceScope, position: Position | None) -> Piece:
    """Give the conditions of the present owner, for who may take the present along."""
    del position
    if not any(one.covers(work.now) for one in periods_to_take(work, scope)):
        return Piece((), None)
    rows: list[Row] = [
        (one.code, one.phase.value, one.health.value, one.signal_name, one.value, from_ms(one.since_ms), one.count)
        for one in conditions_of(work, scope.device_id)
    ]
    return Piece(rows, None)


def _entries(work: Work, scope: DeviceScope, position: Position | None) -> Piece:
    query = select(StatusEntry).where(visible_entries(work.actor, work.now)).options(joinedload(StatusEntry.author))
    query = _paged(_in_scope(query, scope), StatusEntry.opened_at, StatusEntry.id, position)
    found = work.session.scalars(query).all()
    periods = periods_to_take(work, scope)
    rows: list[Row] = [
        (
            row.id,
            row.kind,
            row.code,
            _spoken(row.title, row.headline, scope),
            row.body_markdown,
            row.health,
            row.lifecycle,
            row.audience,
            row.author.name if row.author else None,
            row.author_role,
            row.opened_at,
            row.resolved_at,
            row.edited_at,
            row.snapshot,
        )
        for row in found
        if _is_taken(row, periods)
    ]
    return Piece(rows, (found[-1].opened_at, found[-1].id) if len(found) == _TALK_PIECE else None)


def _changes(work: Work, scope: DeviceScope, position: Position | None) -> Piece:
    joined = and_(
        StatusEntry.organisation_id == EntryHappening.organisation_id, StatusEntry.id == EntryHappening.entry_id
    )
    query = (
        select(EntryHappening, StatusEntry)
        .join(StatusEntry, joined)
        .where(
            visible_entries(work.actor, work.now),
            audience_reaches(work.actor, EntryHappening.audience, EntryHappening.organisation_id),
        )
        .options(joinedload(EntryHappening.person))
    )
    query = _paged(_in_scope(query, scope), EntryHappening.at, EntryHappening.id, position)
    found = work.session.execute(query).all()
    periods = periods_to_take(work, scope)
    rows: list[Row] = [
        (
            entry.id,
            row.kind,
            row.person.name if row.person else None,
            row.person_role,
            row.at,
            row.before,
            row.after,
        )
        for row, entry in found
        if _is_taken(entry, periods)
    ]
    return Piece(rows, (found[-1][0].at, found[-1][0].id) if len(found) == _TALK_PIECE else None)


def _comments(work: Work, scope: DeviceScope, position: Position | None) -> Piece:
    query = (
        select(Comment, StatusEntry)
        .join(StatusEntry, entry_of_comment())
        .where(visible_comments(work.actor, work.now))
        .options(joinedload(Comment.author))
    )
    query = _paged(_in_scope(query, scope), Comment.created_at, Comment.id, position)
    found = work.session.execute(query).all()
    periods = periods_to_take(work, scope)
    rows: list[Row] = [
        (
            row.id,
            entry.id,
            row.parent_id,
            row.kind,
            row.audience,
            row.state,
            row.author.name if row.author else None,
            row.author_role,
            _spoken(row.body_markdown, row.reason, scope),
            row.created_at,
            row.edited_at,
        )
        for row, entry in found
        if _is_taken(entry, periods)
    ]
    return Piece(rows, (found[-1][0].created_at, found[-1][0].id) if len(found) == _TALK_PIECE else None)


def _spoken(written: str, said: Mapping[str, Any] | None, scope: DeviceScope) -> str:
    """Return what the portal itself said in the scope's language; English is how it was written down."""
    return written if said is None or scope.locale == "en" else sentence(said, scope.locale)


def _in_scope(query: Asked, scope: DeviceScope) -> Asked:
    """Keep what hangs on the device's entries of the stretch that is asked for; a thread goes with its entry."""
    query = query.where(StatusEntry.device_id == scope.device_id)
    begin, end = (from_ms(min(max(one, 0), _LAST_MS)) for one in (scope.from_ms, scope.to_ms))
    return query.where(StatusEntry.opened_at >= begin, StatusEntry.opened_at < end)


def _paged(
    query: Asked,
    at: InstrumentedAttribute[datetime],
    row_id: InstrumentedAttribute[UUID],
    position: Position | None,
) -> Asked:
    if position is not None:
        after_at, after_id = position
        query = query.where(or_(at > after_at, and_(at == after_at, row_id > after_id)))
    return query.order_by(at, row_id).limit(_TALK_PIECE)


def _is_taken(entry: StatusEntry, periods: Sequence[Period]) -> bool:
    return any(one.organisation_id == entry.organisation_id and one.covers(entry.opened_at) for one in periods)


# No entry is later, and every database holds it.
_LAST_MS = to_ms(datetime.fromisoformat("9999-01-01T00:00:00+00:00"))

_TABLES: Mapping[DeviceTable, tuple[tuple[str, ...], Read]] = MappingProxyType(
    {
        DeviceTable.SAMPLES: (("at", "signal", "value", "unit", "quality"), _samples),
        DeviceTable.STATUS: (("from", "to", "health", "connectivity", "cause"), _status),
        DeviceTable.CONDITIONS: (
            ("code", "state", "health", "signal", "value", "since", "count"),
            _conditions,
        ),
        DeviceTable.ENTRIES: (
            (
                "id",
                "kind",
                "code",
                "title",
                "body_markdown",
                "health",
                "lifecycle",
                "audience",
                "author",
                "author_role",
                "opened_at",
                "resolved_at",
                "edited_at",
                "snapshot",
            ),
            _entries,
        ),
        DeviceTable.CHANGES: (("entry_id", "kind", "person", "person_role", "at", "before", "after"), _changes),
        DeviceTable.COMMENTS: (
            (
                "id",
                "entry_id",
                "parent_id",
                "kind",
                "audience",
                "state",
                "author",
                "author_role",
                "body_markdown",
                "created_at",
                "edited_at",
            ),
            _comments,
        ),
    }
)
