import msgspec
import pytest

from statusportal.cli.serve import _open_mqtt
from statusportal.config import load_settings
from statusportal.ingest.mqtt.opening import listen_for_mqtt


@pytest.fixture
def settings(tmp_path):
    return load_settings({"STATUSPORTAL_INSTANCE_DIR": str(tmp_path)})


def test_nothing_listens_without_a_port(settings):
    assert _open_mqtt(settings) is None


def test_port_that_is_taken_stops_the_start_with_a_sentence(settings, capsys):
    with listen_for_mqtt(settings) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(SystemExit) as stop:
            _open_mqtt(msgspec.structs.replace(settings, mqtt_port=port))

    assert stop.value.code == 1
    assert capsys.readouterr().err.startswith(f"MQTT cannot be served on 127.0.0.1:{port}: ")


def test_certificate_that_is_none_stops_the_start_with_a_sentence(settings, tmp_path, capsys):
    file = tmp_path / "portal.crt"
    file.write_text("no certificate")
    given = {"mqtt_port": 1, "mqtt_certificate_file": str(file), "mqtt_key_file": str(file)}

    with pytest.raises(SystemExit) as stop:
        _open_mqtt(msgspec.structs.replace(settings, **given))

    assert stop.value.code == 1
    assert capsys.readouterr().err.startswith("MQTT cannot be served on 127.0.0.1:1: ")
