"""The portal reads the wall clock in one file, and no time anywhere is naive."""

import ast

from tests.architecture.tree import dotted, parsed, python_files, sentences

CLOCK = "statusportal/foundation/clock.py"
NAIVE = ("datetime.utcnow", "datetime.utcfromtimestamp", "datetime.today", "date.today")


def naive_times(source: str) -> list[str]:
    found = []
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Attribute) and dotted(node).endswith(NAIVE):
            found.append(f"{node.lineno}: {dotted(node)} has no zone")
        if isinstance(node, ast.Call) and _is_now(node) and not (node.args or node.keywords):
            found.append(f"{node.lineno}: datetime.now() has no zone")
    return found


def clock_reads(source: str) -> list[str]:
    """Find readings of the wall clock, with a zone or without."""
    return [
        f"{node.lineno}: {dotted(node.func)} reads the clock beside the clock"
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.Call) and (_is_now(node) or dotted(node.func) in {"time.time", "time.time_ns"})
    ]


def _is_now(node: ast.Call) -> bool:
    return dotted(node.func).endswith("datetime.now")


def test_naive_time_is_found():
    source = "a = datetime.now()\nb = dt.datetime.utcnow()\nc = datetime.now(UTC)\n"

    assert naive_times(source) == ["1: datetime.now() has no zone", "2: dt.datetime.utcnow has no zone"]


def test_no_time_is_naive():
    assert sentences(naive_times, python_files("statusportal/", "devices/")) == []


def test_second_clock_is_found():
    assert clock_reads("a = datetime.now(UTC)\nb = time.time()\nc = time.monotonic()\n") == [
        "1: datetime.now reads the clock beside the clock",
        "2: time.time reads the clock beside the clock",
    ]


def test_portal_reads_one_clock():
    names = [name for name in python_files("statusportal/") if name != CLOCK]

    assert sentences(clock_reads, names) == []
