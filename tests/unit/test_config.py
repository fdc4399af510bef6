"""Settings come from the file, the environment and the start, and what is wrong stops the start with a sentence."""

import stat

import pytest

from statusportal.config import SettingWrong, load_settings


@pytest.fixture
def folder(tmp_path):
    return {"STATUSPORTAL_INSTANCE_DIR": str(tmp_path)}


def test_first_start_makes_secrets_that_stay_and_that_others_cannot_read(folder, tmp_path):
    first = load_settings(folder)
    second = load_settings(folder)

    kept = tmp_path / "secrets" / "secret_key"
    assert (first.secret_key, len(first.secret_key)) == (second.secret_key, 64)
    assert first.secret_key != first.connections_key
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert first.database_url == f"sqlite:///{tmp_path}/portal.sqlite"


def test_environment_goes_before_the_file_and_the_start_before_both(folder, tmp_path):
    (tmp_path / "config.toml").write_text('port = 8001\nthreads = 7\nhost = "0.0.0.0"\n', encoding="utf-8")

    settings = load_settings({**folder, "STATUSPORTAL_PORT": "8002", "STATUSPORTAL_THREADS": "9"}, port=8003)

    assert (settings.host, settings.threads, settings.port) == ("0.0.0.0", 9, 8003)  # noqa: S104 - an example


@pytest.mark.parametrize(
    ("file", "is_secure"),
    [
        ("", False),
        ('public_url = "http://portal.example"', False),
        ('public_url = "https://portal.example"', True),
        ('public_url = "https://portal.example"\nsecure_cookies = false', False),
    ],
)
def test_cookies_are_for_tls_alone_where_people_come_by_it(folder, tmp_path, file, is_secure):
    (tmp_path / "config.toml").write_text(file, encoding="utf-8")

    assert load_settings(folder).secure_cookies is is_secure


@pytest.mark.parametrize(
    ("file", "environment", "named"),
    [
        ("colour = 1", {}, "colour"),
        ("port = ", {}, "config.toml"),
        ('port = "many"', {}, "port"),
        ('secret_key = "short"', {}, "secret_key"),
        ("", {"STATUSPORTAL_COLOUR": "red"}, "STATUSPORTAL_COLOUR"),
        ("", {"STATUSPORTAL_THREADS": "lots"}, "threads"),
        ("", {"STATUSPORTAL_MQTT_PORT": "70000"}, "mqtt_port"),
        ("port = 1883", {"STATUSPORTAL_MQTT_PORT": "1883"}, "mqtt_port"),
        ("", {"STATUSPORTAL_MQTT_CERTIFICATE_FILE": "/etc/hostname"}, "mqtt_key_file"),
        ("", {"STATUSPORTAL_MQTT_CLIENT_AUTHORITY_FILE": "/etc/hostname"}, "mqtt_client_authority_file"),
        ("mqtt_key_file = '/nowhere'\nmqtt_certificate_file = '/nowhere'", {}, "mqtt_certificate_file"),
    ],
)
def test_wrong_setting_is_named(folder, tmp_path, file, environment, named):
    (tmp_path / "config.toml").write_text(file, encoding="utf-8")

    with pytest.raises(SettingWrong) as wrong:
        load_settings({**folder, **environment})

    assert named in str(wrong.value)
