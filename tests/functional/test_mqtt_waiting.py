"""A store that takes nothing for a while: nothing is acknowledged, nothing is lost, and HTTP says the same."""

import threading
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import event, text

from statusportal.access.actor import SYSTEM
from tests.factories.accounts import make_organisation
from tests.factories.fleet import device_token, make_device
from tests.factories.mqtt_house import listening
from tests.factories.mqtt_machine import MqttMachine, publish

# More than the free pages of a small database hold.
LARGE = b'"%s"' % (b"x" * 900)


@pytest.fixture
def works(works):
    works.settings = msgspec.structs.replace(works.settings, samples_per_second=0)
    return works


@pytest.fixture
def disk(works):
    """A disk that is full as long as `is_full` is set; SQLite says so as it would of a real one."""
    is_full = threading.Event()

    def bound(connection, _record, _proxy):
        pages = connection.execute("PRAGMA page_count").fetchone()[0] if is_full.is_set() else 1_000_000
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(works.engine, "checkout", bound)
    return is_full


# The bound is SQLite's own; PostgreSQL's full disk cannot be had without a disk.
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_full_disk_delays_the_acknowledgement_and_loses_nothing(works, disk):
    device = make_device(works, make_organisation(works, "alpha"), from_at=works.clock.now() - timedelta(days=1))
    body = b"{" + b",".join(b'"s%d":%s' % (number, LARGE) for number in range(100)) + b"}"

    with listening(works) as port, MqttMachine(port, 4) as machine, MqttMachine(port, 4) as impatient:
        assert [one.sign_in(device_token(works, device)) for one in (machine, impatient)] == [0, 0]
        disk.set()
        impatient.send(publish("v2/t", body.replace(b'"s', b'"lost'), 1, 4))
        machine.send(publish("v2/t", body, 1, 4))
        is_silent = machine.is_silent(0.3)
        impatient.wire.close()
        impatient.stream.close()
        disk.clear()
        reason = machine.reason_for(1)

    assert (is_silent, reason) == (True, 0)
    with works.reading(SYSTEM) as work:
        names = set(work.session.scalars(text("SELECT name FROM signal")))
        count = work.session.scalar(text("SELECT count(*) FROM sample"))
    assert {f"s{number}" for number in range(100)} <= names
    assert count == len(names)
