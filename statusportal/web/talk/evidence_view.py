"""From evidence to its card in a comment, and to its pin on a curve."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from statusportal.evidence.models import Evidence as Row
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.http.filters import reader_locale
from statusportal.http.formatting import number
from statusportal.http.views.devices import Chart, Pin
from statusportal.http.views.entries import Evidence, Snapshot

Pinned = Mapping[UUID, Sequence[Row]]


def evidence_view(row: Row) -> Evidence:
    """Return a card: what is pinned, what it means, its own small curve, and where the device's chart shows it."""
    numbers = [float(value) for _at, value in row.points if _is_number(value)]
    return Evidence(
        letter=row.letter,
        title="",
        detail=_meaning(row),
        href=url_for(
            "devices.device", device_id=row.device_id, signal=row.signal, at=to_ms(row.from_at), _anchor="chart"
        ),
        points=tuple(numbers) if len(numbers) > 1 else (),
        low=row.low,
        high=row.high,
        label=row.label_da if reader_locale() == "da" else row.label_en,
        unit=row.unit,
        at=row.from_at,
        to_at=row.to_at,
        value=row.value,
        last_value=row.last_value,
        rows=tuple((from_ms(at_ms), value) for at_ms, value in row.points),
    )


def pins_of(rows: Iterable[Row], href: str = "") -> tuple[Pin, ...]:
    """Return the letters for a curve, each leading to its comment; what is no number has no place on one."""
    return tuple(
        Pin(
            letter=row.letter,
            at=row.from_at,
            value=float(row.value),
            label=row.label_da if reader_locale() == "da" else row.label_en,
            href=f"{href or url_for('entries.entry', entry_id=row.entry_id)}#c-{row.comment_id}",
        )
        for row in rows
        if _is_number(row.value)
    )


def with_pins(snapshot: Snapshot | None, pinned: Pinned) -> Snapshot | None:
    """Put the thread's letters on the frozen curve, as far as they are of its signal and its time."""
    if snapshot is None or snapshot.chart is None:
        return snapshot
    chart: Chart = snapshot.chart
    rows = [row for found in pinned.values() for row in found if row.signal == chart.signal]
    inside = [row for row in rows if chart.from_at <= row.from_at <= chart.to_at]
    here = tuple(replace(pin, href=pin.href[pin.href.index("#") :]) for pin in pins_of(inside))
    return replace(snapshot, chart=replace(chart, pins=here))


def _meaning(row: Row) -> str:
    """Say how the worst of what is pinned stands to the limits that held then; nothing where there are none."""
    values = [float(one) for one in (row.value, row.last_value) if _is_number(one)]
    if not values or (row.low is None and row.high is None):
        return ""
    over = max(values) - row.high if row.high is not None else 0.0
    under = row.low - min(values) if row.low is not None else 0.0
    words = ""
    if over > 0 and over >= under:
        words = _("%(much)s above the upper limit", much=number(over, row.unit, locale=reader_locale()))
    elif under > 0:
        words = _("%(much)s below the lower limit", much=number(under, row.unit, locale=reader_locale()))
    return words or _("Inside the limits")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
