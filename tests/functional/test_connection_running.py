"""Connections start, change and stop as the people who run them say, whatever the others do."""

import shutil
import socket
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from statusportal.access.actor import SYSTEM
from statusportal.connections.queries import adapter_of
from statusportal.connections.service import change_connection, disable_connection, enable_connection
from statusportal.connections.testing import look_once
from statusportal.connections.vocabulary import ConnectionDraft
from statusportal.foundation.clock import SystemClock
from statusportal.ingest.connections import ConnectionRunner
from statusportal.jobs.lease import Lease
from statusportal.telemetry.models import Sample
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.factories.accounts import make_organisation
from tests.factories.connections import make_connection, page_lines, running, state_of, wait_until
from tests.factories.fleet import make_device
from tests.factories.recordings import NAB_EXCERPT
from tests.servers.engines import quick_engine

REPLAY = {"path": str(NAB_EXCERPT), "rebase": "last_row_now"}
FORMAT = {"time_zone": "UTC", "signals": {"value": "temperature"}}
MAPPING = {"device": "NAB-1"}


@pytest.fixture
def portal(settings):
    engine = quick_engine(settings.database_url)
    yield Works(engine, SystemClock(), wiring(), settings)
    engine.dispose()


@pytest.fixture
def organisation(portal):
    organisation = make_organisation(portal, "alpha")
    make_device(portal, organisation, "NAB-1", from_at=portal.clock.now() - timedelta(days=100))
    return organisation


@pytest.fixture
def mute_server():
    """A server that takes connections and says nothing, ever."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def count(portal):
    with portal.reading(SYSTEM) as work:
        return work.session.scalar(select(func.count()).select_from(Sample))


def kinds(portal, connection_id):
    return [line.kind for line in page_lines(portal, connection_id)]


def test_replayed_recording_arrives_and_the_connection_stops_at_its_end(portal, organisation):
    connection_id = make_connection(portal, organisation, "replay", REPLAY, MAPPING, format_options=FORMAT)

    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).state == "stopped" and count(portal) > 0)

    row = state_of(portal, connection_id)
    assert (row.accepted, row.conflicts, row.rejected, count(portal)) == (588, 12, 0, 588)
    assert kinds(portal, connection_id) == ["connected", "ended"]


def test_file_laid_into_a_folder_arrives_once(portal, organisation, tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    options = {"folder": str(folder), "settle_s": 0.1}
    connection_id = make_connection(portal, organisation, "files", options, MAPPING, format_options=FORMAT)

    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).state == "connected")
        shutil.copy(NAB_EXCERPT, folder / "recording.csv")
        wait_until(lambda: count(portal) == 588)
        wait_until(lambda: (folder / "done").exists() and any((folder / "done").iterdir()))

    row = state_of(portal, connection_id)
    assert (row.accepted, row.conflicts, row.duplicates, row.rejected) == (588, 12, 0, 0)


def test_connection_that_hangs_delays_nobody_else(portal, organisation, mute_server):
    options = {"host": "127.0.0.1", "port": mute_server, "topics": ["a"], "connect_timeout_s": 5.0}
    hanging_id = make_connection(portal, organisation, "mqtt", options)
    replay_id = make_connection(portal, organisation, "replay", REPLAY, MAPPING, format_options=FORMAT)

    with running(portal):
        wait_until(lambda: state_of(portal, replay_id).state == "stopped" and count(portal) == 588, 4)
        hanging = state_of(portal, hanging_id)

    assert (hanging.state, hanging.last_error) == ("connecting", "")


def test_settings_that_no_longer_hold_are_the_last_error_and_others_run(portal, organisation):
    broken_id = make_connection(portal, organisation, "replay", REPLAY, MAPPING, format_options=FORMAT)
    with portal.writing(SYSTEM) as work:
        work.session.merge(state_of(portal, broken_id)).options = {"path": "x", "pth": "y"}

    with running(portal):
        wait_until(lambda: state_of(portal, broken_id).state == "failed")

    assert state_of(portal, broken_id).last_error == "pth: There is no such option. Did you mean path?"


def test_changed_connection_starts_anew_and_a_disabled_one_stops(portal, organisation, tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    broken = {"host": "127.0.0.1", "port": 9, "topics": ["a"]}
    connection_id = make_connection(portal, organisation, "mqtt", broken)

    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).state == "failed")
        other = ConnectionDraft("Plant", "mqtt", {**broken, "port": 7})
        with portal.writing(SYSTEM) as work:
            change_connection(work, connection_id, other, state_of(portal, connection_id).version)
        wait_until(lambda: "127.0.0.1:7" in state_of(portal, connection_id).last_error)
        with portal.writing(SYSTEM) as work:
            disable_connection(work, connection_id)
        wait_until(lambda: state_of(portal, connection_id).state == "stopped")
        with portal.writing(SYSTEM) as work:
            enable_connection(work, connection_id)
        wait_until(lambda: state_of(portal, connection_id).state == "failed")

    assert state_of(portal, connection_id).state == "stopped"


def test_second_process_leaves_the_connections_to_the_first(portal, organisation):
    broken = {"host": "127.0.0.1", "port": 9, "topics": ["a"]}
    connection_id = make_connection(portal, organisation, "mqtt", broken)
    first, second = Lease(portal, "connections"), Lease(portal, "connections")
    assert first.hold()
    runner = ConnectionRunner(portal, second.hold, look_every_s=0.05)

    runner.start()
    time.sleep(0.3)
    while_held = state_of(portal, connection_id).state
    first.release()
    wait_until(lambda: state_of(portal, connection_id).state == "failed")
    runner.stop()
    second.release()

    assert while_held == "stopped"


def test_look_at_a_source_shows_what_is_there_and_stores_nothing(portal, organisation):
    connection_id = make_connection(portal, organisation, "replay", REPLAY, MAPPING, format_options=FORMAT)
    with portal.reading(SYSTEM) as work:
        adapter = adapter_of(work, state_of(portal, connection_id))

    look = look_once(adapter, look_s=0.1)

    assert (look.problem, look.address) == ("", str(NAB_EXCERPT))
    assert {(reading.serial, reading.signal) for reading in look.readings} == {("NAB-1", "temperature")}
    assert count(portal) == 0


def test_look_at_a_server_that_says_nothing_ends_in_time(portal, organisation, mute_server):
    options = {"host": "127.0.0.1", "port": mute_server, "topics": ["a"], "connect_timeout_s": 60.0}
    connection_id = make_connection(portal, organisation, "mqtt", options)
    with portal.reading(SYSTEM) as work:
        adapter = adapter_of(work, state_of(portal, connection_id))

    look = look_once(adapter, look_s=0.1, longest_s=0.5)

    assert look.problem == "No answer within 0.5 s."
    assert 0.5 <= look.took_s < 2


def test_look_at_nothing_names_the_trouble(portal, organisation):
    options = {"host": "127.0.0.1", "port": 9, "topics": ["a"]}
    connection_id = make_connection(portal, organisation, "mqtt", options)
    with portal.reading(SYSTEM) as work:
        adapter = adapter_of(work, state_of(portal, connection_id))

    look = look_once(adapter, look_s=0.1)

    assert look.problem == "mqtt://127.0.0.1:9: Nobody answers: the connection was refused."
