"""What goes wrong on a line becomes a stated line on the connection's page, and the connection goes on."""

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from statusportal.access.actor import SYSTEM
from statusportal.fleet.queries import devices_by_serial
from statusportal.foundation.clock import SystemClock, to_ms
from statusportal.telemetry.models import Sample
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.factories.accounts import make_organisation
from tests.factories.connections import (
    make_connection,
    make_mqtt_connection,
    page_lines,
    publish,
    running,
    state_of,
    unknown_on_page,
    wait_until,
)
from tests.factories.fleet import make_device, make_model
from tests.servers import mosquitto
from tests.servers.engines import quick_engine

needs_broker = pytest.mark.skipif(mosquitto.MOSQUITTO is None, reason=mosquitto.MISSING)

TOPIC = "plant/SN-1/telemetry"


@pytest.fixture
def portal(settings):
    engine = quick_engine(settings.database_url)
    yield Works(engine, SystemClock(), wiring(), settings)
    engine.dispose()


@pytest.fixture
def broker(tmp_path):
    folder = tmp_path / "broker"
    folder.mkdir()
    with mosquitto.Mosquitto(folder) as running_broker:
        yield running_broker


@pytest.fixture
def organisation(portal):
    return make_organisation(portal, "alpha")


@pytest.fixture
def device(portal, organisation):
    return make_device(portal, organisation, "SN-1", from_at=portal.clock.now() - timedelta(days=1))


def sample(portal, value, ago_s=0):
    return json.dumps({"ts": to_ms(portal.clock.now()) - ago_s * 1_000, "values": {"temperature": value}})


def values(portal):
    with portal.reading(SYSTEM) as work:
        return sorted(work.session.scalars(select(Sample.real)))


def count(portal):
    with portal.reading(SYSTEM) as work:
        return work.session.scalar(select(func.count()).select_from(Sample))


def refused(portal, connection_id):
    return [(line.topic, line.detail) for line in page_lines(portal, connection_id) if line.kind == "refused"]


BAD = [
    (b'{"ts": 1', "not JSON"),
    (b"[" * 100_000, "nested"),
    (b'{"ts": 1700000000000, "values": {"temperature": NaN}}', "NaN"),
    (b'{"ts": 1700000000000, "values": {"temperature": {"a": 1}}}', "an object"),
    (b'{"ts": 1700000000000, "values": {"temperature": 1e999}}', "out of range"),
    (b'{"ts": "yesterday", "values": {"temperature": 1}}', "ts"),
    (b'{"ts": 1, "values": {"temperature": 1}}', "1990"),
    (b'{"ts": 1700000000000, "values": {"temperature\xff": 1}}', "UTF-8"),
    (b'"just a text"', "not a text"),
]


@needs_broker
@pytest.mark.parametrize(("body", "word"), BAD, ids=[str(number) for number in range(len(BAD))])
def test_bad_message_is_refused_by_name_and_the_next_one_is_kept(portal, broker, organisation, device, body, word):
    connection_id = make_mqtt_connection(portal, organisation, broker)

    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).state == "connected")
        publish(broker, TOPIC, [body, sample(portal, 21.5)])
        wait_until(lambda: state_of(portal, connection_id).accepted == 1)

    row = state_of(portal, connection_id)
    lines = [line for line in page_lines(portal, connection_id) if line.kind == "refused"]
    assert (row.rejected, values(portal)) == (1, [21.5])
    assert len(lines) == 1
    assert word in lines[0].detail


@needs_broker
def test_refused_message_shows_its_topic_and_how_it_began(portal, broker, organisation, device):
    connection_id = make_mqtt_connection(portal, organisation, broker)

    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).state == "connected")
        publish(broker, TOPIC, [b'{"ts": 1700000000000, <script>\xff'])
        wait_until(lambda: state_of(portal, connection_id).rejected == 1)

    line = next(one for one in page_lines(portal, connection_id) if one.kind == "refused")
    assert (line.topic, line.excerpt) == (TOPIC, '{"ts": 1700000000000, <script>\\xff')


@needs_broker
def test_unknown_serial_is_listed_and_stores_nothing(portal, broker, organisation):
    make_device(portal, make_organisation(portal, "beta"), "SN-2")
    connection_id = make_mqtt_connection(portal, organisation, broker)

    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).state == "connected")
        publish(broker, "plant/SN-2/telemetry", [sample(portal, 1.0), sample(portal, 2.0, ago_s=1)])
        publish(broker, f"plant/{'x' * 150}/telemetry", [sample(portal, 1.0)])
        wait_until(lambda: state_of(portal, connection_id).rejected == 3)

    assert unknown_on_page(portal, connection_id) == {"SN-2": 2, "x" * 100: 1}
    assert (state_of(portal, connection_id).accepted, count(portal)) == (0, 0)


@needs_broker
def test_unknown_serial_becomes_a_device_with_an_open_model_where_that_is_wanted(portal, broker, organisation):
    connection_id = make_mqtt_connection(portal, organisation, broker, is_creating_devices=True)

    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).state == "connected")
        publish(broker, "plant/SN-7/telemetry", [sample(portal, 1.0)])
        publish(broker, "plant/SN-8/telemetry", [sample(portal, 2.0)])
        wait_until(lambda: state_of(portal, connection_id).accepted == 2)

    with portal.reading(SYSTEM) as work:
        found = devices_by_serial(work, organisation.id, ["SN-7", "SN-8"])
        models = {(device.model.slug, device.model.name, device.model.is_strict) for device in found.values()}
    assert sorted(found) == ["SN-7", "SN-8"]
    assert models == {(f"connection-{connection_id}", "Plant", False)}
    assert unknown_on_page(portal, connection_id) == {}


@needs_broker
def test_undeclared_signal_of_a_strict_model_is_refused_with_the_reason(portal, broker, organisation):
    make_device(portal, organisation, "SN-1", make_model(portal, is_strict=True))
    connection_id = make_mqtt_connection(portal, organisation, broker)

    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).state == "connected")
        publish(broker, TOPIC, [sample(portal, 1.0)])
        wait_until(lambda: state_of(portal, connection_id).rejected == 1)

    assert refused(portal, connection_id) == [("", "temperature: the model does not declare this signal")]


@needs_broker
def test_broker_that_goes_and_comes_back_leaves_a_stated_gap_and_loses_nothing(portal, broker, organisation, device):
    connection_id = make_mqtt_connection(portal, organisation, broker)

    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).state == "connected")
        publish(broker, TOPIC, [sample(portal, float(number), ago_s=100 - number) for number in range(50)])
        wait_until(lambda: state_of(portal, connection_id).accepted == 50)
        broker.stop()
        wait_until(lambda: state_of(portal, connection_id).state == "failed")
        down = state_of(portal, connection_id)
        broker.start()
        publish(broker, TOPIC, [sample(portal, float(number), ago_s=100 - number) for number in range(50, 100)])
        wait_until(lambda: state_of(portal, connection_id).accepted == 100)

    gaps = [line for line in page_lines(portal, connection_id) if line.kind == "gap"]
    assert down.last_error.startswith(f"mqtt://127.0.0.1:{broker.port}: ")
    assert down.last_error_at is not None
    assert len(gaps) == 1
    assert gaps[0].from_at < gaps[0].at
    assert values(portal) == [float(number) for number in range(100)]


@needs_broker
def test_message_sent_while_the_portal_is_away_is_taken_when_it_is_back(portal, broker, organisation, device):
    connection_id = make_mqtt_connection(portal, organisation, broker)

    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).state == "connected")
        publish(broker, TOPIC, [sample(portal, 1.0)])
        wait_until(lambda: state_of(portal, connection_id).accepted == 1)
    publish(broker, TOPIC, [sample(portal, 2.0, ago_s=1)])
    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).accepted == 2)

    assert values(portal) == [1.0, 2.0]


@needs_broker
def test_portal_that_stops_in_the_middle_of_a_stream_has_all_of_it_once_in_the_end(
    portal, broker, organisation, device
):
    connection_id = make_mqtt_connection(portal, organisation, broker)
    lines = [sample(portal, float(number), ago_s=2_000 - number) for number in range(1_000)]
    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).state == "connected")
    sender = threading.Thread(target=publish, args=(broker, TOPIC, lines))

    sender.start()
    for _ in range(3):
        with running(portal):
            wait_until(lambda: state_of(portal, connection_id).state == "connected")
    with running(portal):
        wait_until(lambda: count(portal) == 1_000, 60)
    sender.join()

    row = state_of(portal, connection_id)
    assert values(portal) == [float(number) for number in range(1_000)]
    assert (row.conflicts, row.rejected) == (0, 0)


def test_broker_that_is_not_there_is_the_last_error(portal, organisation):
    connection_id = make_connection(portal, organisation, "mqtt", {"host": "127.0.0.1", "port": 9, "topics": ["a"]})

    with running(portal):
        wait_until(lambda: state_of(portal, connection_id).state == "failed")

    row = state_of(portal, connection_id)
    assert row.last_error == "mqtt://127.0.0.1:9: Nobody answers: the connection was refused."
