"""The curve of one signal over a chosen time, with limits and the ribbon of health."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import request, url_for

from statusportal.catalogue.vocabulary import ModelRules, Side
from statusportal.evidence.queries import pins_of_device
from statusportal.fleet.models import Device
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.http.filters import reader_locale
from statusportal.http.formatting import duration
from statusportal.http.views.devices import Chart, HealthInterval, SignalValue
from statusportal.http.views.shell import FilterLink, Health
from statusportal.status.queries import intervals_of
from statusportal.telemetry.queries import series
from statusportal.tuning.queries import rules_of_device
from statusportal.web.devices.live_view import nearest_limit
from statusportal.web.talk.evidence_view import pins_of
from statusportal.work import Work

_POINTS = 300
# A stretch without a value that is longer than this many expected intervals is a gap, never a line.
_GAP_INTERVALS = 5
_RANGES = {
    "8h": timedelta(hours=8),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "90d": timedelta(days=90),
}
_USUAL = "8h"


def chart_view(work: Work, device: Device, signals: Sequence[SignalValue]) -> Chart | None:
    """Return the chart that the address asks for: of the first number that is in trouble if it asks for none."""
    numbers = [signal for signal in signals if signal.is_number]
    if not numbers:
        return None
    usual = next((one for one in numbers if one.health != "normal"), numbers[0])
    shown = next((one for one in numbers if one.name == request.args.get("signal")), usual)
    span_name = request.args.get("range", _USUAL)
    span = _RANGES.get(span_name, _RANGES[_USUAL])
    to_at = min(work.now, _asked_moment(work.now) + span / 2)
    from_at = to_at - span
    rules = rules_of_device(work, device)
    found = series(work, device.id, [shown.name], to_ms(from_at), to_ms(to_at) + 1, _POINTS)[0]
    limits = [limit for limit in rules.limits if limit.signal_name == shown.name]
    points = [(at_ms, float(value)) for at_ms, value in found.points if isinstance(value, int | float)]
    return Chart(
        signal=shown.name,
        label=shown.label,
        unit=shown.unit,
        from_at=from_at,
        to_at=to_at,
        points=with_gaps(points, _gap_ms(rules, span)),
        decimals=shown.decimals,
        low=nearest_limit(limits, Side.LOW),
        high=nearest_limit(limits, Side.HIGH),
        health=_breach_health(rules, shown.name),
        pins=pins_of(pins_of_device(work, device.id, shown.name, from_at, to_at)),
        intervals=health_intervals(work, device, from_at, to_at),
        ranges=_ranges(device, shown.name, span_name if span_name in _RANGES else _USUAL),
        signals=tuple(
            FilterLink(one.label, _href(device, one.name, span_name), is_current=one.name == shown.name, name=one.name)
            for one in numbers
        ),
        source=f"/api/v1/devices/{device.id}/telemetry?signal={shown.name}",
    )


def _asked_moment(now: datetime) -> datetime:
    """Return the moment that the address asks to be shown, as evidence does; the present one without."""
    asked = request.args.get("at", "")
    return from_ms(int(asked)) if asked.isdecimal() and int(asked) <= to_ms(now) else now


def with_gaps(points: Sequence[tuple[int, float]], gap_ms: int) -> tuple[tuple[datetime, float | None], ...]:
    """Put a missing value where nothing was heard for too long, so that no line bridges it."""
    shaped: list[tuple[datetime, float | None]] = []
    before_ms: int | None = None
    for at_ms, value in points:
        if before_ms is not None and at_ms - before_ms > gap_ms:
            shaped.append((from_ms(before_ms + 1), None))
        shaped.append((from_ms(at_ms), value))
        before_ms = at_ms
    return tuple(shaped)


def health_intervals(work: Work, device: Device, from_at: datetime, to_at: datetime) -> tuple[HealthInterval, ...]:
    """Return the ribbon: stretches of one health, neighbours of the same health joined."""
    joined: list[HealthInterval] = []
    for interval in intervals_of(work, device.id, to_ms(from_at), to_ms(to_at)):
        end = from_ms(interval.to_ms) if interval.to_ms is not None else to_at
        health: Health = interval.health.value
        if joined and joined[-1].health == health:
            joined[-1] = HealthInterval(health, joined[-1].from_at, end)
        else:
            joined.append(HealthInterval(health, from_ms(interval.from_ms), end))
    return tuple(joined)


def _gap_ms(rules: ModelRules, span: timedelta) -> int:
    """Return what counts as a gap: never less than a few of the points that are drawn."""
    drawn_ms = span // timedelta(milliseconds=1) // _POINTS * 4
    return max(rules.expected_interval_s * 1000 * _GAP_INTERVALS, drawn_ms)


def _breach_health(rules: ModelRules, signal: str) -> Health:
    found = [limit.health for limit in rules.limits if limit.signal_name == signal]
    return min(found, key=lambda health: health.rank).value if found else "off_spec"


def _ranges(device: Device, signal: str, current: str) -> tuple[FilterLink, ...]:
    return tuple(
        FilterLink(
            duration(span.total_seconds(), locale=reader_locale()),
            _href(device, signal, name),
            is_current=name == current,
            name=name,
        )
        for name, span in _RANGES.items()
    )


def _href(device: Device, signal: str, span: str) -> str:
    return url_for("devices.device", device_id=device.id, signal=signal, range=span, _anchor="chart")
