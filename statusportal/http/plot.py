"""Lay a chart out as shapes: where the curve, its limits, its gaps and its pins stand. Pure; the template only draws.

The drawing is 1000 by 240 and stretched by the page; words and pins are placed beside it in percent, so that text
never scales with it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from statusportal.http.formatting import axis_time, number
from statusportal.http.views.devices import Chart, Pin
from statusportal.http.views.shell import Health

WIDTH: Final = 1000.0
HEIGHT: Final = 240.0
HEADROOM: Final = 0.12
WIDEST_TABLE: Final = 24
PIN_Y: Final = 9.0

_STEPS: Final = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 20160, 43200, 129600)
)


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on an axis and its place in percent."""

    label: str
    place: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the time axis in percent."""

    left: float
    width: float


@dataclass(frozen=True, slots=True)
class PlacedPin:
    """A pin, and where its stem ends on the curve."""

    pin: Pin
    left: float
    spot: float
    stem: float


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the status ribbon; health None is time that has not come."""

    health: Health | None
    share: float


@dataclass(frozen=True, slots=True)
class Plot:
    """Everything a drawn chart needs. `low` and `high` end its value axis; `over` are the paths outside the limits."""

    low: float
    high: float
    line: str
    over: tuple[str, ...]
    band_top: float
    band_height: float
    has_band: bool
    limits: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    gaps: tuple[Stretch, ...]
    pins: tuple[PlacedPin, ...]
    ribbon: tuple[Share, ...]
    frozen: float | None
    rows: tuple[tuple[datetime, float | None], ...]


def plot(chart: Chart, *, zone: tzinfo, locale: str) -> Plot:
    """Place a chart's parts. A chart without a single value gives an empty line and the axis of its limits."""
    low, high = _range_of(chart)
    scale = _Scale(chart.from_at, chart.to_at, low, high)
    top = scale.y(chart.high) if chart.high is not None else 0.0
    bottom = scale.y(chart.low) if chart.low is not None else HEIGHT
    return Plot(
        low=low,
        high=high,
        line=" ".join(_path(scale, run) for run in _runs(chart.points)),
        over=tuple(_over(scale, chart)),
        band_top=round(top, 1),
        band_height=round(max(0.0, bottom - top), 1),
        has_band=chart.low is not None or chart.high is not None,
        limits=tuple(
            Tick(number(limit, chart.unit, locale=locale), scale.percent_down(limit))
            for limit in (chart.high, chart.low)
            if limit is not None
        ),
        y_ticks=tuple(Tick(number(value, locale=locale), scale.percent_down(value)) for value in _nice(low, high)),
        x_ticks=tuple(_x_ticks(scale, zone, locale)),
        gaps=tuple(_gaps(scale, chart.points)),
        pins=tuple(_place(scale, pin) for pin in chart.pins),
        ribbon=tuple(_ribbon(scale, chart)),
        frozen=round(scale.x(chart.frozen_at), 1) if chart.frozen_at else None,
        rows=tuple(_rows(chart.points)),
    )


def spark(points: Sequence[float], low: float | None, high: float | None) -> tuple[str, float, float]:
    """Draw a small curve 100 by 28; return its path, and its band's top and height (0 where unknown)."""
    if not points:
        return "", 0.0, 0.0
    known = [*points, *(limit for limit in (low, high) if limit is not None)]
    bottom, top = min(known), max(known)
    reach = (top - bottom) or 1.0
    step = 100 / max(1, len(points) - 1)
    places = [f"{index * step:.1f},{26 - (value - bottom) / reach * 24:.1f}" for index, value in enumerate(points)]
    band_top = 26 - ((high if high is not None else top) - bottom) / reach * 24
    band_bottom = 26 - ((low if low is not None else bottom) - bottom) / reach * 24
    has_band = low is not None or high is not None
    return f"M{' '.join(places)}", round(band_top, 1), round(band_bottom - band_top, 1) if has_band else 0.0


def on_range(value: float, low: float | None, high: float | None) -> tuple[int, int, int]:
    """Place a value and its limits on a bar: percent of low, high and value, with room on both sides."""
    floor = low if low is not None else (high or 0.0) - abs(high or 1.0)
    roof = high if high is not None else floor + abs(floor or 1.0)
    reach = (roof - floor) or 1.0
    start, end = floor - reach * 0.6, roof + reach * 0.6
    place = [round((point - start) / (end - start) * 100) for point in (floor, roof, value)]
    return (0 if low is None else place[0], 100 if high is None else place[1], min(98, max(2, place[2])))


@dataclass(frozen=True, slots=True)
class _Scale:
    from_at: datetime
    to_at: datetime
    low: float
    high: float

    def x(self, at: datetime) -> float:
        span = (self.to_at - self.from_at).total_seconds() or 1.0
        return (at - self.from_at).total_seconds() / span * WIDTH

    def y(self, value: float) -> float:
        return (self.high - value) / ((self.high - self.low) or 1.0) * HEIGHT

    def percent_across(self, at: datetime) -> float:
        return round(min(100.0, max(0.0, self.x(at) / WIDTH * 100)), 2)

    def percent_down(self, value: float) -> float:
        return round(self.y(value) / HEIGHT * 100, 2)


def _range_of(chart: Chart) -> tuple[float, float]:
    known = [value for _, value in chart.points if value is not None]
    known += [limit for limit in (chart.low, chart.high) if limit is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    room = (high - low) * HEADROOM or abs(high) * HEADROOM or 1.0
    return low - room, high + room * 2


def _runs(points: Sequence[tuple[datetime, float | None]]) -> Iterator[list[tuple[datetime, float]]]:
    run: list[tuple[datetime, float]] = []
    for at, value in points:
        if value is None:
            if run:
                yield run
            run = []
        else:
            run.append((at, value))
    if run:
        yield run


def _path(scale: _Scale, run: Sequence[tuple[datetime, float]]) -> str:
    return "M" + " ".join(f"{scale.x(at):.1f},{scale.y(value):.1f}" for at, value in run)


def _over(scale: _Scale, chart: Chart) -> Iterator[str]:
    for run in _runs(chart.points):
        for limit, outside in ((chart.high, max), (chart.low, min)):
            if limit is None or all(outside(value, limit) == limit for _, value in run):
                continue
            edge = f"{scale.y(limit):.1f}"
            curve = _path(scale, [(at, outside(value, limit)) for at, value in run])
            yield f"{curve} L{scale.x(run[-1][0]):.1f},{edge} L{scale.x(run[0][0]):.1f},{edge}Z"


def _nice(low: float, high: float) -> Iterator[float]:
    rough = (high - low) / 3
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    index = math.ceil(low / step)
    while index * step <= high:
        yield round(index * step, 10)
        index += 1


def _x_ticks(scale: _Scale, zone: tzinfo, locale: str) -> Iterator[Tick]:
    span = scale.to_at - scale.from_at
    step = next((size for size in _STEPS if span / size <= 6), _STEPS[-1])  # noqa: PLR2004 more than six labels collide on a phone
    local = scale.from_at.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + math.ceil((local - midnight) / step) * step
    while at <= scale.to_at:
        yield Tick(axis_time(at, span=span, zone=zone, locale=locale), scale.percent_across(at))
        at += step


def _gaps(scale: _Scale, points: Sequence[tuple[datetime, float | None]]) -> Iterator[Stretch]:
    last: datetime | None = None
    gap_from: datetime | None = None
    for at, value in points:
        if value is None:
            gap_from = gap_from or last or at
            continue
        if gap_from is not None:
            left = scale.percent_across(gap_from)
            yield Stretch(left, round(scale.percent_across(at) - left, 2))
            gap_from = None
        last = at


def _place(scale: _Scale, pin: Pin) -> PlacedPin:
    spot = scale.percent_down(pin.value)
    return PlacedPin(pin, scale.percent_across(pin.at), spot, round(max(0.0, spot - PIN_Y), 2))


def _ribbon(scale: _Scale, chart: Chart) -> Iterator[Share]:
    shown = 0.0
    for interval in chart.intervals:
        share = scale.percent_across(interval.to_at) - scale.percent_across(interval.from_at)
        if share > 0:
            shown += share
            yield Share(interval.health, round(share, 2))
    if chart.intervals and shown < 99.5:  # noqa: PLR2004 less than half a percent is rounding
        yield Share(None, round(100 - shown, 2))


def _rows(points: Sequence[tuple[datetime, float | None]]) -> Iterator[tuple[datetime, float | None]]:
    stride = max(1, math.ceil(len(points) / WIDEST_TABLE))
    yield from points[::stride]
    if points and (len(points) - 1) % stride:
        yield points[-1]
