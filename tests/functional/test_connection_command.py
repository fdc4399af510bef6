"""The connection command as an operator types it, on both databases."""

import json

import pytest
from click.testing import CliRunner

from statusportal.access.actor import SYSTEM
from statusportal.cli import main
from statusportal.connections.queries import connections_page, kept_secrets_of
from statusportal.foundation.paging import Slice
from tests.factories.accounts import make_organisation
from tests.factories.fleet import make_model
from tests.factories.recordings import NAB_EXCERPT

BROKER = """
adapter = "mqtt"
name = "Plant broker"
organisation = "alpha"
[options]
host = "127.0.0.1"
port = 1883
topics = ["plant/+/telemetry"]
format = "thingsboard-json"
username = "portal"
password_env = "PLANT_PASSWORD"
[map]
device = "topic[1]"
create_devices = true
model = "oven"
"""

REPLAY = f"""
adapter = "replay"
name = "Recording"
organisation = "alpha"
[options]
path = "{NAB_EXCERPT}"
[map]
device = "NAB-1"
[format]
time_zone = "UTC"
signals = {{ value = "temperature" }}
"""


@pytest.fixture
def run(settings, monkeypatch, tmp_path):
    """Run one connection command on a file with this text; give its exit status, output and error output."""
    monkeypatch.setenv("STATUSPORTAL_INSTANCE_DIR", settings.instance_dir)
    monkeypatch.setenv("STATUSPORTAL_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("STATUSPORTAL_DATABASE_OWNER_URL", settings.database_owner_url)
    monkeypatch.setenv("PLANT_PASSWORD", "hunter2")

    def invoke(verb, *more, text=None):
        given = ["connection", verb, *more]
        if text is not None:
            path = tmp_path / "connection.toml"
            path.write_text(text)
            given += ["--file", str(path)]
        done = CliRunner().invoke(main, given, catch_exceptions=False)
        return done.exit_code, done.stdout, done.stderr

    return invoke


@pytest.fixture
def alpha(works):
    make_model(works, "oven")
    return make_organisation(works, "alpha")


def test_created_connection_holds_what_the_file_says(run, works, alpha):
    status, out, _ = run("create", "--json", text=BROKER)

    with works.reading(SYSTEM) as work:
        row = connections_page(work, Slice()).items[0]
        secrets = kept_secrets_of(work, row)
    assert (status, json.loads(out)["id"], json.loads(out)["organisation"]) == (0, str(row.id), "alpha")
    assert (row.name, row.adapter, row.mapping) == ("Plant broker", "mqtt", {"device": "topic[1]"})
    assert row.options == {
        "host": "127.0.0.1",
        "port": 1883,
        "topics": ["plant/+/telemetry"],
        "format": "thingsboard-json",
        "username": "portal",
    }
    assert (row.is_creating_devices, row.model_id is not None, secrets) == (True, True, {"password"})
    assert "hunter2" not in out


def test_list_gives_every_connection_and_no_secret(run, works, alpha):
    run("create", text=BROKER)
    run("create", text=REPLAY)

    status, out, _ = run("list", "--json")

    assert status == 0
    assert [(one["name"], one["adapter"], one["state"], one["accepted"]) for one in json.loads(out)] == [
        ("Plant broker", "mqtt", "stopped", 0),
        ("Recording", "replay", "stopped", 0),
    ]
    assert "hunter2" not in out


def test_list_for_people_has_a_line_a_connection(run, works, alpha):
    run("create", text=REPLAY)

    assert run("list")[:2] == (0, "stopped     replay      Recording  0 samples\n")


@pytest.mark.parametrize(
    ("wrong", "right", "sentence"),
    [
        ("port = 1883", "port = 99999", "options/port: Expected 65535 or less."),
        ("host =", "hots =", "options/hots: There is no such option. Did you mean host?"),
        ('name = "Plant broker"', 'nmae = "x"', "There is no key 'nmae'. Did you mean name?"),
        ('organisation = "alpha"', 'organisation = "beta"', "There is no organisation “beta”."),
        ('model = "oven"', 'model = "x"', "map/model: There is no device model 'x'."),
        ('"mqtt"', '"mqqt"', "No adapter is called 'mqqt'. There are: files, mqtt, replay, simulated."),
        ("PLANT_PASSWORD", "NOT_SET", "password_env: The environment variable 'NOT_SET' is not set."),
        ("create_devices = true", 'create_devices = "yes"', "map/create_devices: must be true or false"),
        ("[options]", "[options", "The file is not TOML"),
        ("[map]", '[portal]\nurl = "http://x"\n[map]', "portal: is for gateways"),
    ],
)
def test_wrong_file_is_refused_and_the_key_is_named(run, works, alpha, wrong, right, sentence):
    status, out, err = run("create", text=BROKER.replace(wrong, right))

    with works.reading(SYSTEM) as work:
        assert connections_page(work, Slice()).items == []
    assert (status, out) == (1, "")
    assert sentence in err


def test_test_shows_samples_and_keeps_nothing(run, works, alpha):
    status, out, _ = run("test", "--json", "--seconds", "0.1", text=REPLAY)

    with works.reading(SYSTEM) as work:
        assert connections_page(work, Slice()).items == []
    seen = json.loads(out)
    assert (status, seen["problem"], seen["address"]) == (0, "", str(NAB_EXCERPT))
    assert {(one["device"], one["signal"]) for one in seen["samples"]} == {("NAB-1", "temperature")}


def test_test_of_a_broker_that_is_not_there_says_so(run, works, alpha):
    status, out, err = run("test", "--seconds", "0.1", text=BROKER.replace("1883", "9"))

    assert (status, out) == (1, "")
    assert err == "Error: mqtt://127.0.0.1:9: Nobody answers: the connection was refused.\n"
