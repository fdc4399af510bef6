"""The MQTT listener of a portal as an operator starts it: real clients, hostile ones, and what a kill leaves."""

import contextlib
import socket
import sqlite3
import subprocess
import threading
import time

import paho.mqtt.client as paho
import pytest
import requests
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.factories.mqtt_machine import PING, MqttMachine, connect, packet, publish
from tests.servers.mosquitto import PUBLISHER
from tests.servers.portal_process import PortalProcess
from tests.servers.ports import free_port

needs_publisher = pytest.mark.skipif(
    PUBLISHER is None, reason="mosquitto_pub is not installed (Debian package mosquitto-clients)"
)

HALF_OPEN = 200
BEGUN_MS = int(time.time() * 1000) - 3_600_000
TELEMETRY = "v1/devices/me/telemetry"


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mqtt") / "instance"
    with PortalProcess(folder, mqtt_port=free_port(), requests_per_minute=0, samples_per_second=0) as portal:
        portal.make_organisation("alpha")
        portal.make_person("ann@example.com", name="Ann", organisation="alpha", role="customer")
        yield portal


@pytest.fixture(scope="module")
def ann(portal):
    return portal.sign_in("ann@example.com")


@pytest.fixture
def device(portal):
    device_id = portal.make_device("alpha", "oven", f"OVN-{time.monotonic_ns()}")
    return device_id, portal.device_token(device_id)


def port_of(portal):
    return int(portal.environment["STATUSPORTAL_MQTT_PORT"])


def values_of(portal, ann, device, signal):
    return [value for _, value in portal.get(ann, f"/devices/{device[0]}/telemetry", signal=signal)["points"]]


@contextlib.contextmanager
def signed_in(portal, device, version=4, **more):
    with MqttMachine(port_of(portal), version) as machine:
        assert machine.sign_in(device[1], **more) == 0
        yield machine


def numbered(number):
    """Write a sample with a time of its own, in the last hour."""
    return b'{"ts":%d,"values":{"n":%d}}' % (BEGUN_MS + number, number)


def mosquitto_pub(portal, version, *more):
    """Publish with the program; return its status, and what it said of codes."""
    given = ("-h", "127.0.0.1", "-p", str(port_of(portal)), "-q", "1", "-V", version, *more)
    done = subprocess.run([str(PUBLISHER), *given], capture_output=True, text=True, check=False, timeout=20)
    return done.returncode, done.stderr


@needs_publisher
@pytest.mark.parametrize("version", ["mqttv311", "mqttv5"])
def test_mosquitto_pub_is_served_and_hears_why_not(portal, ann, device, version):
    kept = mosquitto_pub(portal, version, "-u", device[1], "-t", TELEMETRY, "-m", '{"heat":21.5}')
    refused = mosquitto_pub(portal, version, "-u", "spd_unknown", "-t", TELEMETRY, "-m", '{"heat":99}')

    assert kept == (0, "")
    assert "not authori" in refused[1].lower()
    assert values_of(portal, ann, device, "heat") == [21.5]


@needs_publisher
def test_mosquitto_pub_is_told_what_is_wrong_with_a_body(portal, device):
    _, said = mosquitto_pub(portal, "mqttv5", "-u", device[1], "-t", TELEMETRY, "-m", "21.5 degrees")

    assert "Payload format invalid" in said
    assert "The body is not JSON" in said


@pytest.mark.parametrize("version", [MQTTProtocolVersion.MQTTv311, MQTTProtocolVersion.MQTTv5])
def test_paho_publishes_and_asks_for_its_limits(portal, ann, device, version):
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id="plc", protocol=version)
    client.username_pw_set(device[1])
    heard, answered = [], threading.Event()
    client.on_message = lambda _client, _data, message: (heard.append((message.topic, message.payload)), answered.set())
    subscribed = threading.Event()
    client.on_subscribe = lambda *_: subscribed.set()
    client.connect("127.0.0.1", port_of(portal))
    client.loop_start()

    client.subscribe("v1/devices/me/rpc/response/+", qos=1)
    subscribed.wait(10)
    client.publish("v1/devices/me/rpc/request/7", '{"method":"getSessionLimits","params":{}}', qos=1)
    sent = [client.publish(TELEMETRY, numbered(one), qos=1) for one in range(100)]
    for one in sent:
        one.wait_for_publish(10)
    answered.wait(10)
    client.disconnect()
    client.loop_stop()

    assert values_of(portal, ann, device, "n") == list(range(100))
    limits = b'{"messages":"","telemetryMessages":"","telemetryDataPoints":""}'
    answer = b'{"maxPayloadSize":5242880,"maxInflightMessages":50,"rateLimits":' + limits + b"}"
    assert heard == [("v1/devices/me/rpc/response/7", answer)]


def test_hostile_and_silent_strangers_stop_nobody(portal, ann, device):
    hostile = [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"\x00" * 50,
        b"\x10\xff\xff\xff\x7f" + b"x" * 1000,
        packet(0x30, b"\x00\x04v2/t{}"),
        connect(device[1], version=4) + connect(device[1], version=4),
        connect(device[1]) + packet(0x82, b""),
        connect(device[1]) + b"\x30\xff\xff\xff\x7f",
    ]
    with contextlib.ExitStack() as opened:
        for number in range(HALF_OPEN):
            wire = opened.enter_context(socket.create_connection(("127.0.0.1", port_of(portal)), timeout=10))
            wire.sendall(b"\x10\x7f\x00\x04MQ"[: number % 7])
        ends = [everything_said(portal, data) for data in hostile]

        began_at = time.monotonic()
        with signed_in(portal, device) as machine:
            reasons = [machine.tell(numbered(one), one) for one in range(1, 11)]
        took_s = time.monotonic() - began_at
        page = requests.get(f"{portal.url}/readyz", timeout=10)

    # Turned down in silence before a first packet, with a code after it; never an answer to garbage.
    assert ends[:5] == [b""] * 5
    assert [said[:1] for said in ends[5:]] == [b"\x20"] * 3
    assert [said[-1] for said in ends[6:]] == [0x82 - 1, 0x95]
    assert (reasons, page.status_code, took_s < 3) == ([0] * 10, 200, True)
    assert values_of(portal, ann, device, "n") == list(range(1, 11))


def everything_said(portal, data):
    """Send bytes and return all that comes until the other side closes."""
    with socket.create_connection(("127.0.0.1", port_of(portal)), timeout=10) as wire:
        wire.sendall(data)
        said = b""
        with contextlib.suppress(ConnectionError):
            while piece := wire.recv(4096):
                said += piece
        return said


def test_machine_that_promised_signs_of_life_and_falls_silent_is_cut(portal, device):
    with signed_in(portal, device, 5, keep_alive_s=1) as silent, signed_in(portal, device, 5, keep_alive_s=2) as lively:
        began_at = time.monotonic()
        lively.send(PING)
        farewell = silent.read()
        took_s = time.monotonic() - began_at
        lively.send(PING)

        assert farewell == (0xE0, b"\x8d")
        assert 1 < took_s < 4
        assert (lively.read(), lively.read()) == ((0xD0, b""), (0xD0, b""))


def test_token_stands_in_no_log_and_the_listener_is_measured(portal, device):
    with signed_in(portal, device) as machine:
        machine.tell(b"no JSON")
        machine.read()
    with MqttMachine(port_of(portal)) as machine:
        machine.sign_in("spd_a_secret_that_opens_nothing")

    said = portal.log.read_text(encoding="utf-8")
    metrics = requests.get(f"{portal.url}/metrics", timeout=10).text
    assert "mqtt.message_refused" in said
    assert (device[1] in said, "spd_a_secret" in said, device[1] in metrics) == (False, False, False)
    assert 'statusportal_mqtt_messages_total{outcome="refused"}' in metrics
    assert 'statusportal_mqtt_sign_ins_total{outcome="not_authorized"}' in metrics


class Stream(threading.Thread):
    """Publish numbers, many on their way at once, and note which were acknowledged; come again after a cut."""

    def __init__(self, portal, device, stopping):
        super().__init__(daemon=True)
        self._portal, self._device, self._stopping = portal, device, stopping
        self.kept: set[int] = set()

    def run(self):
        number = 0
        while not self._stopping.is_set():
            try:
                with MqttMachine(port_of(self._portal), 4) as machine:
                    if machine.sign_in(self._device[1], client_id="stream") != 0:
                        continue
                    while not self._stopping.is_set():
                        batch = range(number + 1, number + 21)
                        machine.send(*(self._message(one) for one in batch))
                        for one in batch:
                            if machine.reason_for(one % 60_000 + 1) != 0:
                                raise ConnectionError
                            self.kept.add(one)
                            number = one
            except OSError:
                time.sleep(0.05)

    @staticmethod
    def _message(one):
        return publish(TELEMETRY, numbered(one), one % 60_000 + 1, 4)


def test_neither_a_kill_nor_a_stop_loses_what_was_acknowledged(portal, device):
    """The last test of the file: it leaves the portal stopped, and reads the file that is left."""
    stopping = threading.Event()
    stream = Stream(portal, device, stopping)
    stream.start()

    counts = [grown(stream, 100)]
    portal.kill()
    portal.start()
    counts.append(grown(stream, 100))
    with signed_in(portal, device, 5) as idle, MqttMachine(port_of(portal)):
        began_at = time.monotonic()
        portal.stop()
        took_s, farewell = time.monotonic() - began_at, idle.read()
    stopping.set()
    stream.join(15)

    with contextlib.closing(sqlite3.connect(portal.folder / "portal.sqlite")) as left:
        query = "SELECT real FROM sample WHERE device_id = ?"
        stored = [int(value) for (value,) in left.execute(query, [device[0].replace("-", "")])]
    assert all(count >= 100 for count in counts)
    assert stream.kept - set(stored) == set()
    assert len(stored) == len(set(stored))
    assert (farewell, took_s < 10) == ((0xE0, b"\x8b"), True)


def grown(stream, count):
    """Wait until so many more were acknowledged, and return how many there were."""
    before, until_s = len(stream.kept), time.monotonic() + 30
    while len(stream.kept) < before + count and time.monotonic() < until_s:
        time.sleep(0.02)
    return len(stream.kept) - before
