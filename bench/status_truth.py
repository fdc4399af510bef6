"""The shipped profiles on labelled recordings: hits, false alarms a month, and lead time.

`python -m bench.status_truth --data DIR` reads whole recordings; without it, the excerpt beside this file. Parameters
of the profiles were chosen on the first 50 engines of FD001's training file and on the first half of NAB's machine
temperature; the rest is reported apart. The generic profile was chosen on made-up recordings and on first halves.
"""

import argparse
import csv
import json
import statistics
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from statusportal.cli.backtest import OK, Backtest, Shift
from statusportal.cli.recording import Dialect, Row
from statusportal.foundation.clock import to_ms
from statusportal.profiles.finding import find_shipped
from statusportal.profiles.vocabulary import Profile

EXCERPT = Path(__file__).parent / "recordings"
ENGINE_SIGNALS = (
    *("T2", "T24", "T30", "T50", "P2", "P15", "P30", "Nf", "Nc", "epr", "Ps30", "phi", "NRf", "NRc", "BPR", "farB"),
    *("htBleed", "Nf_dmd", "PCNfR_dmd", "W31", "W32"),
)
CHOSEN_ON = 50  # engines
EARLY = 130  # flights: what warns before is a false alarm, as the recording's baseline counts
LATE = 10
MONTH_MS = 30.44 * 86_400_000
COUNT = Dialect(is_count=True)


def main(arguments: list[str] | None = None) -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=EXCERPT, help="a folder with whole recordings")
    folder = parser.parse_args(arguments).data
    for path in sorted(folder.rglob("train_FD*.txt")):
        _report_engines(path)
    for windows in sorted(folder.rglob("combined_windows.json")):
        for name, spans in json.loads(windows.read_text()).items():
            path = windows.parent / Path(name).name
            if path.exists():
                _report_windows(path, spans, _labels(windows, name))


def _shipped(name: str) -> Profile:
    profile = find_shipped(name)
    assert profile is not None
    return profile


def _report_engines(path: Path) -> None:
    lives = _lives(path)
    warned = _first_warnings(lives, _shipped("cmapss-turbofan"))
    leads = {engine: len(lives[engine]) - at for engine, at in warned.items()}
    print(f"{path.name}, profile cmapss-turbofan: flights from warning to failure")
    _print_leads("chosen on", [engine for engine in lives if int(engine) <= CHOSEN_ON], leads)
    _print_leads("the others", [engine for engine in lives if int(engine) > CHOSEN_ON], leads)
    _print_leads("all", list(lives), leads)
    test, remaining = (path.with_name(path.name.replace("train", kind)) for kind in ("test", "RUL"))
    if test.exists() and remaining.exists():
        _report_test(test, [int(line) for line in remaining.read_text().split()])


def _print_leads(name: str, engines: list[str], leads: dict[str, int]) -> None:
    found = [leads[engine] for engine in engines if engine in leads]
    if not found:
        print(f"  {name:<11} {len(found)} of {len(engines)} warned")
        return
    early, late = sum(lead > EARLY for lead in found), sum(lead < LATE for lead in found)
    spread = f"median {statistics.median(found):g}, {min(found)} to {max(found)}"
    print(f"  {name:<11} {len(found)} of {len(engines)} warned, {spread}; early {early}, late {late}")


def _report_test(path: Path, remaining: list[int]) -> None:
    """Look at engines whose record ends before they fail."""
    lives = _lives(path)
    warned = _first_warnings(lives, _shipped("cmapss-turbofan"))
    leads = [len(lives[engine]) - at + remaining[int(engine) - 1] for engine, at in warned.items()]
    soon = [engine for engine in lives if remaining[int(engine) - 1] <= 2 * LATE]
    caught = sum(engine in warned for engine in soon)
    middle = statistics.median(leads)
    print(f"  test file   {len(warned)} of {len(lives)} warned before their record ends,")
    print(f"              median {middle:g}, {min(leads)} to {max(leads)};")
    print(f"              {caught} of the {len(soon)} that fail within {2 * LATE} flights of its end")


def _lives(path: Path) -> dict[str, list[list[str]]]:
    lives: dict[str, list[list[str]]] = {}
    for line in path.read_text().splitlines():
        cells = line.split()
        lives.setdefault(cells[0], []).append(cells)
    return lives


def _first_warnings(lives: dict[str, list[list[str]]], profile: Profile) -> dict[str, int]:
    rows = (
        Row(engine, int(cells[1]), signal, float(value), COUNT)
        for engine, flights in lives.items()
        for cells in flights
        for signal, value in zip(ENGINE_SIGNALS, cells[5:], strict=True)
    )
    first: dict[str, int] = {}
    for shift in Backtest(profile).shifts(rows):
        if shift.level != OK:
            first.setdefault(shift.series, int(shift.timestamp))
    return first


def _labels(windows: Path, name: str) -> list[int]:
    labels = windows.with_name("combined_labels.json")
    return [_ms(label) for label in json.loads(labels.read_text())[name]] if labels.exists() else []


def _report_windows(path: Path, given: list[list[str]], labels: list[int]) -> None:
    rows = list(_samples(path))
    began, ended = rows[0].at_ms, rows[-1].at_ms
    middle = (began + ended) // 2
    spans = [(_ms(start), _ms(end)) for start, end in given]
    for name in ("nab-machine-temperature", "generic"):
        if name != "generic" and "machine_temperature" not in path.name:
            continue
        alarms = _alarms(Backtest(_shipped(name)).shifts(rows))
        print(f"{path.name}, profile {name}: {(ended - began) / MONTH_MS:.1f} months")
        _print_windows("first half", began, middle, alarms, spans, labels)
        _print_windows("second half", middle, ended + 1, alarms, spans, labels)


def _print_windows(
    name: str, since: int, until: int, alarms: list[int], spans: list[tuple[int, int]], labels: list[int]
) -> None:
    here = [span for span in spans if since <= span[0] < until]
    firsts = [min((at for at in alarms if start <= at <= end), default=None) for start, end in here]
    false = [at for at in alarms if since <= at < until and not any(start <= at <= end for start, end in spans)]
    leads = [
        f"{(label - first) / 3_600_000:+.1f} h"
        for first, (start, end) in zip(firsts, here, strict=True)
        for label in labels
        if first is not None and start <= label <= end
    ]
    hits = sum(first is not None for first in firsts)
    rate = f"{len(false)} false alarms ({len(false) / ((until - since) / MONTH_MS):.2f} a month)"
    print(f"  {name:<11} {hits} of {len(here)} windows, {rate}, lead {', '.join(leads) or '-'}")


def _alarms(shifts: Iterable[Shift]) -> list[int]:
    """Return when the level left ok; a warning that becomes a fault is one alarm."""
    alarms, before = [], OK
    for shift in shifts:
        if before == OK and shift.level != OK:
            alarms.append(_ms(str(shift.timestamp)))
        before = shift.level
    return alarms


def _samples(path: Path) -> Iterator[Row]:
    with path.open(newline="") as lines:
        for one in csv.DictReader(lines):
            yield Row(path.stem, _ms(one["timestamp"]), "value", float(one["value"]), Dialect())


def _ms(text: str) -> int:
    at = datetime.fromisoformat(text)
    return to_ms(at if at.tzinfo else at.replace(tzinfo=UTC))


if __name__ == "__main__":
    main()
