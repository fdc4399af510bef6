import threading
import time
from pathlib import Path

from devices.memory_sink import MemorySink
from devices.protocol import PayloadRefused, ReadingsStored
from devices.registry import build_adapter

NAB = Path(__file__).parents[4] / "payloads" / "nab" / "machine_temperature_excerpt.csv"
NAB_FORMAT = {"time_zone": "UTC", "signals": {"value": "temperature"}}


def played(path, **options):
    sink, happenings = MemorySink(), []
    adapter = build_adapter(
        "replay",
        {"path": str(path)} | options,
        mapping={"device": "M-1", "signals": {"temperature": {"source_unit": "°F", "unit": "°C"}}},
        format_given=NAB_FORMAT,
    )
    adapter.run(sink, threading.Event(), happenings.append)
    return sink, happenings


def test_a_recording_is_played_with_its_conflicts():
    sink, happenings = played(NAB)

    stored = [one for one in happenings if isinstance(one, ReadingsStored)]
    assert stored == [ReadingsStored(accepted=588, duplicates=0, conflicts=12, rejected=0)]
    assert len(sink.kept) == 588


def test_the_last_row_is_now():
    before_ms = time.time_ns() // 1_000_000

    sink, _ = played(NAB, rebase="last_row_now")

    times = [at_ms for _, _, at_ms in sink.kept]
    assert before_ms <= times[-1] <= before_ms + 5_000
    assert times[1] - times[0] == 300_000


def test_a_pace_is_kept(tmp_path):
    path = tmp_path / "three.csv"
    path.write_text("timestamp,value\n2024-01-01 00:00:00,1\n2024-01-01 00:00:10,2\n2024-01-01 00:00:20,3\n")
    began_s = time.monotonic()

    sink, _ = played(path, speed=100.0, rebase="live")

    times = [at_ms for _, _, at_ms in sink.kept]
    assert 0.19 <= time.monotonic() - began_s < 2
    assert times[2] - times[0] >= 190


def test_rows_that_cannot_be_played_are_reported(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("timestamp,value\n2024-01-01 00:00:00,warm\n2024-01-01 00:00:10,2\n")

    sink, happenings = played(path)

    assert [one.reason for one in happenings if isinstance(one, PayloadRefused)] == [
        "line 2, value: 'warm' is not a number",
    ]
    assert len(sink.kept) == 1
