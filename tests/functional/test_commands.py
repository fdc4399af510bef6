"""The commands as a new operator types them, on both databases and before the portal's first start."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.accounts.models import Membership, Person
from statusportal.catalogue.models import DeviceModel
from statusportal.cli import main
from statusportal.credentials.recognising import machine_of_token
from statusportal.foundation.clock import SystemClock
from statusportal.identity.actors import actor_of_token
from statusportal.identity.signing_in import prove_password
from tests.factories.accounts import PASSWORD

MODEL = """
slug = "press-9"
name = "Press 9"
expected_interval_s = 30

[[signals]]
name = "pressure"
unit = "bar"
label_en = "Pressure"
label_da = "Tryk"

[[signals.limits]]
code = "pressure_high"
side = "high"
threshold = 7.5
hysteresis = 0.5
health = "failure"
sentence_en = "The pressure is too high."
"""


@pytest.fixture
def run(settings, monkeypatch):
    """Run one command on the test's database; give its exit status, output and error output."""
    monkeypatch.setenv("STATUSPORTAL_INSTANCE_DIR", settings.instance_dir)
    monkeypatch.setenv("STATUSPORTAL_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("STATUSPORTAL_DATABASE_OWNER_URL", settings.database_owner_url)

    def invoke(*arguments, stdin=None):
        done = CliRunner().invoke(main, list(arguments), input=stdin, catch_exceptions=False)
        return done.exit_code, done.stdout, done.stderr

    return invoke


@pytest.fixture
def alpha(run):
    assert run("organisation", "create", "--slug", "alpha", "--name", "Alpha ApS")[0] == 0
    return "alpha"


def created_device(run, *more):
    status, out, err = run(
        "device", "create", "--organisation", "alpha", "--model", "Press 9 Ö", "--serial", "P-1", *more
    )
    assert (status, err) == (0, "")
    return json.loads(out)


def test_new_operator_gets_a_person_who_signs_in(run, alpha, works):
    address = ("--email", "Ann@Example.com", "--password-stdin")
    status, out, _ = run(
        "user", "create", *address, "--organisation", alpha, "--role", "customer_admin", "--json", stdin=PASSWORD + "\n"
    )

    assert (status, json.loads(out)["email"]) == (0, "ann@example.com")
    with works.reading(SYSTEM) as work:
        proof = prove_password(work, "ann@example.com", PASSWORD, "127.0.0.1")
        person = work.session.get(Person, proof.person_id)
        assert (person.name, work.session.scalars(select(Membership.role)).all()) == ("Ann", ["customer_admin"])
    assert PASSWORD not in out


def test_trouble_is_a_sentence_and_a_status(run, alpha):
    taken = run("organisation", "create", "--slug", alpha, "--name", "Again")
    unknown = run("device", "create", "--organisation", "nowhere", "--model", "m", "--serial", "1")
    short = run("user", "create", "--email", "a@b.example", "--password-stdin", stdin="short\n")
    unnamed = run("user", "create")
    alone = run("user", "create", "--email", "a@b.example", "--role", "customer")
    empty = run("user", "create", "--email", "a@b.example", "--password-stdin", stdin="")

    assert taken == (1, "", "Error: There is an organisation “alpha” already.\n")
    assert unknown == (1, "", "Error: There is no organisation “nowhere”.\n")
    assert short[0] == 1
    assert "password: Use 12 characters or more." in short[2]
    assert [unnamed[0], alone[0], empty[0]] == [2, 2, 2]
    assert unnamed[1] == ""


def test_device_of_an_unknown_model_makes_it_empty_and_open(run, alpha, works):
    first = created_device(run, "--name", "Press in hall 2")
    again = run("device", "create", "--organisation", alpha, "--model", "press-9-o", "--serial", "P-2")

    assert (first["serial"], first["name"], first["model"]) == ("P-1", "Press in hall 2", "press-9-o")
    assert json.loads(again[1])["name"] == "Press 9 Ö P-2"
    with works.reading(SYSTEM) as work:
        models = [(one.slug, one.name, one.is_strict, one.signals) for one in work.session.scalars(select(DeviceModel))]
        assert models == [("press-9-o", "Press 9 Ö", False, [])]


def test_credential_is_printed_once_and_a_kept_one_works(run, alpha, works, clock):
    clock.set(SystemClock().now())
    device_id = created_device(run)["id"]
    issued = run("credential", "create", "--device", device_id)
    kept = run("credential", "create", "--gateway", "--organisation", alpha, "--token-stdin", stdin="A1_OLD_TOKEN\n")
    taken = run("credential", "create", "--device", device_id, "--token-stdin", stdin="A1_OLD_TOKEN\n")
    both = run("credential", "create", "--device", device_id, "--gateway", "--organisation", alpha)

    assert [issued[0], kept[0], taken[0], both[0]] == [0, 0, 1, 2]
    clock.set(SystemClock().now())
    with works.reading(SYSTEM) as work:
        assert str(machine_of_token(work, issued[1].strip()).device_id) == device_id
        assert machine_of_token(work, "A1_OLD_TOKEN").device_id is None
    assert "A1_OLD_TOKEN" not in taken[2]


def test_personal_token_is_printed_with_its_end(run, works):
    run("user", "create", "--email", "a@b.example", "--staff", "engineer")

    made = run("token", "create", "--email", "a@b.example", "--scope", "entry:publish", "--expires", "90d", "--json")
    wrong = run("token", "create", "--email", "a@b.example", "--scope", "everything")
    bad_span = run("token", "create", "--email", "a@b.example", "--expires", "soon")

    assert made[0] == 0
    assert json.loads(made[1])["token"].startswith("spp_")
    assert [wrong[0], bad_span[0]] == [1, 2]


def test_personal_token_is_listed_and_taken_back(run, works):
    run("user", "create", "--email", "a@b.example", "--password-stdin", stdin="a long walk by the sea\n")
    made = json.loads(run("token", "create", "--email", "a@b.example", "--name", "script", "--json")[1])

    listed = json.loads(run("token", "list", "--email", "a@b.example", "--json")[1])
    taken = run("token", "revoke", made["id"], "--email", "a@b.example")
    left = json.loads(run("token", "list", "--email", "a@b.example", "--json")[1])

    assert [(one["id"], one["name"]) for one in listed["items"]] == [(made["id"], "script")]
    assert (taken[0], left) == (0, {"items": []})
    with works.reading(SYSTEM) as work:
        assert actor_of_token(work, made["token"]) is None


def test_model_goes_out_and_comes_in_again(run, works, tmp_path):
    file = tmp_path / "press.toml"
    file.write_text(MODEL, encoding="utf-8")

    dry = run("model", "import", str(file), "--dry-run")
    nothing = run("model", "export", "press-9")
    done = run("model", "import", str(file))
    out = run("model", "export", "Press 9")
    file.write_text(out[1], encoding="utf-8")
    same = run("model", "import", str(file))
    file.write_text(out[1].replace("7.5", "8.0").replace("Tryk", "Pres"), encoding="utf-8")
    changed = run("model", "import", str(file))

    assert dry == (0, "create the model press-9\n", "")
    assert nothing == (1, "", "Error: There is no device model “press-9”.\n")
    assert done[1] == dry[1]
    assert same == (0, "Nothing to change.\n", "")
    assert changed[1] == "change signal pressure label_da\nchange signal pressure limit pressure_high\n"


def test_bad_model_file_names_the_place(run, tmp_path):
    file = tmp_path / "press.toml"
    file.write_text(MODEL.replace('side = "high"', 'side = "above"'), encoding="utf-8")

    status, _, err = run("model", "import", str(file))

    assert status == 1
    assert "$.signals[0].limits[0].side" in err


def test_check_says_what_it_looked_at_and_what_is_wrong(run, alpha, works):
    fine = run("db", "check", "--json")
    run("user", "create", "--email", "lost@b.example")
    wrong = run("db", "check")

    assert (fine[0], json.loads(fine[1])["fine"]) == (0, True)
    assert wrong[0] == 1
    assert "wrong  people without a place\n" in wrong[1]
    assert "fine  overlapping ownerships\n" in wrong[1]


def test_commands_need_no_first_start(tmp_path, monkeypatch):
    monkeypatch.setenv("STATUSPORTAL_INSTANCE_DIR", str(tmp_path / "new"))

    done = CliRunner().invoke(main, ["organisation", "create", "--slug", "alpha", "--name", "Alpha"])

    assert (done.exit_code, (tmp_path / "new" / "portal.sqlite").exists()) == (0, True)


def test_every_command_helps(run):
    status, out, _ = run("--help")

    assert status == 0
    listed = {line.split()[0] for line in out.split("Commands:")[1].splitlines() if line.strip()}
    assert {"credential", "db", "device", "model", "organisation", "token", "user"} <= listed
    assert [run(name, "--help")[0] for name in sorted(listed)] == [0] * len(listed)
