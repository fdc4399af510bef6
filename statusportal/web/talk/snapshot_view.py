"""From a frozen snapshot to what the page draws."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from statusportal.catalogue.vocabulary import Side
from statusportal.foundation.clock import from_ms
from statusportal.http.filters import reader_locale
from statusportal.http.views.devices import Chart, SignalValue
from statusportal.http.views.entries import Snapshot
from statusportal.http.views.shell import Health, Option


def snapshot_view(frozen: Mapping[str, Any], firmware: str, code: str | None) -> Snapshot:
    """Return the values and the curve as they stood when the entry was opened."""
    limits = frozen.get("limits", [])
    values = tuple(_value(one, limits) for one in frozen.get("values", []))
    return Snapshot(
        frozen_at=from_ms(frozen["at_ms"]),
        values=values,
        chart=_chart(frozen, values),
        firmware=firmware,
        codes=(code,) if code else (),
    )


def pickable_signals(frozen: Mapping[str, Any] | None) -> tuple[Option, ...]:
    """Return the numbers that the machine knew of itself when the entry was opened: of these a moment can be pinned."""
    label = "label_da" if reader_locale() == "da" else "label_en"
    values = (frozen or {}).get("values", [])
    numbers = [one for one in values if isinstance(one["value"], int | float) and not isinstance(one["value"], bool)]
    return tuple(Option(one["signal"], one[label]) for one in numbers)


def _value(frozen: Mapping[str, Any], limits: Sequence[Mapping[str, Any]]) -> SignalValue:
    mine = [limit for limit in limits if limit["signal"] == frozen["signal"]]
    return SignalValue(
        name=frozen["signal"],
        label=frozen["label_da" if reader_locale() == "da" else "label_en"],
        value=frozen["value"],
        unit=frozen["unit"],
        at=from_ms(frozen["at_ms"]),
        health=worst_broken(frozen["value"], mine),
        low=edge(mine, Side.LOW),
        high=edge(mine, Side.HIGH),
    )


def edge(limits: Sequence[Mapping[str, Any]], side: Side) -> float | None:
    """Return the limit that a value meets first on its way out."""
    found = [limit["threshold"] for limit in limits if limit["side"] == side]
    if not found:
        return None
    return float(min(found) if side is Side.HIGH else max(found))


def worst_broken(value: object, limits: Sequence[Mapping[str, Any]]) -> Health:
    """Return the worst health that a value stands for by itself, without duration or hysteresis."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "normal"
    order: tuple[Health, ...] = ("normal", "maintenance_required", "off_spec", "check_function", "failure")
    worst: Health = "normal"
    for limit in limits:
        is_broken = value > limit["threshold"] if limit["side"] == Side.HIGH else value < limit["threshold"]
        if is_broken and order.index(limit["health"]) > order.index(worst):
            worst = limit["health"]
    return worst


def _chart(frozen: Mapping[str, Any], values: Sequence[SignalValue]) -> Chart | None:
    points = [(from_ms(at_ms), value) for at_ms, value in frozen.get("points", [])]
    signal = next((value for value in values if value.name == frozen.get("signal")), None)
    numbers = [(at, value) for at, value in points if isinstance(value, int | float) and not isinstance(value, bool)]
    if signal is None or len(numbers) < 2:  # noqa: PLR2004 - one point is no curve
        return None
    frozen_at = from_ms(frozen["at_ms"])
    return Chart(
        signal=signal.name,
        label=signal.label,
        unit=signal.unit,
        from_at=numbers[0][0],
        to_at=max(frozen_at, numbers[-1][0] + timedelta(seconds=1)),
        points=tuple((at, float(value)) for at, value in numbers),
        low=signal.low,
        high=signal.high,
        health=signal.health if signal.health != "normal" else "off_spec",
        frozen_at=frozen_at,
    )
