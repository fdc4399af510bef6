"""Copying what a machine sent, before anything is written: reading weeks of it must keep nobody from writing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from devices.reading import Value
from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.vocabulary import Side
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import entry_for
from statusportal.evidence.models import Evidence
from statusportal.evidence.vocabulary import Wish
from statusportal.fleet.models import Ownership
from statusportal.fleet.queries import ownership_holds
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import Faults, Sentence
from statusportal.telemetry.queries import series
from statusportal.telemetry.vocabulary import Point
from statusportal.tuning.queries import rules_of_device
from statusportal.work import Work

MOST: Final = 10
_POINTS: Final = 120
_AROUND: Final = timedelta(minutes=30)
# All ranges of a comment together: a week of a signal that sends every second is half a second's work.
_LONGEST: Final = timedelta(days=7)
# What a rounded number may differ from the one that was sent, as a share and by itself.
_CLOSE: Final = 0.001
_CLOSE_AT_LEAST: Final = 0.05


@dataclass(frozen=True, slots=True)
class _Signal:
    """What is said of a signal beside its points."""

    label_en: str
    label_da: str
    unit: str
    low: float | None
    high: float | None


def copied_evidence(work: Work, entry_id: UUID, wishes: Sequence[Wish]) -> list[Evidence]:
    """Copy what a comment will point at: what the machine sent, as far as the actor may read in the entry's own time.

    Whoever reads the comment reads the copy, so that nothing of another owner's time can be pinned here.
    Raises: NotFound; Invalid at `/evidence` and `/evidence/N/...`.
    """
    if not wishes:
        return []
    faults, entry = Faults(), entry_for(work, entry_id)
    if len(wishes) > MOST:
        faults.note("/evidence", Sentence("may have %(most)s pins", most=MOST))
    elif len(wishes) > 1 and sum(map(_length, wishes), timedelta()) > _LONGEST:
        faults.note("/evidence", Sentence("may reach over %(days)s days together", days=_LONGEST.days))
    faults.close()
    found = [_copied(work, entry, wish, f"/evidence/{place}", faults) for place, wish in enumerate(wishes)]
    faults.close()
    return found


def _length(wish: Wish) -> timedelta:
    return max(wish.to_at - wish.from_at, timedelta()) if wish.to_at else 2 * _AROUND


def _copied(work: Work, entry: StatusEntry, wish: Wish, pointer: str, faults: Faults) -> Evidence:
    signal = _signal(work, entry, wish.signal)
    if wish.to_at is not None and wish.to_at <= wish.from_at:
        faults.note(f"{pointer}/to", Sentence("must be after its beginning"))
    elif wish.to_at is not None and wish.to_at - wish.from_at > _LONGEST:
        faults.note(f"{pointer}/to", Sentence("may be %(days)s days after its beginning", days=_LONGEST.days))
    if wish.unit is not None and wish.unit != signal.unit:
        faults.note(f"{pointer}/unit", Sentence("is %(unit)s on this machine", unit=signal.unit or "–"))
    points = [] if faults.errors else _points(work, entry, wish)
    value, last_value = _ends(points, wish)
    if value is None and not faults.errors:
        faults.note(f"{pointer}/from", Sentence("is no time of which you can read this signal here"))
    elif value is not None and not _agree(wish.value, value):
        faults.note(f"{pointer}/value", Sentence("was %(value)s then", value=str(value)))
    return Evidence(
        signal=wish.signal,
        label_en=signal.label_en,
        label_da=signal.label_da,
        unit=signal.unit,
        low=signal.low,
        high=signal.high,
        from_at=wish.from_at,
        to_at=wish.to_at,
        value=value,
        last_value=last_value,
        points=[list(point) for point in points],
    )


def _points(work: Work, entry: StatusEntry, wish: Wish) -> list[Point]:
    """Return the points of a range, or around a moment, that the author may read in the entry's ownership."""
    key = (entry.organisation_id, entry.device_id, entry.ownership_id)
    owned = work.session.get_one(Ownership, key)
    from_at = wish.from_at if wish.to_at else wish.from_at - _AROUND
    to_at = wish.to_at or wish.from_at + _AROUND
    until = min(to_at, owned.to_at) if owned.to_at else to_at
    from_at = max(from_at, owned.from_at)
    if until <= from_at or not owned.from_at <= wish.from_at:
        return []
    # The last moment of a range belongs to it; the moment at which an ownership ends is the next owner's.
    to_ms_exclusive = to_ms(until) + (until != owned.to_at)
    (drawn,) = series(work, entry.device_id, [wish.signal], to_ms(from_at), to_ms_exclusive, _POINTS)
    return list(drawn.points)


def _ends(points: Sequence[Point], wish: Wish) -> tuple[Value | None, Value | None]:
    """Return how the signal stood at the moment, or at both ends of the range."""
    if not points:
        return None, None
    if wish.to_at is not None:
        return points[0][1], points[-1][1]
    at_ms = to_ms(wish.from_at)
    return min(points, key=lambda point: (point[0] > at_ms, abs(point[0] - at_ms)))[1], None


def _agree(said: Value | None, stood: Value) -> bool:
    """Tell whether what the author says is what the machine sent, as far as a rounded number can say it."""
    if said is None:
        return True
    if isinstance(said, int | float) and isinstance(stood, int | float):
        return abs(said - stood) <= max(_CLOSE * abs(stood), _CLOSE_AT_LEAST)
    return said == stood


def _signal(work: Work, entry: StatusEntry, name: str) -> _Signal:
    # A machine's own limits are its present owner's: under an entry of somebody before, the model's stand.
    is_present = ownership_holds(work, entry.device_id, entry.ownership_id)
    model_id = entry.device.model_id
    rules = rules_of_device(work, entry.device) if is_present else rules_of(work, [model_id])[model_id]
    known = next((one for one in rules.signals if one.name == name), None)
    limits = [one for one in rules.limits if one.signal_name == name]
    low = max((one.threshold for one in limits if one.side is Side.LOW), default=None)
    high = min((one.threshold for one in limits if one.side is Side.HIGH), default=None)
    if known is None:
        return _Signal(name, name, "", low, high)
    return _Signal(known.label_en or name, known.label_da or name, known.unit, low, high)
