"""Pure: intervals of health in, how time was spent out.

History is first read as it counts, in one walk (`passages`), then cut at the edges of days (`in_slots`), then summed
(`tally_of`). A cut changes no sum, so a month is its days and a fleet its machines.
Source: IEC 60050-192 (2015); see `availability.vocabulary`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from statusportal.availability.vocabulary import USES, Day, Passage, Slot, Stretch, Tally, Use
from statusportal.foundation.vocabulary import Health
from statusportal.telemetry.vocabulary import Span

_COUNTS = (Use.UP, Use.BROKEN, Use.CHECKED)


def filled(stretches: Iterable[Stretch], seen: Sequence[Span]) -> Iterator[Stretch]:
    """Cut history to the spans that are looked at, and say of every gap in them that nothing is known.

    Shape: both ascending and apart; the answer fills the spans exactly.
    """
    rest = iter(stretches)
    current = next(rest, None)
    for start, end in seen:
        at = start
        while current is not None and current.from_ms < end:
            from_ms, to_ms = max(current.from_ms, at), min(current.to_ms, end)
            if from_ms < to_ms:
                if at < from_ms:
                    yield Stretch(at, from_ms, Health.UNKNOWN)
                yield Stretch(from_ms, to_ms, current.health, current.is_begun and from_ms == current.from_ms)
                at = to_ms
            if current.to_ms > end:
                break
            current = next(rest, None)
        if at < end:
            yield Stretch(at, end, Health.UNKNOWN)


def passages(stretches: Iterable[Stretch], planned: Sequence[Span] = ()) -> list[Passage]:
    """Read history as it counts: planned work takes its time out, and each breakdown is marked where it begins.

    A breakdown lasts until the machine is fit for use again, through silence, checks and planned work; all of its
    repair counts where it began. One that began before what is looked at, or in planned work that ended it, is not
    counted. Shape: both ascending and apart.
    """
    found: list[Passage] = []
    is_broken, begun = False, None
    for stretch in stretches:
        use = USES[stretch.health]
        for from_ms, to_ms, is_planned in _around(stretch, planned):
            is_breakdown = False
            if use is Use.UP:
                is_broken = False
            elif use is Use.BROKEN and not is_planned and not is_broken:
                is_breakdown = stretch.is_begun or from_ms > stretch.from_ms
                is_broken, begun = True, len(found) if is_breakdown else None
            counted = Use.PLANNED if is_planned else use
            found.append(Passage(from_ms, to_ms, stretch.health, counted, is_breakdown))
            if is_broken and begun is not None and counted in (Use.BROKEN, Use.CHECKED):
                found[begun] = found[begun]._replace(repair_ms=found[begun].repair_ms + to_ms - from_ms)
    return found


def in_slots(walked: Iterable[Passage], slots: Sequence[Slot]) -> list[list[Passage]]:
    """Cut passages at the edges of days. Shape: both ascending; a list for each slot, a breakdown in one of them."""
    found: list[list[Passage]] = [[] for _ in slots]
    first = 0
    for passage in walked:
        while first < len(slots) and slots[first].to_ms <= passage.from_ms:
            first += 1
        for place in range(first, len(slots)):
            slot = slots[place]
            if passage.to_ms <= slot.from_ms:
                break
            from_ms, to_ms = max(passage.from_ms, slot.from_ms), min(passage.to_ms, slot.to_ms)
            piece = passage._replace(from_ms=from_ms, to_ms=to_ms)
            begins = from_ms == passage.from_ms
            found[place].append(piece if begins else piece._replace(is_breakdown=False, repair_ms=0))
    return found


def tally_of(walked: Iterable[Passage]) -> Tally:
    """Sum passages up."""
    spent_ms: Counter[Use] = Counter()
    repair_ms = breakdowns = 0
    for passage in walked:
        length_ms = passage.to_ms - passage.from_ms
        spent_ms[passage.use] += length_ms
        repair_ms += passage.repair_ms
        breakdowns += passage.is_breakdown
    return Tally(
        up_ms=spent_ms[Use.UP],
        down_ms=spent_ms[Use.BROKEN] + spent_ms[Use.CHECKED],
        repair_ms=repair_ms,
        unknown_ms=spent_ms[Use.UNKNOWN],
        planned_ms=spent_ms[Use.PLANNED],
        breakdowns=breakdowns,
    )


def daily(walked: Iterable[Passage], slots: Sequence[Slot]) -> list[Day]:
    """Sum history up by day. Shape: a day for each slot, unknown where nothing counts."""
    return [_day(slot, cut) for slot, cut in zip(slots, in_slots(walked, slots), strict=True)]


def monthly(days: Iterable[Day]) -> list[Day]:
    """Sum days up by month; `on` is its first day. Shape: ascending."""
    months: dict[object, list[Day]] = {}
    for day in days:
        months.setdefault(day.on.replace(day=1), []).append(day)
    return [_month(found) for found in months.values()]


def total(parts: Iterable[Tally]) -> Tally:
    """Add tallies up."""
    return sum(parts, Tally())


def _around(stretch: Stretch, planned: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    """Cut a stretch into what was planned and what was not."""
    at = stretch.from_ms
    for start, end in planned:
        if end <= at:
            continue
        if start >= stretch.to_ms:
            break
        if at < start:
            yield at, start, False
        yield max(at, start), min(end, stretch.to_ms), True
        at = min(end, stretch.to_ms)
    if at < stretch.to_ms:
        yield at, stretch.to_ms, False


def _day(slot: Slot, cut: Sequence[Passage]) -> Day:
    spent_ms: Counter[Health] = Counter()
    for passage in cut:
        if passage.use in _COUNTS:
            spent_ms[passage.health] += passage.to_ms - passage.from_ms
    worst = max(spent_ms, key=lambda health: health.rank, default=Health.UNKNOWN)
    return Day(slot.on, worst, spent_ms[worst], tally_of(cut))


def _month(days: Sequence[Day]) -> Day:
    worst = max((day.worst for day in days), key=lambda health: health.rank)
    worst_ms = sum(day.worst_ms for day in days if day.worst is worst)
    return Day(days[0].on.replace(day=1), worst, worst_ms, total(day.tally for day in days))
