"""The portal's own jobs in their threads, on the real clock."""

import threading
import time

import pytest
from sqlalchemy import func, select

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.db.outbox import OutboxMessage
from statusportal.foundation.clock import SystemClock, to_ms
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.jobs.delivery import deliver_once, wait_after
from statusportal.jobs.lease import Lease
from statusportal.jobs.runner import start_jobs
from statusportal.status.events import StatusChanged
from statusportal.status.queries import status_of
from statusportal.work import Wiring, Works
from tests.factories.machines import LimitSpec, ModelSpec, make_machine
from tests.servers.engines import quick_engine


class Listeners:
    """Remember what was delivered; fail as often as told."""

    def __init__(self):
        self.heard = []
        self.failures = 0
        self.event = threading.Event()

    def listen(self, _works, payload):
        if self.failures:
            self.failures -= 1
            raise ValueError("not now")
        self.heard.append(payload["health_after"])
        self.event.set()

    def wiring(self):
        return Wiring((), [(StatusChanged, "test.listen")], {"test.listen": self.listen})


@pytest.fixture
def listeners():
    return Listeners()


@pytest.fixture
def portal(settings, listeners):
    engine = quick_engine(settings.database_url)
    yield Works(engine, SystemClock(), listeners.wiring(), settings)
    engine.dispose()


def send(portal, machine, value):
    source = Source("credential:1", machine.organisation_id, machine.id)
    return store_readings(portal, source, [Reading(None, "temperature", to_ms(portal.clock.now()), value)])


def seen(portal, machine):
    with portal.reading(SYSTEM) as work:
        return status_of(work, machine.id)


def wait_until(condition, within_s=8.0):
    ends_at = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < ends_at
        time.sleep(0.02)


def test_sample_reaches_status_and_listener_by_itself_and_soon(portal, listeners):
    machine = make_machine(portal, spec=ModelSpec(limits=(LimitSpec(),)))
    stop = start_jobs(portal, follow_once)
    try:
        send(portal, machine, 20.0)
        assert listeners.event.wait(8)
        listeners.event.clear()
        began = time.monotonic()
        send(portal, machine, 95.0)
        assert listeners.event.wait(8)
        took_s = time.monotonic() - began
    finally:
        stop()

    assert listeners.heard == ["normal", "off_spec"]
    assert seen(portal, machine).health is Health.OFF_SPEC
    assert took_s < 0.9


def test_silence_falls_due_by_itself_at_its_time(portal, listeners):
    machine = make_machine(portal, spec=ModelSpec(expected_interval_s=1))
    stop = start_jobs(portal, follow_once)
    try:
        send(portal, machine, 20.0)
        wait_until(lambda: seen(portal, machine).connectivity is Connectivity.STALE)
        status = seen(portal, machine)
        late_s = (portal.clock.now() - status.connectivity_since).total_seconds()
    finally:
        stop()

    assert (status.connectivity_since - status.heard_at).total_seconds() == 2
    assert late_s < 1


def test_jobs_stop_within_two_seconds(portal):
    stop = start_jobs(portal, follow_once)
    time.sleep(0.3)

    began = time.monotonic()
    stop()

    assert time.monotonic() - began < 2
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("job")] == []


def test_failed_delivery_comes_again_and_holds_up_nobody(portal, listeners):
    first, second = make_machine(portal), make_machine(portal)
    for machine in (first, second):
        send(portal, machine, 20.0)
        follow_once(portal)
    listeners.failures = 1

    counts = [deliver_once(portal, "test.listen"), deliver_once(portal, "test.listen")]

    with portal.reading(SYSTEM) as work:
        (left,) = work.session.scalars(select(OutboxMessage)).all()
        assert left.attempts == 1
        assert (left.next_try_at - left.created_at).total_seconds() >= 1
    assert counts == [2, 0]
    assert listeners.heard == ["normal"]
    wait_until(lambda: deliver_once(portal, "test.listen") == 1)
    assert listeners.heard == ["normal", "normal"]
    with portal.reading(SYSTEM) as work:
        assert work.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_waiting_doubles_to_an_hour():
    assert [wait_after(attempts).total_seconds() for attempts in (1, 2, 3, 12, 13, 500)] == [1, 2, 4, 2048, 3600, 3600]


def test_lease_is_held_by_one(settings, portal):
    other = Works(quick_engine(settings.database_url), SystemClock(), Wiring(), settings)
    mine, theirs = Lease(portal), Lease(other)

    first = (mine.hold(), theirs.hold(), mine.hold())
    mine.release()
    then = (theirs.hold(), mine.hold())
    theirs.release()
    other.engine.dispose()

    assert first == (True, False, True)
    assert then == (True, False)
