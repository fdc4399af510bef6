"""What the machine looked like when an entry was opened, as one value that outlives the raw data. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from statusportal.catalogue.vocabulary import ModelRules

Point = tuple[int, float | int | bool | str]


def build_snapshot(
    at_ms: int,
    values: Iterable[Mapping[str, Any]],
    rules: ModelRules,
    signal_name: str | None,
    points: Sequence[Point],
) -> dict[str, Any]:
    """Freeze a moment.

    Shape: `{"at_ms", "values": [{"signal", "label_en", "label_da", "unit", "value", "at_ms"}], "limits": [{"signal",
    "code", "side", "threshold", "health"}], "signal", "points": [[ms, value], ...]}`; declared signals first, in the
    model's order. `points` are those of the signal concerned, oldest first, up to the moment.
    """
    declared = {signal.name: signal for signal in rules.signals}
    order = {name: place for place, name in enumerate(declared)}
    lines = []
    for value in sorted(values, key=lambda one: (order.get(one["signal"], len(order)), one["signal"])):
        signal = declared.get(value["signal"])
        lines.append(
            {
                "signal": value["signal"],
                "label_en": signal.label_en if signal else value["signal"],
                "label_da": signal.label_da if signal else value["signal"],
                "unit": signal.unit if signal else "",
                "value": value["value"],
                "at_ms": value["at_ms"],
            }
        )
    limits = [
        {
            "signal": limit.signal_name,
            "code": limit.code,
            "side": str(limit.side),
            "threshold": limit.threshold,
            "health": str(limit.health),
        }
        for limit in rules.limits
    ]
    return {
        "at_ms": at_ms,
        "values": lines,
        "limits": limits,
        "signal": signal_name,
        "points": [list(point) for point in points if point[0] <= at_ms],
    }
