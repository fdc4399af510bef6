"""Reading samples, always inside the periods in which the reader may read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from statusportal.access.permissions import Permission
from statusportal.fleet.queries import device_for, periods_of_many
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.foundation.paging import Page, Slice, cursor_of, page_of
from statusportal.telemetry.downsample import downsample, thin_out
from statusportal.telemetry.models import SampleConflict
from statusportal.telemetry.policy import END_OF_TIME_MS, is_inside, spans_of, within
from statusportal.telemetry.store.opening import sample_reader
from statusportal.telemetry.vocabulary import LastValue, Measured, Point, Series, Span
from statusportal.work import Work

MOST_POINTS = 10_000
_PIECE = 100_000

_READER = sample_reader()
_FEWEST_OF_A_SIGNAL = 100


@dataclass(frozen=True, slots=True)
class RawPage:
    """Raw points of the signals asked for, in their order; `next_cursor` is None once all of all were given."""

    series: list[Series]
    next_cursor: str | None


def readable_spans(work: Work, device_ids: Iterable[UUID]) -> dict[UUID, list[Span]]:
    """Return the times of each device that the reader may read, in a constant number of queries.

    Shape: half-open spans of milliseconds since 1970 UTC, ascending and apart. A link to an entry opens what stands in
    it, and no other moment of the device.
    """
    if work.actor.link is not None and work.actor.link.entry_id is not None:
        return {device_id: [] for device_id in device_ids}
    return {device_id: spans_of(found) for device_id, found in periods_of_many(work, device_ids).items()}


def _sample_spans(work: Work, device_id: UUID) -> list[Span]:
    """Return when the reader may read samples: never by a token that was made for other things."""
    is_meant = work.actor.is_scoped_to(Permission.TELEMETRY_VIEW)
    return readable_spans(work, [device_id])[device_id] if is_meant else []


def last_values_of(work: Work, device_id: UUID) -> list[LastValue]:
    """Return each signal's newest sample by event time that the reader may see, in the order signals first came.

    Raises: NotFound.
    """
    device_for(work, device_id)
    spans = _sample_spans(work, device_id)
    newest = _READER.last_values(work, [device_id])
    if all(is_inside(spans, one.at_ms) for one in newest):
        return newest
    return _READER.last_values_within(work, device_id, spans)


def raw_points(
    work: Work, device_id: UUID, names: Sequence[str], span: Span, limit: int = MOST_POINTS, cursor: str | None = None
) -> RawPage:
    """Read raw points, signal after signal, at most `limit` in all; the cursor goes on where a page ended.

    Units: the half-open span is in milliseconds since 1970 UTC.
    Raises: NotFound, Invalid for a limit or cursor that does not hold.
    """
    if not 1 <= limit <= MOST_POINTS:
        raise Invalid.field("/limit", Sentence("must be between 1 and %(most)s", most=MOST_POINTS))
    device_for(work, device_id)
    spans = within(_sample_spans(work, device_id), *span)
    first, after_ms = _position(cursor, len(names))
    found: list[Series] = []
    for index, name in enumerate(names):
        points: list[Point] = []
        if index >= first:
            points = _READER.points(work, device_id, name, spans, limit + 1, after_ms if index == first else None)
        if len(points) > limit:
            found.append(Series(name, points[:limit]))
            found += [Series(left, []) for left in names[index + 1 :]]
            return RawPage(found, cursor_of(index, points[limit - 1][0]) if limit else cursor_of(index, None))
        found.append(Series(name, points))
        limit -= len(points)
    return RawPage(found, None)


def series(
    work: Work, device_id: UUID, names: Sequence[str], from_ms: int, to_ms: int, max_points: int
) -> list[Series]:
    """Read signals in at most `max_points` points each, of the same shape as all of them.

    Shape: one series a name, in their order, empty where nothing is known; `is_downsampled` tells whether points were
    left out. Units: half-open, milliseconds since 1970 UTC.
    Raises: NotFound.
    """
    device_for(work, device_id)
    spans = within(_sample_spans(work, device_id), from_ms, to_ms)
    return [_drawn(work, device_id, name, spans, max_points) for name in names]


def values_at(work: Work, device_id: UUID, at_ms: int) -> list[LastValue]:
    """Return how each signal stood at an instant: for a snapshot, made by the portal itself."""
    return _READER.values_at(work, device_id, at_ms)


def points_before(work: Work, device_id: UUID, name: str, until_ms: int, span_ms: int, most: int) -> list[Point]:
    """Return how a signal came to where it was, in at most `most` points: for a snapshot, made by the portal itself."""
    spans = [(until_ms - span_ms, until_ms + 1)]
    return _drawn(work, device_id, name, spans, most).points


def first_after(work: Work, device_id: UUID, after_ms: int) -> int | None:
    """Return when the first of a device's samples behind a time was taken, None for none: for the portal itself."""
    later = [one.signal for one in _READER.last_values(work, [device_id]) if one.at_ms > after_ms]
    spans = [(after_ms + 1, END_OF_TIME_MS)]
    firsts = [_READER.samples(work, device_id, name, spans, 1, None) for name in later]
    return min((one.at_ms for first in firsts for one in first), default=None)


def samples_within(work: Work, device_id: UUID, span: Span, most: int) -> list[tuple[str, Measured]]:
    """Return a device's samples of a span, each with its signal's name, in order of time: for the portal itself.

    Shape: at most `most`; which are left out is not said.
    """
    found: list[tuple[str, Measured]] = []
    for name in (one.signal for one in _READER.last_values(work, [device_id])):
        left = most - len(found)
        if left > 0:
            found += [(name, one) for one in _READER.samples(work, device_id, name, [span], left, None)]
    return sorted(found, key=lambda one: (one[1].at_ms, one[0]))


def slice_within(work: Work, device_id: UUID, span: Span, about: int) -> tuple[list[tuple[str, Measured]], int | None]:
    """Return the first samples of a span as `samples_within`, and the time up to which these are all; None for its end.

    Shape: around `about` samples, a hundred of each signal at least. Units: milliseconds since 1970 UTC.
    """
    names = [one.signal for one in _READER.last_values(work, [device_id])]
    most = max(_FEWEST_OF_A_SIGNAL, about // max(1, len(names)))
    found: list[tuple[str, Measured]] = []
    whole_until_ms: int | None = None
    for name in names:
        some = _READER.samples(work, device_id, name, [span], most, None)
        found += [(name, one) for one in some]
        if len(some) == most:
            last_ms = some[-1].at_ms
            whole_until_ms = last_ms if whole_until_ms is None else min(whole_until_ms, last_ms)
    whole = [one for one in found if whole_until_ms is None or one[1].at_ms <= whole_until_ms]
    return sorted(whole, key=lambda one: (one[1].at_ms, one[0])), whole_until_ms


def count_within(work: Work, device_id: UUID, span: Span) -> int:
    """Count a device's samples of a span: for the portal itself."""
    return _READER.count(work, device_id, span)


def conflicts_page(work: Work, source: str, wanted: Slice) -> Page[SampleConflict]:
    """List what one source sent that another value stood against, the newest first.

    The caller has made sure that the actor may see the source: a connection's page, or a credential's.
    """
    query = select(SampleConflict).where(SampleConflict.source == source)
    if position := wanted.position(int, UUID):
        before_ms, before_id = position
        at, row_id = SampleConflict.at_ms, SampleConflict.id
        query = query.where((at < before_ms) | ((at == before_ms) & (row_id < before_id)))
    query = query.order_by(SampleConflict.at_ms.desc(), SampleConflict.id.desc()).limit(wanted.limit + 1)
    return page_of(work.session.scalars(query).all(), wanted, lambda row: (row.at_ms, row.id))


def _position(cursor: str | None, names: int) -> tuple[int, int | None]:
    position = Slice(cursor=cursor).position(int, int | None)  # type: ignore[arg-type]  # msgspec takes unions too
    if position is None:
        return 0, None
    index, after_ms = position
    if not isinstance(index, int) or not 0 <= index < names:
        raise Invalid.field("/cursor", Sentence("is not a cursor of these signals"))
    return index, after_ms if isinstance(after_ms, int) else None


def _drawn(work: Work, device_id: UUID, name: str, spans: Sequence[Span], most: int) -> Series:
    """Read piece by piece, cutting each down, so that a year of seconds does not stand in memory."""
    kept: list[Point] = []
    after_ms: int | None = None
    read = 0
    while True:
        piece = _READER.points(work, device_id, name, spans, _PIECE, after_ms)
        read += len(piece)
        kept += piece if read <= _PIECE else thin_out(piece, most)
        if len(piece) < _PIECE:
            break
        after_ms = piece[-1][0]
    points = downsample(kept, most)
    return Series(name, points, is_downsampled=len(points) < read)
