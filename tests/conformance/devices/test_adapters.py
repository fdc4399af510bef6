import paho.mqtt.publish
import pytest

from devices.conformance.adapters import EndingConformance, ReachingConformance, RedeliveringConformance
from devices.registry import build_adapter
from tests.servers.mosquitto import MISSING, MOSQUITTO, Mosquitto
from tests.servers.ports import free_port

TABLE = "timestamp,value\n2024-01-01T00:00:00Z,1\n2024-01-01T00:05:00Z,2\n"


class TestSimulated(EndingConformance):
    @pytest.fixture
    def make(self):
        machines = [{"kind": "milk-analyser", "serial": "MA-1"}, {"kind": "laboratory-ups", "serial": "UPS-1"}]
        options = {"machines": machines, "interval_s": 0.1, "rounds": 2}
        return lambda: build_adapter("simulated", options)

    @pytest.fixture
    def sample_count(self):
        return 22


class TestReplay(EndingConformance, ReachingConformance):
    @pytest.fixture
    def make(self, tmp_path):
        path = tmp_path / "recording.csv"
        path.write_text(TABLE)
        return lambda: build_adapter("replay", {"path": str(path)}, mapping={"device": "M-1"})

    @pytest.fixture
    def sample_count(self):
        return 2

    @pytest.fixture
    def make_unreachable(self, tmp_path):
        return lambda: build_adapter("replay", {"path": str(tmp_path / "missing.csv")})


class TestFiles(RedeliveringConformance, ReachingConformance):
    @pytest.fixture
    def make(self, tmp_path):
        options = {"folder": str(tmp_path), "settle_s": 0.1, "unfinished_s": 0.1}
        return lambda: build_adapter("files", options, mapping={"device": "M-1"})

    @pytest.fixture
    def feed(self, tmp_path):
        return lambda: (tmp_path / "table.csv").write_text(TABLE)

    @pytest.fixture
    def sample_count(self):
        return 2

    @pytest.fixture
    def make_unreachable(self, tmp_path):
        return lambda: build_adapter("files", {"folder": str(tmp_path / "missing")})


@pytest.mark.skipif(MOSQUITTO is None, reason=MISSING)
class MqttConformance(RedeliveringConformance, ReachingConformance):
    version = ""

    @pytest.fixture
    def broker(self, tmp_path):
        with Mosquitto(tmp_path) as server:
            yield server

    @pytest.fixture
    def make(self, broker):
        options = {"host": broker.host, "port": broker.port, "topics": ["plant/+"], "version": self.version}
        return lambda: build_adapter("mqtt", options, mapping={"device": "topic[1]"})

    @pytest.fixture
    def feed(self, broker):
        body = '{"ts": 1700000000000, "values": {"temperature": 21.5, "flow": 3}}'
        return lambda: paho.mqtt.publish.single("plant/SN-1", body, qos=1, port=broker.port)

    @pytest.fixture
    def sample_count(self):
        return 2

    @pytest.fixture
    def make_unreachable(self):
        options = {"host": "127.0.0.1", "port": free_port(), "topics": ["plant/+"], "version": self.version}
        return lambda: build_adapter("mqtt", options)


class TestMqtt5(MqttConformance):
    version = "5"


class TestMqtt311(MqttConformance):
    version = "3.1.1"
