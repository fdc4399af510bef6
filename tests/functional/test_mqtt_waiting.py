"""A store that takes nothing for a while: nothing is acknowledged, nothing is lost, and HTTP says the same."""

import threading
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import event, text

from statusportal.access.actor import SYSTEM
from statusportal.foundation.clock import to_ms
from statusportal.ingest.mqtt.desk import Desk, StoreWaits
from statusportal.ingest.mqtt.parcels import Parcel
from statusportal.ingest.mqtt.session import Keep, Verdict
from statusportal.ingest.mqtt.topics import Purpose
from statusportal.ingest.sources import Source
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


def test_machine_over_its_rate_waits_and_nothing_of_its_message_is_kept(works):
    works.settings = msgspec.structs.replace(works.settings, samples_per_second=1, samples_per_request=10)
    alpha = make_organisation(works, "alpha")
    device = make_device(works, alpha)
    desk, source = Desk(works), Source("credential:plc", alpha.id, device.id)
    first, second = (parcel_of(range(count), works) for count in (10, 5))

    desk.keep(source, [first])
    with pytest.raises(StoreWaits) as waits:
        desk.keep(source, [second])

    assert 1 <= waits.value.retry_after_s <= 10
    assert (first.verdict, second.verdict) == (Verdict(), None)
    with works.reading(SYSTEM) as work:
        assert work.session.scalar(text("SELECT count(*) FROM sample")) == 10


def test_parcel_that_waited_keeps_its_time_of_arrival(works):
    """A body without a time is stored under the moment it came, however often it is tried: once, that is."""
    alpha = make_organisation(works, "alpha")
    device = make_device(works, alpha, from_at=works.clock.now() - timedelta(days=1))
    desk, source = Desk(works), Source("credential:plc", alpha.id, device.id)
    waited = parcel_of([1], works)
    arrived_ms = waited.arrived_ms

    works.clock.move(timedelta(hours=1))
    desk.keep(source, [waited])

    with works.reading(SYSTEM) as work:
        assert work.session.scalars(text("SELECT at_ms FROM sample")).all() == [arrived_ms]


def parcel_of(numbers, works):
    body = b"{" + b",".join(b'"s%d":1' % number for number in numbers) + b"}"
    return Parcel(Keep(Purpose.TELEMETRY, body, 1, is_retained=False), to_ms(works.clock.now()))
