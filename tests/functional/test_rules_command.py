"""Story: an engineer has a recording of a machine, and asks what a profile would have made of it."""

import csv
import json
import os
import threading
import tomllib

import pytest
from click.testing import CliRunner

from bench.status_truth import EXCERPT, main
from statusportal.cli import main as statusportal
from statusportal.profiles.finding import shipped_text

PROFILE = """
format = 1
name = "Pump"
[[signals]]
name = "heat"
aliases = ["T1"]
[[rules]]
kind = "limit"
code = "WARM"
source = "manual, page 3"
signal = "heat"
high = 60
[[rules]]
kind = "limit"
code = "HOT"
source = "manual, page 3"
signal = "heat"
high = 90
health = "failure"
pending_s = 90
"""


@pytest.fixture
def command(tmp_path, monkeypatch):
    monkeypatch.setenv("STATUSPORTAL_INSTANCE_DIR", str(tmp_path / "instance"))
    (tmp_path / "pump.toml").write_text(PROFILE)
    runner = CliRunner()

    def run(*arguments, rows=None):
        if rows is not None:
            (tmp_path / "rows.csv").write_text("\n".join(rows) + "\n")
        return runner.invoke(statusportal, [one.replace("@", f"{tmp_path}/") for one in arguments])

    return run


def test_backtest_prints_one_line_a_change_and_names_bad_rows(command):
    rows = [
        "series,timestamp,signal,value",
        "a,2026-03-01T10:00:00Z,heat,20",
        "b,1000,T1,20",
        "a,2026-03-01T10:01:00Z,heat,95",
        "a,yesterday,heat,95",
        "a,2026-03-01T10:02:00Z,heat,",
        "a,2026-03-01T10:04:00Z,heat,95",
        "b,2000,T1,61",
        "b,3000",
        "a,2026-03-01T10:05:00.250Z,heat,nan",
        "a,2026-03-01T10:05:00.500Z,heat,7",
        "a,2026-03-01T10:03:00Z,heat,95",
    ]

    said = command("rules", "backtest", "@pump.toml", "@rows.csv", "--json", rows=rows)

    assert [json.loads(line) for line in said.stdout.splitlines()] == [
        {"series": "a", "timestamp": "2026-03-01T10:01:00Z", "level": "warning"},
        {"series": "a", "timestamp": "2026-03-01T10:02:30Z", "level": "fault"},
        {"series": "a", "timestamp": "2026-03-01T10:05:00.500Z", "level": "ok"},
        {"series": "b", "timestamp": 2000, "level": "warning"},
    ]
    assert said.stderr.splitlines() == [
        "line 5: timestamp “yesterday” is no time",
        "line 6: value is empty",
        "line 9: has 2 values, and 4 are needed",
    ]
    assert said.exit_code == 0


def test_backtest_tells_people_what_is_active(command):
    rows = ["timestamp,value,signal,series", "2026-03-01 10:00:00,95,heat,a", "2026-03-01 10:02:00,95,heat,a"]

    said = command("rules", "backtest", "@pump.toml", "@rows.csv", rows=rows)

    assert [line.split() for line in said.stdout.splitlines()] == [
        ["a", "2026-03-01", "10:00:00", "warning", "WARM"],
        ["a", "2026-03-01", "10:01:30", "fault", "HOT", "WARM"],
    ]


def _long(signals=("heat", "T2", "T3")):
    """Return a series of 600 instants whose heat is over for some, its rows in the order of time."""
    return [
        f"a,{at}.0,{name},{95 if name == 'heat' and 300_000 <= at < 420_000 else 20}"
        for at in range(0, 36_000_000, 60_000)
        for name in signals
    ]


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(lambda rows: rows, id="in time"),
        pytest.param(lambda rows: rows[::-1], id="newest first"),
        pytest.param(lambda rows: [row for at in range(3) for row in rows[at::3]], id="signal by signal"),
    ],
)
def test_rows_of_a_file_may_stand_in_any_order(command, order):
    rows = ["series,timestamp,signal,value", *order(_long())]

    said = command("rules", "backtest", "@pump.toml", "@rows.csv", "--json", rows=rows)

    assert (said.exit_code, said.stderr) == (0, "")
    assert [tuple(json.loads(line).values())[1:] for line in said.stdout.splitlines()] == [
        (300_000.0, "warning"),
        (390_000.0, "fault"),
        (420_000.0, "ok"),
    ]
    assert '"timestamp": 300000.0' in said.stdout


def test_more_signals_at_an_instant_than_the_horizon_are_all_judged(command):
    rows = [f"a,{at},s{name:04},1" for at in (0, 60_000) for name in range(1_500, 0, -1)]
    rows += ["a,0,heat,61", "a,60000,heat,61"]

    said = command("rules", "backtest", "@pump.toml", "@rows.csv", rows=["series,timestamp,signal,value", *rows])

    assert (said.exit_code, said.stderr, len(said.stdout.splitlines())) == (0, "", 1)


def test_pipe_that_lost_rows_fails(command, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    text = "\n".join(["series,timestamp,signal,value", *_long()[::-1]])
    writing = threading.Thread(target=(tmp_path / "pipe").write_text, args=(text,))
    writing.start()

    said = command("rules", "backtest", "@pump.toml", "@pipe")
    writing.join()

    assert said.exit_code == 1
    assert "samples came too late behind newer ones" in said.stderr


def test_backtest_of_nothing_usable_or_of_no_model_fails_with_a_sentence(command):
    columns = command("rules", "backtest", "@pump.toml", "@rows.csv", rows=["series,timestamp,value"])
    empty = command("rules", "backtest", "@pump.toml", "@rows.csv", rows=["series,timestamp,signal,value", "a"])
    unknown = command("rules", "backtest", "no-such-model", "@rows.csv")

    assert (columns.exit_code, empty.exit_code, unknown.exit_code) == (1, 1, 1)
    assert "signal: is not a column" in columns.stderr
    assert "There is no usable row in this file." in empty.stderr
    assert "no device model “no-such-model”" in unknown.stderr


def test_check_names_every_wrong_field(command, tmp_path):
    (tmp_path / "bad.toml").write_text(
        PROFILE.replace("high = 60", "high = 60\nlow = 70").replace('heat"\nhigh', 'cold"\nhigh')
    )

    good, bad = command("rules", "check", "@pump.toml", "--json"), command("rules", "check", "@bad.toml")

    assert json.loads(good.stdout) == {"name": "Pump", "signals": 1, "rules": 2}
    assert bad.exit_code == 1
    assert "rules.0.low: is above “high”" in bad.stderr
    assert "rules.1.signal: “cold” is not a signal of this profile" in bad.stderr


def test_store_model_is_replayed_by_its_limits(command, tmp_path):
    (tmp_path / "model.toml").write_text(
        'slug = "pump"\nname = "Pump"\n[[signals]]\nname = "heat"\n'
        '[[signals.limits]]\ncode = "WARM"\nside = "high"\nthreshold = 60.0\n'
    )
    command("model", "import", "@model.toml")
    rows = ["series,timestamp,signal,value", "a,1000,heat,61", "a,2000,heat,59"]

    said = command("rules", "backtest", "pump", "@rows.csv", "--json", rows=rows)

    assert [json.loads(line)["level"] for line in said.stdout.splitlines()] == ["warning", "ok"]


def test_shipped_profiles_warn_before_the_failures_of_the_excerpt(command, tmp_path, capsys):
    source = EXCERPT / "nab_machine_temperature" / "machine_temperature_system_failure.csv"
    with source.open(newline="") as lines:
        recorded = [f"m,{row['timestamp']},value,{row['value']}" for row in csv.DictReader(lines)]

    said = command("rules", "backtest", "nab", "@rows.csv", "--json", rows=["series,timestamp,signal,value", *recorded])
    main([])
    report = capsys.readouterr().out

    assert [tuple(json.loads(line).values())[1:] for line in said.stdout.splitlines()] == [
        ("2013-12-10 10:30:00", "warning"),
        ("2013-12-11 11:25:00", "ok"),
        ("2013-12-16 16:20:00", "warning"),
        ("2013-12-17 11:45:00", "ok"),
    ]
    assert "4 of 4 warned, median 35.5, 24 to 79; early 0, late 0" in report
    assert report.count("1 of 1 windows, 0 false alarms") == 3


def test_examples_are_listed_and_each_is_a_good_profile(command, tmp_path):
    names = json.loads(command("rules", "examples", "--json").stdout)["items"]
    for name in names:
        (tmp_path / "shipped.toml").write_text(shipped_text(name))

        assert command("rules", "check", "@shipped.toml").exit_code == 0
        assert command("model", "import", "@shipped.toml").exit_code == 0
    assert names == ["cmapss-turbofan", "generic", "nab-machine-temperature"]


def test_profile_is_imported_as_a_model_and_that_is_exported_as_a_profile(command, tmp_path):
    (tmp_path / "pump.toml").write_text(
        PROFILE.replace('"Pump"', '"Pump 7"\ndescription_en = "Pumps."\ndescription_da = "Pumper."')
    )
    rows = ["series,timestamp,signal,value", "a,1000,T1,61", "a,2000,heat,59"]

    imported = command("model", "import", "@pump.toml", "--json")
    exported = command("model", "export", "pump-7")
    (tmp_path / "model.toml").write_text(exported.stdout)
    again = command("model", "import", "@model.toml", "--json")
    said = [
        command("rules", "backtest", one, "@rows.csv", "--json", rows=rows) for one in ("@pump.toml", "@model.toml")
    ]

    assert json.loads(imported.stdout)["slug"] == "pump-7"
    assert tomllib.loads(exported.stdout)["format"] == 1
    assert tomllib.loads(exported.stdout)["description"] == "Pumps.\n\nPumper."
    assert tomllib.loads(exported.stdout)["signals"][0]["aliases"] == ["T1"]
    assert json.loads(again.stdout)["changes"] == []
    assert said[0].stdout == said[1].stdout
    assert len(said[0].stdout.splitlines()) == 2
    assert command("rules", "check", "@model.toml").exit_code == 0
