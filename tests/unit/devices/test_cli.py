import json
import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from devices.cli import main
from devices.gateway.buffer import Buffer
from tests.servers.portal import ScriptedPortal

SIMULATED = """
adapter = "simulated"
name = "Demo"
[options]
interval_s = 0.05
{more}
[[options.machines]]
kind = "ultra-low-freezer"
serial = "F-1"
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.delenv("STATUSPORTAL_URL", raising=False)
    monkeypatch.delenv("STATUSPORTAL_GATEWAY_TOKEN", raising=False)
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


def write(tmp_path, more="", text=SIMULATED):
    path = tmp_path / "demo.toml"
    path.write_text(text.format(more=more))
    return path


def test_list_names_adapters_and_formats(run):
    answer = json.loads(run("list", "--json").stdout)

    assert [adapter["name"] for adapter in answer["adapters"]] == ["files", "mqtt", "replay", "simulated"]
    assert answer["formats"] == ["csv", "native-json", "thingsboard-json"]


def test_describe_tells_every_option_and_no_secret(run):
    answer = json.loads(run("describe", "mqtt", "--json").stdout)

    by_name = {option["name"]: option for option in answer["options"]}
    assert by_name["host"]["is_required"] is True
    assert (by_name["port"]["default"], by_name["port"]["minimum"], by_name["port"]["maximum"]) == (1883, 1, 65535)
    assert by_name["password"]["is_secret"] is True
    assert by_name["password"]["default"] is None
    assert by_name["version"]["choices"] == ["5", "3.1.1"]


def test_describe_of_nothing_known_is_asked_wrongly(run):
    result = run("describe", "mqttt")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "No adapter is called 'mqttt'" in result.stderr


def test_check_shows_what_is_seen(run, tmp_path):
    answer = json.loads(run("check", write(tmp_path), "--json").stdout)

    assert answer["notes"] == ["F-1 is a ultra-low-freezer."]
    assert {reading["serial"] for reading in answer["readings"]} == {"F-1"}


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("adapter = ", 2, "The file is not TOML"),
        ('adapter = "mqtt"\noption = {}', 2, "There is no key 'option'. Did you mean options?"),
        ('name = "x"', 2, "adapter is missing."),
        ('adapter = "mqtt"\n[options]\nhost = "h"\ntopics = ["t"]\nport = 88883', 2, "port: "),
        ('adapter = "mqtt"\n[options]\nhost = "h"\ntopics = ["t"]\nprot = 1', 2, "prot: There is no such option."),
        (
            'adapter = "mqtt"\n[options]\nhost = "h"\ntopics = ["t"]\npassword_env = "NOT_SET"',
            2,
            "'NOT_SET' is not set",
        ),
        ('adapter = "replay"\n[options]\npath = "missing.csv"', 1, "The file cannot be read"),
    ],
)
def test_check_of_a_wrong_file_says_why(run, tmp_path, text, code, reason):
    path = tmp_path / "wrong.toml"
    path.write_text(text)

    result = run("check", path)

    assert result.exit_code == code
    assert reason in result.stderr


def test_run_needs_a_portal_and_its_token(run, tmp_path):
    assert "A [portal] table with a url" in run("run", write(tmp_path)).stderr
    path = write(tmp_path, text=SIMULATED + '[portal]\nurl = "http://127.0.0.1:1"\n')
    result = run("run", path)
    assert (result.exit_code, "'STATUSPORTAL_GATEWAY_TOKEN' is not set" in result.stderr) == (2, True)


def start_gateway(path, url, **environment):
    variables = os.environ | {"STATUSPORTAL_URL": url, "STATUSPORTAL_GATEWAY_TOKEN": "spd_secret"} | environment
    code = "from devices.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "run", str(path), "--json"],
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_run_forwards_all_and_ends_with_its_sources(tmp_path):
    with ScriptedPortal() as portal:
        gateway = start_gateway(write(tmp_path, "rounds = 5"), portal.url)
        out, err = gateway.communicate(timeout=20)

    assert gateway.returncode == 0, err
    assert len(portal.kept) == 5 * 5
    assert [json.loads(line)["happening"] for line in out.splitlines()] == ["Connected", "Disconnected"]
    assert "spd_secret" not in out + err


def test_a_gateway_killed_while_the_portal_is_away_loses_nothing(tmp_path):
    path = write(tmp_path)
    with ScriptedPortal() as portal:
        away = start_gateway(path, "http://127.0.0.1:9")
        time.sleep(1.5)
        away.kill()
        away.communicate()
        buffer = Buffer(path.with_suffix(".buffer.sqlite"))
        waiting = {(one.serial, one.signal, one.at_ms) for one in buffer.head(10_000).readings}
        buffer.close()
        gateway = start_gateway(path, portal.url)
        until_s = time.monotonic() + 10
        while not waiting <= portal.kept.keys() and time.monotonic() < until_s:
            time.sleep(0.05)
        gateway.send_signal(signal.SIGTERM)
        _, err = gateway.communicate(timeout=20)

    assert gateway.returncode == 0, err
    assert len(waiting) > 0
    assert waiting <= portal.kept.keys()
