import contextlib
import shutil
import socket
import subprocess
import threading

import paho.mqtt.publish
import pytest

from devices.errors import AuthenticationFailed, ConnectionLost, ConnectionRefused, OptionInvalid, SubscriptionRefused
from devices.memory_sink import MemorySink
from devices.protocol import Connected, TopicRefused
from devices.registry import build_adapter
from tests.servers import certificates
from tests.servers.certificates import OPENSSL, Authority
from tests.servers.mosquitto import MISSING, MOSQUITTO, Mosquitto
from tests.servers.ports import free_port

pytestmark = [
    pytest.mark.skipif(MOSQUITTO is None, reason=MISSING),
    pytest.mark.skipif(OPENSSL is None, reason=certificates.MISSING),
]
VERSIONS = pytest.mark.parametrize("version", ["5", "3.1.1"])


def adapter_for(port, version="5", **options):
    given = {"host": "127.0.0.1", "port": port, "topics": ["plant/+/telemetry"], "version": version}
    return build_adapter("mqtt", given | {"connect_timeout_s": 2.0} | options, mapping={"device": "topic[1]"})


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def tls_broker(tmp_path, authority):
    certificate, key = authority.issue("localhost")
    lines = (f"cafile {authority.ca_file}", f"certfile {certificate}", f"keyfile {key}")
    with Mosquitto(tmp_path, listener_lines=(*lines, "require_certificate true")) as server:
        yield server


@pytest.fixture
def guarded_broker(tmp_path):
    passwords, rights = tmp_path / "passwords", tmp_path / "rights"
    passwords.touch(mode=0o600)
    subprocess.run([shutil.which("mosquitto_passwd"), "-b", passwords, "plant", "right"], check=True)
    rights.write_text("user plant\ntopic read plant/#\n")
    with Mosquitto(tmp_path, lines=(f"password_file {passwords}", f"acl_file {rights}")) as server:
        yield server


@VERSIONS
def test_check_shows_what_is_seen_and_takes_nothing(tmp_path, version):
    with Mosquitto(tmp_path) as broker:
        message = '{"ts": 1700000000000, "values": {"temperature": 21.5}}'
        paho.mqtt.publish.single("plant/SN-1/telemetry", message, qos=1, retain=True, port=broker.port)

        sighting = adapter_for(broker.port, version).check(0.5)

    assert sighting.notes == (f"Connected with MQTT {version} and subscribed.",)
    assert [(one.serial, one.signal, one.value, one.is_retained) for one in sighting.readings] == [
        ("SN-1", "temperature", 21.5, True),
    ]


@VERSIONS
def test_credentials_right_and_wrong(guarded_broker, version):
    right = adapter_for(guarded_broker.port, version, username="plant", password="right")
    wrong = adapter_for(guarded_broker.port, version, username="plant", password="wrong")

    assert right.check(0.1).notes[0] == f"Connected with MQTT {version} and subscribed."
    with pytest.raises(AuthenticationFailed, match="The broker says: "):
        wrong.check(0.1)


@VERSIONS
def test_tls_with_both_certificates(tls_broker, authority, version):
    certificate, key = authority.issue("gateway")
    files = {"ca_file": str(authority.ca_file), "client_cert_file": str(certificate), "client_key_file": str(key)}

    sighting = adapter_for(tls_broker.port, version, tls=True, **files).check(0.1)

    assert sighting.notes[0] == f"Connected with MQTT {version} and subscribed."


def test_a_certificate_of_an_unknown_authority_is_refused(tls_broker, authority):
    with pytest.raises(ConnectionRefused, match="The certificate is not trusted: "):
        adapter_for(tls_broker.port, tls=True).check(0.1)


def test_our_missing_certificate_is_refused(tls_broker, authority):
    with pytest.raises((ConnectionRefused, ConnectionLost)):
        adapter_for(tls_broker.port, tls=True, ca_file=str(authority.ca_file)).check(0.1)


def test_tls_to_a_plain_port_says_so(tmp_path):
    with Mosquitto(tmp_path) as broker, pytest.raises(ConnectionRefused, match=r"Does the port speak TLS\?"):
        adapter_for(broker.port, tls=True).check(0.1)


def test_plain_to_a_tls_port_says_so(tls_broker):
    with pytest.raises(ConnectionRefused, match=r"Does the port expect TLS\?"):
        adapter_for(tls_broker.port).check(0.1)


def test_nobody_at_the_port():
    with pytest.raises(ConnectionRefused, match="Nobody answers: "):
        adapter_for(free_port()).check(0.1)


def test_a_host_that_does_not_exist():
    with pytest.raises(ConnectionRefused, match="Nobody answers: "):
        build_adapter("mqtt", {"host": "no-such-host.invalid", "topics": ["a"]}).check(0.1)


def test_an_authority_file_that_is_not_there():
    with pytest.raises(OptionInvalid, match=r"ca_file: .* cannot be used"):
        adapter_for(8883, tls=True, ca_file="missing.crt").check(0.1)


@contextlib.contextmanager
def answering(*answers):
    """Accept one line, give one answer to each packet and then stay silent: a broker that lies."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()

        def serve():
            line, _ = server.accept()
            with line:
                for answer in answers:
                    line.recv(1_000)
                    line.sendall(answer)
                ended.wait(10)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            thread.join()


CONNACK = {"5": b"\x20\x03\x00\x00\x00", "3.1.1": b"\x20\x02\x00\x00"}
HALF_REFUSED = {"5": b"\x90\x05\x00\x01\x00\x01\x87", "3.1.1": b"\x90\x04\x00\x01\x01\x80"}
ALL_REFUSED = {"5": b"\x90\x04\x00\x01\x00\x87", "3.1.1": b"\x90\x03\x00\x01\x80"}
WORDS = {"5": "we are not authorized", "3.1.1": "an error without further words"}


@VERSIONS
def test_a_refused_topic_is_reported_and_the_others_are_heard(version):
    stop, happenings = threading.Event(), []

    def report(happening):
        happenings.append(happening)
        stop.set()

    with answering(CONNACK[version], HALF_REFUSED[version]) as port:
        adapter_for(port, version, topics=["plant/#", "secret/#"]).run(MemorySink(), stop, report)
        address = f"mqtt://127.0.0.1:{port}"

    assert happenings == [TopicRefused("secret/#", WORDS[version]), Connected(address)]


@VERSIONS
def test_all_topics_refused_is_an_error(version):
    with (
        answering(CONNACK[version], ALL_REFUSED[version]) as port,
        pytest.raises(SubscriptionRefused, match=f"Every topic was refused: {WORDS[version]}"),
    ):
        adapter_for(port, version).check(0.1)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="silence"),
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n\r\n", id="another protocol"),
        pytest.param(b"\x00" * 64, id="zero-size packets"),
        pytest.param(b"\x20\xff\xff\xff\x7f", id="the greatest length"),
        pytest.param(b"\x20\xff\xff\xff\xff\xff\xff", id="an endless length"),
        pytest.param(b"\x20\x02\x00\x55", id="an unknown code"),
        pytest.param(b"\x90\x03\x00\x01\x80", id="an answer nobody asked for"),
        pytest.param(b"\xff" * 1_000, id="noise"),
    ],
)
@VERSIONS
def test_a_broker_that_lies_is_refused_in_time(answer, version):
    with answering(answer) as port, pytest.raises((ConnectionRefused, ConnectionLost)):
        adapter_for(port, version, connect_timeout_s=0.5).check(0.1)
