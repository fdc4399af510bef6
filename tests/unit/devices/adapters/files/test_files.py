import os
import threading
import time

import pytest

from devices.conformance.adapters import running
from devices.memory_sink import MemorySink
from devices.protocol import PayloadRefused
from devices.registry import build_adapter

HEADING = "timestamp,value\n"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "in"


@pytest.fixture
def adapter(folder):
    folder.mkdir()
    options = {"folder": str(folder), "settle_s": 0.2, "unfinished_s": 0.6, "size_maximum_bytes": 10_000}
    return build_adapter("files", options, mapping={"device": "M-1"})


def row(minute, value):
    return f"2024-01-01T00:{minute:02}:00Z,{value}\n"


def wait_for(path, timeout_s=10):
    until_s = time.monotonic() + timeout_s
    while not path.exists():
        assert time.monotonic() < until_s, f"{path} never came; there are {list(path.parent.parent.rglob('*'))}"
        time.sleep(0.02)


def test_files_there_and_files_coming_are_taken_once(adapter, folder):
    sink = MemorySink()
    (folder / "a.csv").write_text(HEADING + row(1, 1))

    with running(adapter, sink):
        wait_for(folder / "done" / "a.csv")
        (folder / "b.csv").write_text(HEADING + row(2, 2))
        wait_for(folder / "done" / "b.csv")

    assert [reading.value for reading in sink.kept.values()] == [1, 2]
    assert sink.calls == 2


def test_a_file_written_slowly_is_taken_whole(adapter, folder):
    sink = MemorySink()

    with running(adapter, sink), (folder / "slow.csv").open("w") as file:
        for piece in (HEADING, row(1, 1), row(2, 2)[:-4], row(2, 2)[-4:], row(3, 3)):
            file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            time.sleep(0.1)
        wait_for(folder / "done" / "slow.csv")

    assert [reading.value for reading in sink.kept.values()] == [1, 2, 3]
    assert sink.calls == 1


def test_a_last_line_without_an_end_is_waited_for(adapter, folder):
    sink = MemorySink()
    path = folder / "cut.csv"
    path.write_text(HEADING + row(1, 1) + "2024-01-01T00:02:00Z,12")

    with running(adapter, sink):
        time.sleep(0.45)
        with path.open("a") as file:
            file.write("34\n")
        wait_for(folder / "done" / "cut.csv")

    assert [reading.value for reading in sink.kept.values()] == [1, 1234]


def test_a_file_renamed_into_place_is_taken_and_a_temporary_one_is_not(adapter, folder):
    sink = MemorySink()
    (folder / ".hidden.csv").write_text(HEADING + row(1, 1))
    (folder / "part.csv.part").write_text(HEADING + row(2, 2))

    with running(adapter, sink):
        time.sleep(0.5)
        (folder / "part.csv.part").rename(folder / "part.csv")
        wait_for(folder / "done" / "part.csv")

    assert [reading.value for reading in sink.kept.values()] == [2]
    assert (folder / ".hidden.csv").exists()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff\xfe\n", "The table is not UTF-8: byte 0 does not fit."),
        (b"time,value\n1,2\n", "There is no column 'timestamp'; there are: time, value."),
        (b"timestamp,value\n2024-01-01T00:01:00Z,warm\n", "'warm' is not a number"),
        (b"timestamp,value\n" + b"x" * 10_000 + b"\n", "The file is too large: 10017 bytes."),
        (b"", "The file holds no sample that could be taken."),
    ],
)
def test_a_bad_file_is_set_aside_with_its_reason(adapter, folder, body, reason):
    sink = MemorySink()
    (folder / "bad.csv").write_bytes(body)

    with running(adapter, sink) as happenings:
        wait_for(folder / "refused" / "bad.csv.reason.txt")

    assert reason in (folder / "refused" / "bad.csv.reason.txt").read_text()
    assert (folder / "refused" / "bad.csv").read_bytes() == body
    assert [reason in one.reason for one in happenings if isinstance(one, PayloadRefused)] == [True]
    assert sink.kept == {}


def test_a_partly_bad_file_keeps_its_reasons_beside_it(adapter, folder):
    (folder / "mixed.csv").write_text(HEADING + row(1, "warm") + row(2, 2))
    sink = MemorySink()

    with running(adapter, sink):
        wait_for(folder / "done" / "mixed.csv.rejected.txt")

    assert (folder / "done" / "mixed.csv.rejected.txt").read_text() == "line 2, value: 'warm' is not a number\n"
    assert len(sink.kept) == 1


def test_a_file_stays_until_the_sink_has_it(adapter, folder):
    sink = MemorySink()
    sink.fail_next(10**6)
    (folder / "a.csv").write_text(HEADING + row(1, 1))

    with running(adapter, sink):
        until_s = time.monotonic() + 5
        while sink.calls == 0 and time.monotonic() < until_s:
            time.sleep(0.02)

    assert sink.calls > 0
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "done", "refused"]


def test_a_name_taken_before_is_kept_apart(adapter, folder):
    sink = MemorySink()

    with running(adapter, sink):
        for value in (1, 2):
            (folder / "same.csv").write_text(HEADING + row(value, value))
            wait_for(folder / "done" / ("same.csv" if value == 1 else "same-2.csv"))

    assert [reading.value for reading in sink.kept.values()] == [1, 2]


def test_a_folder_that_goes_away_is_stated(adapter, folder):
    before = threading.active_count()
    with running(adapter, MemorySink()) as happenings:
        time.sleep(0.3)
        (folder / "done").rmdir()
        (folder / "refused").rmdir()
        folder.rmdir()
        until_s = time.monotonic() + 5
        while len(happenings) < 2 and time.monotonic() < until_s:
            time.sleep(0.02)

    assert happenings[1].reason == f"{folder}: The folder is gone."
    assert threading.active_count() < before + 10
