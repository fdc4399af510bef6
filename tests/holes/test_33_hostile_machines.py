"""Class 33: a machine, a broker or a folder that answers to do harm.

Seen at asyncua and mosquitto. Lengths that lie, answers that never end, files that are no files: each is refused in a
time of its own, costs its neighbours nothing, and is named.
"""

import contextlib
import os
import socket
import threading
import time

import pytest

from devices.backoff import Backoff
from devices.errors import ConnectionLost, ConnectionRefused
from devices.loop import keep_running
from devices.memory_sink import MemorySink
from devices.protocol import Disconnected
from devices.registry import build_adapter

CONNACK, SUBACK = b"\x20\x03\x00\x00\x00", b"\x90\x04\x00\x01\x00\x01"
# A PUBLISH whose length is the greatest that the protocol has, of which little ever comes.
GREATEST_PUBLISH = b"\x32\xff\xff\xff\x7f\x00\x01a"


@contextlib.contextmanager
def broker_that(*answers, drip=b""):
    """Accept lines, give one answer to each packet, then drip one byte at a time for as long as it is listened to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        ended = threading.Event()

        def speak(line):
            with line, contextlib.suppress(OSError):
                for answer in answers:
                    line.recv(1_000)
                    line.sendall(answer)
                while not ended.wait(0.02):
                    line.sendall(drip)

        def serve():
            speakers = []
            while not ended.is_set():
                with contextlib.suppress(TimeoutError):
                    speakers.append(threading.Thread(target=speak, args=(server.accept()[0],)))
                    speakers[-1].start()
            for one in speakers:
                one.join()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            thread.join()


def mqtt(port, **more):
    options = {"host": "127.0.0.1", "port": port, "topics": ["a"], "connect_timeout_s": 0.3, **more}
    return build_adapter("mqtt", options, mapping={"device": "M-1"})


@pytest.mark.parametrize(
    ("answers", "drip"),
    [
        pytest.param((), b"\x20", id="a first answer that never ends"),
        pytest.param((), b"\x00", id="packets of nothing"),
        pytest.param((CONNACK,), b"\x90", id="a second answer that never ends"),
    ],
)
def test_broker_that_never_ends_its_answer_is_left_in_time(answers, drip):
    begun_s = time.monotonic()

    with broker_that(*answers, drip=drip) as port, pytest.raises((ConnectionRefused, ConnectionLost)):
        mqtt(port).check(0.2)

    assert time.monotonic() - begun_s < 5


def test_message_that_never_ends_holds_up_its_own_line_alone(folder):
    """The greatest length that the protocol has is announced, and a byte of it comes now and then."""
    (folder / "a.csv").write_text("timestamp,value\n2024-01-01T00:01:00Z,1\n")
    hostile, neighbour, stop, lost = MemorySink(), MemorySink(), threading.Event(), []
    with broker_that(CONNACK, SUBACK, GREATEST_PUBLISH, drip=b"x") as port:
        lines = [(mqtt(port), hostile, lost.append), (files(folder), neighbour, lambda _: None)]
        threads = [threading.Thread(target=keep_running, args=(one, sink, stop, tell)) for one, sink, tell in lines]
        for one in threads:
            one.start()
        is_stored = neighbour.wait_for(1, timeout_s=10)
        stop.set()
        for one in threads:
            one.join(10)

    assert (is_stored, hostile.kept, [one.is_alive() for one in threads]) == (True, {}, [False, False])


def test_broker_that_hangs_up_at_once_is_asked_ever_more_seldom():
    stop, told = threading.Event(), []
    with broker_that(b"\x20\x02\x00\x55") as port:
        patience = {"backoff": Backoff(first_s=0.02, longest_s=0.2)}
        thread = threading.Thread(
            target=keep_running, args=(mqtt(port), MemorySink(), stop, told.append), kwargs=patience
        )
        thread.start()
        until_s = time.monotonic() + 10
        while len(told) < 3 and time.monotonic() < until_s:
            time.sleep(0.02)
        stop.set()
        thread.join(10)

    waits = [one.retry_in_s for one in told if isinstance(one, Disconnected)]
    assert len(waits) >= 3
    assert waits[0] < waits[2]


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "in"
    inside.mkdir()
    return inside


def files(folder):
    options = {"folder": str(folder), "settle_s": 0.1, "unfinished_s": 0.1, "size_maximum_bytes": 10_000}
    return build_adapter("files", options, mapping={"device": "M-1"})


def plant(folder, secret):
    """Put what is no table of the machine's beside one that is: a pipe, a link outside, a disk full of nothing."""
    os.mkfifo(folder / "a-pipe.csv")
    (folder / "b-link.csv").symlink_to(secret)
    with (folder / "c-endless.csv").open("wb") as endless:
        endless.truncate(2 * 1024**3)
    (folder / "d-folder.csv").mkdir()
    (folder / "e-good.csv").write_text("timestamp,value\n2024-01-01T00:01:00Z,1\n")


def test_folder_full_of_what_is_no_file_is_looked_through_and_read_in_time(folder, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("canary-of-the-inside\n")
    plant(folder, secret)
    told, sink, stop = [], MemorySink(), threading.Event()

    sighting = files(folder).check(0.1)
    thread = threading.Thread(target=keep_running, args=(files(folder), sink, stop, told.append))
    thread.start()
    is_stored = sink.wait_for(1, timeout_s=10)
    stop.set()
    thread.join(10)

    said = repr((sighting, told)) + "".join(one.read_text() for one in folder.rglob("*.txt"))
    assert (is_stored, thread.is_alive(), len(sink.kept), len(sighting.readings)) == (True, False, 1, 1)
    assert ("canary" in said, "too large" in said, secret.exists()) == (False, True, True)
