"""The main job on real input: a broker, somebody else's client, whole recordings, and a portal that takes them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from statusportal.access.actor import SYSTEM
from statusportal.connections.queries import connection_for
from statusportal.fleet.queries import devices_by_serial
from statusportal.foundation.clock import SystemClock
from statusportal.foundation.paging import Slice
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.ingest.follow import follow_once
from statusportal.overview.connections import conflicts_of
from statusportal.reasons.sentences import sentence
from statusportal.status.queries import status_of
from statusportal.telemetry.models import Sample
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.factories import recordings
from tests.factories.accounts import make_organisation
from tests.factories.connections import make_mqtt_connection, publish, running, state_of, wait_until
from tests.factories.fleet import make_device, make_limit, make_model
from tests.servers import mosquitto
from tests.servers.engines import quick_engine

pytestmark = pytest.mark.skipif(mosquitto.MOSQUITTO is None, reason=mosquitto.MISSING)

WHOLE_NAB_ROWS = 22_695


@pytest.fixture
def portal(settings):
    engine = quick_engine(settings.database_url)
    yield Works(engine, SystemClock(), wiring(), settings)
    engine.dispose()


@pytest.fixture
def broker(tmp_path):
    folder = tmp_path / "broker"
    folder.mkdir()
    # mosquitto would write its whole memory to disk after each of 22,695 messages.
    with mosquitto.Mosquitto(folder, is_persistent=False) as running_broker:
        yield running_broker


def stored(portal):
    with portal.reading(SYSTEM) as work:
        return work.session.scalar(select(func.count()).select_from(Sample))


def counted(portal, connection_id):
    row = state_of(portal, connection_id)
    return row.accepted + row.conflicts + row.duplicates + row.rejected


def two_values(portal, connection_id):
    with portal.reading(SYSTEM) as work:
        page = conflicts_of(work, connection_for(work, connection_id), Slice(limit=200))
        return [(line.serial, line.signal, line.at, line.kept, line.refused) for line in page.items]


def play(portal, connection_id, broker, recordings_by_serial):
    """Publish as mosquitto_pub does and wait until the connection has counted every sample."""
    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).state == "connected")
        for serial, recording in recordings_by_serial.items():
            publish(broker, f"plant/{serial}/telemetry", recording.lines)
        sent = sum(one.accepted + len(one.conflicts) for one in recordings_by_serial.values())
        wait_until(lambda: counted(portal, connection_id) >= sent, 90)


def test_recording_arrives_whole_and_once_and_tells_how_its_machine_is(portal, broker):
    recording = recordings.nab(portal.clock.now())
    organisation = make_organisation(portal, "alpha")
    model = make_model(portal, "oven", expected_interval_s=300)
    make_limit(portal, model, threshold=85.0, hysteresis=1.0, unit="°F")
    device = make_device(portal, organisation, "NAB-1", model, from_at=portal.clock.now() - timedelta(days=100))
    connection_id = make_mqtt_connection(portal, organisation, broker)

    play(portal, connection_id, broker, {"NAB-1": recording})
    while follow_once(portal):
        pass

    row = state_of(portal, connection_id)
    assert (row.accepted, row.conflicts, row.duplicates, row.rejected) == (recording.accepted, 12, 0, 0)
    assert stored(portal) == recording.accepted == (22_683 if len(recording.lines) == WHOLE_NAB_ROWS else 588)
    assert two_values(portal, connection_id) == [
        ("NAB-1", "temperature", *conflict) for conflict in reversed(recording.conflicts)
    ]
    with portal.reading(SYSTEM) as work:
        status = status_of(work, device.id)
    assert (status.health, status.connectivity) == (Health.OFF_SPEC, Connectivity.ONLINE)
    assert sentence(status.reason, "en") != sentence(status.reason, "da")


def test_recording_sent_again_is_duplicates_and_nothing_more(portal, broker):
    recording = recordings.nab(portal.clock.now())
    again = recordings.Recording(recording.lines[:100], 100, [])
    organisation = make_organisation(portal, "alpha")
    make_device(portal, organisation, "NAB-1", from_at=portal.clock.now() - timedelta(days=100))
    connection_id = make_mqtt_connection(portal, organisation, broker)

    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).state == "connected")
        publish(broker, "plant/NAB-1/telemetry", again.lines)
        wait_until(lambda: counted(portal, connection_id) >= 100)
        publish(broker, "plant/NAB-1/telemetry", again.lines)
        wait_until(lambda: counted(portal, connection_id) >= 200)

    row = state_of(portal, connection_id)
    assert (row.accepted, row.duplicates, row.conflicts, row.rejected) == (100, 100, 0, 0)
    assert stored(portal) == 100


def test_engines_of_one_topic_tree_become_devices_of_their_own(portal, broker):
    engines = recordings.cmapss(portal.clock.now())
    organisation = make_organisation(portal, "alpha")
    model = make_model(portal, "turbofan")
    connection_id = make_mqtt_connection(portal, organisation, broker, is_creating_devices=True, model_id=model.id)

    play(portal, connection_id, broker, engines)

    with portal.reading(SYSTEM) as work:
        devices = devices_by_serial(work, organisation.id, engines)
        query = select(Sample.device_id, func.count()).group_by(Sample.device_id)
        samples = dict(tuple(row) for row in work.session.execute(query))
    assert {serial: (device.model_id, samples[device.id]) for serial, device in devices.items()} == {
        serial: (model.id, engine.accepted) for serial, engine in engines.items()
    }
