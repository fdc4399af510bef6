import threading
import time
from contextlib import contextmanager

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from devices.backoff import Backoff
from devices.loop import keep_running
from devices.memory_sink import MemorySink
from devices.protocol import Connected, Disconnected, GapStated, PayloadRefused, SinkWaiting
from devices.registry import build_adapter
from tests.servers.mosquitto import MISSING, MOSQUITTO, Mosquitto

pytestmark = pytest.mark.skipif(MOSQUITTO is None, reason=MISSING)


@pytest.fixture
def broker(tmp_path):
    with Mosquitto(tmp_path) as server:
        yield server


@pytest.fixture(params=["5", "3.1.1"])
def version(request):
    return request.param


def adapter_for(broker, version, **options):
    given = {"host": broker.host, "port": broker.port, "topics": ["plant/+/telemetry"], "version": version}
    return build_adapter("mqtt", given | options, mapping={"device": "topic[1]"})


@contextmanager
def running(adapter, sink):
    stop, happenings = threading.Event(), []
    thread = threading.Thread(
        target=keep_running,
        args=(adapter, sink, stop, happenings.append),
        kwargs={"backoff": Backoff(first_s=0.1, longest_s=0.3)},
    )
    thread.start()
    try:
        yield happenings
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def wait_until(holds, timeout_s=10.0):
    until_s = time.monotonic() + timeout_s
    while time.monotonic() < until_s:
        if holds():
            return True
        time.sleep(0.01)
    return False


def is_connected(happenings):
    return any(isinstance(happening, Connected) for happening in happenings)


@contextmanager
def publisher(broker):
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id="machine", clean_session=False)
    client.reconnect_delay_set(1, 1)
    client.max_inflight_messages_set(100)
    client.connect(broker.host, broker.port)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def body(number):
    return f'{{"ts":{1_700_000_000_000 + number},"values":{{"temperature":{number}}}}}'


def test_messages_are_stored_with_the_serial_of_their_topic(broker, version):
    sink = MemorySink()

    with running(adapter_for(broker, version), sink) as happenings, publisher(broker) as client:
        assert wait_until(lambda: is_connected(happenings))
        for number in range(300):
            client.publish("plant/SN-1/telemetry", body(number), qos=1)
        assert sink.wait_for(300, 10)

    expected = {("SN-1", "temperature", 1_700_000_000_000 + number): number for number in range(300)}
    assert {key: reading.value for key, reading in sink.kept.items()} == expected


def test_messages_sent_while_away_come_later(broker, version):
    sink = MemorySink()
    with running(adapter_for(broker, version), sink) as happenings:
        assert wait_until(lambda: is_connected(happenings))
    with publisher(broker) as client:
        for number in range(50):
            client.publish("plant/SN-1/telemetry", body(number), qos=1).wait_for_publish(5)

    with running(adapter_for(broker, version), sink):
        assert sink.wait_for(50, 10)

    assert len(sink.kept) == 50


def test_an_unavailable_sink_loses_nothing(broker, version):
    sink = MemorySink()
    sink.fail_next(5)

    with running(adapter_for(broker, version), sink) as happenings, publisher(broker) as client:
        assert wait_until(lambda: is_connected(happenings))
        for number in range(100):
            client.publish("plant/SN-1/telemetry", body(number), qos=1)
        assert sink.wait_for(100, 10)

    assert len(sink.kept) == 100
    assert len([happening for happening in happenings if isinstance(happening, SinkWaiting)]) == 5


def test_what_was_not_stored_is_not_acknowledged(broker, version):
    unwilling = MemorySink()
    unwilling.fail_next(10_000)
    with running(adapter_for(broker, version), unwilling) as happenings, publisher(broker) as client:
        assert wait_until(lambda: is_connected(happenings))
        client.publish("plant/SN-1/telemetry", body(7), qos=1).wait_for_publish(5)
        assert wait_until(lambda: unwilling.calls > 0)
    sink = MemorySink()

    with running(adapter_for(broker, version), sink):
        assert sink.wait_for(1, 10)

    assert list(sink.kept) == [("SN-1", "temperature", 1_700_000_000_007)]


@pytest.mark.parametrize("ending", ["kill", "stop"])
def test_a_broker_that_ends_in_the_middle_costs_nothing(broker, version, ending):
    sink, numbers, answered, before_the_end = MemorySink(), {}, [], []

    with running(adapter_for(broker, version), sink) as happenings, publisher(broker) as client:
        client.on_publish = lambda _client, _data, mid, *_: answered.append(mid)
        client.on_disconnect = lambda *_: before_the_end.append(set(answered))
        assert wait_until(lambda: is_connected(happenings))
        for number in range(200):
            numbers[client.publish("plant/SN-1/telemetry", body(number), qos=1).mid] = number
        assert sink.wait_for(20, 10)
        getattr(broker, ending)()
        for number in range(200, 400):
            client.publish("plant/SN-1/telemetry", body(number), qos=1)
        assert wait_until(lambda: any(isinstance(happening, Disconnected) for happening in happenings))
        broker.start()
        assert wait_until(lambda: sum(isinstance(happening, Connected) for happening in happenings) > 1)
        for number in range(400, 500):
            client.publish("plant/SN-1/telemetry", body(number), qos=1)
        # Killed, mosquitto forgets what it has acknowledged to the machine, sent to us and not heard back about: it
        # saves what it queues, not what is in flight. All that it had not acknowledged before its end must arrive.
        forgiven = {numbers[mid] for mid in before_the_end[0]} if ending == "kill" else set()
        arrived = lambda: {reading.value for reading in sink.kept.values()}  # noqa: E731 -- read twice
        assert wait_until(lambda: set(range(500)) - arrived() <= forgiven, 20)

    assert set(range(500)) - arrived() <= forgiven
    assert any(isinstance(happening, GapStated) for happening in happenings)


def test_a_broker_killed_between_two_messages_costs_nothing(broker, version):
    sink = MemorySink()

    with running(adapter_for(broker, version), sink) as happenings, publisher(broker) as client:
        assert wait_until(lambda: is_connected(happenings))
        for number in range(100):
            client.publish("plant/SN-1/telemetry", body(number), qos=1)
        assert sink.wait_for(100, 10)
        broker.kill()
        for number in range(100, 200):
            client.publish("plant/SN-1/telemetry", body(number), qos=1)
        broker.start()
        assert sink.wait_for(200, 20)

    assert {reading.value for reading in sink.kept.values()} == set(range(200))


def test_a_refused_message_is_acknowledged_and_reported(broker, version):
    sink = MemorySink()

    with running(adapter_for(broker, version), sink) as happenings, publisher(broker) as client:
        assert wait_until(lambda: is_connected(happenings))
        client.publish("plant/SN-1/telemetry", b'{"temperature": NaN}', qos=1)
        client.publish("plant/SN-1/telemetry", body(1), qos=1)
        assert sink.wait_for(1, 10)
    again = MemorySink()
    with running(adapter_for(broker, version), again) as happenings_again:
        assert wait_until(lambda: is_connected(happenings_again))

    refused = [happening for happening in happenings if isinstance(happening, PayloadRefused)]
    assert [(one.reason, one.excerpt, one.topic) for one in refused] == [
        ("The body is not JSON: NaN is no number in it.", '{"temperature": NaN}', "plant/SN-1/telemetry"),
    ]
    assert again.kept == {}


def test_a_retained_message_is_marked(broker, version):
    sink = MemorySink()
    with publisher(broker) as client:
        client.publish("plant/SN-1/telemetry", body(1), qos=1, retain=True).wait_for_publish(5)

    with running(adapter_for(broker, version), sink) as happenings, publisher(broker) as client:
        assert sink.wait_for(1, 10)
        assert is_connected(happenings)
        client.publish("plant/SN-1/telemetry", body(2), qos=1, retain=True).wait_for_publish(5)
        assert sink.wait_for(2, 10)

    assert [reading.is_retained for reading in sink.kept.values()] == [True, False]
