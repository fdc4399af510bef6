"""Real recordings as messages: the whole ones where they lie beside the checkout, an excerpt of each otherwise."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from statusportal.foundation.clock import to_ms

_ROOT = Path(__file__).parents[2]
_SHARED = _ROOT.parent / "shared" / "data"
_PAYLOADS = _ROOT / "tests" / "payloads"

_WHOLE_NAB = _SHARED / "nab_machine_temperature" / "machine_temperature_system_failure.csv"
NAB_EXCERPT = _PAYLOADS / "nab" / "machine_temperature_excerpt.csv"
_EXCERPT_CMAPSS = _PAYLOADS / "cmapss" / "train_FD001_excerpt.txt"

# The columns of C-MAPSS that change over an engine's life, by their place in a row.
_CMAPSS_SIGNALS = {"T24": 6, "T30": 7, "T50": 8, "P30": 11, "Nf": 12, "Nc": 13, "Ps30": 15, "phi": 16, "BPR": 19}
_CYCLE_MS = 60_000


@dataclass(frozen=True)
class Recording:
    """Messages in order, how many samples stand, and those that do not: (time, the value that stands, its own)."""

    lines: list[str]
    accepted: int
    conflicts: list[tuple[datetime, str, str]]


def nab(now: datetime) -> Recording:
    """Give the machine temperature as ThingsBoard JSON, moved so that its last row is now.

    The recording names no zone: its times are moved whole, so none is needed.
    """
    source = _WHOLE_NAB if _WHOLE_NAB.exists() else NAB_EXCERPT
    with source.open(encoding="utf-8", newline="") as file:
        rows = [
            (datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC), row["value"]) for row in csv.DictReader(file)
        ]
    shift = now - rows[-1][0]
    first: dict[datetime, str] = {}
    conflicts = []
    for at, value in rows:
        if first.setdefault(at, value) != value:
            conflicts.append((at + shift, str(float(first[at])), str(float(value))))
    lines = [json.dumps({"ts": to_ms(at + shift), "values": {"temperature": float(value)}}) for at, value in rows]
    return Recording(lines, len(first), conflicts)


def cmapss(now: datetime) -> dict[str, Recording]:
    """Give engines by serial number, a cycle a minute, each engine's last cycle now."""
    engines: dict[str, list[list[float]]] = {}
    for row in _cmapss_rows():
        engines.setdefault(f"ENGINE-{row[0]:.0f}", []).append(row)
    return {serial: _engine(rows, to_ms(now)) for serial, rows in engines.items()}


def _engine(rows: list[list[float]], now_ms: int) -> Recording:
    lines = [
        json.dumps(
            {
                "ts": now_ms - (len(rows) - 1 - number) * _CYCLE_MS,
                "values": {name: row[place] for name, place in _CMAPSS_SIGNALS.items()},
            }
        )
        for number, row in enumerate(rows)
    ]
    return Recording(lines, len(rows) * len(_CMAPSS_SIGNALS), [])


def _cmapss_rows() -> Iterator[list[float]]:
    for line in _EXCERPT_CMAPSS.read_text(encoding="utf-8").splitlines():
        yield [float(word) for word in line.split()]
