import sqlite3

import pytest

from devices.errors import SettingInvalid, SinkUnavailable
from devices.gateway.buffer import Buffer
from devices.protocol import Receipt
from devices.reading import Quality, Reading

READINGS = (
    Reading("A", "t", 1, 1.5, Quality.STALE, "°C", is_retained=True),
    Reading("A", "n", 1, 3),
    Reading("A", "on", 1, value=True),
    Reading("B", "state", 2, "warm"),
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "buffer.sqlite"


def test_readings_come_back_as_they_were_and_in_order(path):
    buffer = Buffer(path)

    assert buffer.store(READINGS) == Receipt(accepted=4)

    head = buffer.head(10)
    assert head.readings == READINGS
    assert [type(reading.value) for reading in head.readings] == [float, int, bool, str]
    buffer.close()


def test_readings_survive_a_new_start(path):
    first = Buffer(path)
    first.store(READINGS)
    first.drop_to(first.head(1).mark)
    first.close()

    second = Buffer(path)

    assert (second.count(), second.head(10).readings) == (3, READINGS[1:])
    second.close()


def test_every_commit_waits_for_the_disk(path):
    buffer = Buffer(path)

    assert buffer._database.execute("PRAGMA synchronous").fetchone() == (2,)
    buffer.close()


def test_a_full_buffer_takes_nothing_and_drops_nothing(path):
    buffer = Buffer(path, capacity=4)
    buffer.store(READINGS)

    with pytest.raises(SinkUnavailable, match="is full"):
        buffer.store(READINGS[:1])

    assert buffer.head(10).readings == READINGS
    buffer.close()


def test_a_locked_file_is_unavailable_and_keeps_what_it_had(path):
    buffer = Buffer(path)
    buffer._database.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(SinkUnavailable, match="cannot be written"):
        buffer.store(READINGS)

    other.execute("ROLLBACK")
    other.close()
    assert buffer.store(READINGS) == Receipt(accepted=4)
    buffer.close()


def test_no_place_for_a_buffer_is_a_wrong_setting(tmp_path):
    with pytest.raises(SettingInvalid, match="cannot be used"):
        Buffer(tmp_path / "missing" / "buffer.sqlite")
