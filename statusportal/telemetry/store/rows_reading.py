"""Reading what `rows` keeps, and its journal."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import InstrumentedAttribute

from devices.reading import Value
from statusportal.telemetry.models import Sample, Signal
from statusportal.telemetry.store import journal
from statusportal.telemetry.store.port import Followed, News
from statusportal.telemetry.vocabulary import QUALITIES, LastValue, Measured, Span, unpack
from statusportal.work import Work


class RowReader:
    """Give back what the row store keeps; it has no state, so one serves every work."""

    def points(
        self, work: Work, device_id: UUID, signal: str, spans: Sequence[Span], limit: int, after_ms: int | None
    ) -> list[tuple[int, Value]]:
        """Read points span by span until the limit is reached."""
        columns = (Sample.at_ms, Sample.kind, Sample.real, Sample.text)
        rows = _rows_within(work, columns, (device_id, signal), spans, limit, after_ms)
        return [(at_ms, unpack(kind, real, text)) for at_ms, kind, real, text in rows]

    def samples(
        self, work: Work, device_id: UUID, signal: str, spans: Sequence[Span], limit: int, after_ms: int | None
    ) -> list[Measured]:
        """Read whole samples span by span until the limit is reached."""
        columns = (Sample.at_ms, Sample.kind, Sample.real, Sample.text, Sample.quality)
        rows = _rows_within(work, columns, (device_id, signal), spans, limit, after_ms)
        return [
            Measured(at_ms, unpack(kind, real, text), QUALITIES[quality]) for at_ms, kind, real, text, quality in rows
        ]

    def last_values(self, work: Work, device_ids: Sequence[UUID]) -> list[LastValue]:
        """Read the newest samples that each commit noted beside the signal."""
        query = (
            select(Signal)
            .where(Signal.device_id.in_(device_ids), Signal.last_at_ms.is_not(None))
            .order_by(Signal.device_id, Signal.number)
        )
        return [
            LastValue(
                row.device_id,
                row.name,
                row.last_at_ms or 0,
                unpack(row.last_kind or 0, row.last_real, row.last_text),
                QUALITIES[row.last_quality or 0],
            )
            for row in work.session.scalars(query)
        ]

    def last_values_within(self, work: Work, device_id: UUID, spans: Sequence[Span]) -> list[LastValue]:
        """Find the newest sample of each signal inside the spans."""
        found: dict[int, LastValue] = {}
        for from_ms, to_ms in spans:
            newest = (
                select(Sample.signal_number, func.max(Sample.at_ms).label("at_ms"))
                .where(Sample.device_id == device_id, Sample.at_ms >= from_ms, Sample.at_ms < to_ms)
                .group_by(Sample.signal_number)
                .subquery()
            )
            query = (
                select(Sample, Signal.name)
                .join(newest, (Sample.signal_number == newest.c.signal_number) & (Sample.at_ms == newest.c.at_ms))
                .join(Signal, (Signal.device_id == Sample.device_id) & (Signal.number == Sample.signal_number))
                .where(Sample.device_id == device_id)
            )
            for row, name in work.session.execute(query):
                value = unpack(row.kind, row.real, row.text)
                found[row.signal_number] = LastValue(device_id, name, row.at_ms, value, QUALITIES[row.quality])
        return [found[number] for number in sorted(found)]

    def values_at(self, work: Work, device_id: UUID, at_ms: int) -> list[LastValue]:
        """Find each signal's newest sample up to an instant: one step down the primary key for each signal."""
        newest = (
            select(func.max(Sample.at_ms))
            .where(Sample.device_id == Signal.device_id, Sample.signal_number == Signal.number, Sample.at_ms <= at_ms)
            .correlate(Signal)
            .scalar_subquery()
        )
        query = (
            select(Sample, Signal.name)
            .join(Signal, (Signal.device_id == Sample.device_id) & (Signal.number == Sample.signal_number))
            .where(Signal.device_id == device_id, Sample.at_ms == newest)
            .order_by(Signal.number)
        )
        return [
            LastValue(device_id, name, row.at_ms, unpack(row.kind, row.real, row.text), QUALITIES[row.quality])
            for row, name in work.session.execute(query)
        ]

    def count(self, work: Work, device_id: UUID, span: Span) -> int:
        """Count rows signal by signal, each along its key."""
        count = (
            select(func.count())
            .where(
                Sample.device_id == Signal.device_id,
                Sample.signal_number == Signal.number,
                Sample.at_ms >= span[0],
                Sample.at_ms < span[1],
            )
            .correlate(Signal)
            .scalar_subquery()
        )
        return int(work.session.scalar(select(func.sum(count)).where(Signal.device_id == device_id)) or 0)

    def hold_cursor(self, work: Work, follower: str) -> None:
        """Keep others from following under the same name until this work commits."""
        journal.hold(work, follower)

    def journal_after(self, work: Work, follower: str, limit: int) -> News:
        """Read the journal behind the follower's cursors."""
        return journal.news_after(work, follower, limit)

    def move_cursor(self, work: Work, follower: str, upto: Followed) -> None:
        """Note how far the follower has come."""
        journal.move_cursor(work, follower, upto)

    def trim_journal(self, work: Work) -> int:
        """Delete what every follower has seen."""
        return journal.trim(work)

    def count_waiting(self, work: Work, follower: str) -> int:
        """Count the commits that the follower has not seen."""
        return journal.count_waiting(work, follower)

    def oldest_waiting_ms(self, work: Work, follower: str) -> int | None:
        """Return when the oldest batch that the follower has not seen arrived."""
        return journal.oldest_waiting_ms(work, follower)


def _rows_within(
    work: Work,
    columns: Sequence[InstrumentedAttribute[Any]],
    of: tuple[UUID, str],
    spans: Sequence[Span],
    limit: int,
    after_ms: int | None,
) -> list[Row[*tuple[Any, ...]]]:
    """Read some columns of one signal's samples in order of time, span by span."""
    device_id, signal = of
    number = work.session.scalar(select(Signal.number).where(Signal.device_id == device_id, Signal.name == signal))
    found: list[Row[*tuple[Any, ...]]] = []
    for from_ms, to_ms in spans if number is not None else ():
        start = from_ms if after_ms is None else max(from_ms, after_ms + 1)
        if start >= to_ms:
            continue
        query = (
            select(*columns)
            .where(Sample.device_id == device_id, Sample.signal_number == number)
            .where(Sample.at_ms >= start, Sample.at_ms < to_ms)
            .order_by(Sample.at_ms)
            .limit(limit - len(found))
        )
        found += work.session.execute(query).all()
        if len(found) >= limit:
            break
    return found
