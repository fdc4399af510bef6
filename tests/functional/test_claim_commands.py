"""The operator's desk: secrets, slips and labels by command, on both databases."""

import json

import pypdfium2
import pytest
import zxingcpp
from click.testing import CliRunner

from statusportal.cli import main

MAKER = ("organisation", "create", "--slug", "maker", "--name", "Nordværk", "--kind", "operator")


@pytest.fixture
def run(settings, monkeypatch):
    """Run one command on the test's database; give its exit status, output and error output."""
    monkeypatch.setenv("STATUSPORTAL_INSTANCE_DIR", settings.instance_dir)
    monkeypatch.setenv("STATUSPORTAL_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("STATUSPORTAL_DATABASE_OWNER_URL", settings.database_owner_url)
    monkeypatch.setenv("STATUSPORTAL_PUBLIC_URL", "https://status.nordvaerk.example")

    def invoke(*arguments, stdin=None):
        done = CliRunner().invoke(main, list(arguments), input=stdin, catch_exceptions=False)
        return done.exit_code, done.stdout, done.stderr

    return invoke


@pytest.fixture
def stock(run):
    """Two machines in stock, as `device create` tells of them."""
    assert run(*MAKER)[0] == 0
    made = [
        run("device", "create", "--organisation", "maker", "--model", "Aurora M3", "--serial", serial)
        for serial in ("AM3-1", "AM3-2")
    ]
    return [json.loads(out) for _, out, _ in made]


def text_of(path):
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))


def symbols_of(path):
    pictures = [page.render(scale=3, grayscale=True).to_numpy() for page in pypdfium2.PdfDocument(path)]
    return sorted(found.text for picture in pictures for found in zxingcpp.read_barcodes(picture))


def test_secret_for_one_machine_is_printed_once(run, stock):
    status, out, err = run("claim", "create", "--device", stock[0]["id"], "--expires", "30d")
    as_json = json.loads(run("claim", "create", "--device", stock[0]["id"], "--json")[1])

    assert (status, err, len(out.strip())) == (0, "", 24)
    assert (as_json["device"], as_json["serial"], len(as_json["secret"])) == (stock[0]["id"], "AM3-1", 24)


def test_batch_goes_on_slips_without_any_address(run, stock, tmp_path):
    slips = tmp_path / "slips.pdf"

    status, out, _ = run(
        *("claim", "create", "--model", "aurora-m3", "--serials", "-", "--slips", str(slips), "--language", "da"),
        stdin="AM3-1\n\nAM3-2\n",
    )

    secrets = dict(line.split("\t") for line in out.splitlines())
    text = text_of(slips)
    assert (status, sorted(secrets)) == (0, ["AM3-1", "AM3-2"])
    assert [secret in text for secret in secrets.values()] == [True, True]
    assert [symbols_of(slips), "/p/" in text, "Overtagelseskode" in text] == [[], False, True]


def test_label_sheet_holds_each_machines_address_and_no_secret(run, stock, tmp_path):
    secret = run("claim", "create", "--device", stock[0]["id"])[1].strip()
    sheet = tmp_path / "labels.pdf"

    status, out, _ = run("label", "sheet", "--organisation", "maker", "--out", str(sheet), "--grid", "3x7")

    text = text_of(sheet)
    assert (status, out) == (0, f"2 labels in {sheet}.\n")
    assert symbols_of(sheet) == sorted(f"https://status.nordvaerk.example/p/{one['label']}" for one in stock)
    assert [one in text for one in ("AM3-1", "AM3-2", "Aurora M3", "Nordværk")] == [True] * 4
    assert [secret in text, secret[:9] in text] == [False, False]


def test_label_without_a_lasting_address_is_refused(run, stock, tmp_path, monkeypatch):
    monkeypatch.setenv("STATUSPORTAL_PUBLIC_URL", "http://localhost:8000")
    sheet = tmp_path / "labels.pdf"

    status, _, err = run("label", "sheet", "--organisation", "maker", "--out", str(sheet))

    assert (status, sheet.exists()) == (1, False)
    assert "public_url" in err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--device", "x", "--model", "y"),
        ("--model", "y"),
        ("--device", "x", "--expires", "soon"),
    ],
)
def test_unclear_wish_is_a_usage_error(run, stock, arguments):
    assert run("claim", "create", *arguments)[0] == 2


def test_machine_with_an_owner_gets_no_secret(run, stock):
    assert run("organisation", "create", "--slug", "alpha", "--name", "Alpha")[0] == 0
    _, out, _ = run("device", "create", "--organisation", "alpha", "--model", "Aurora M3", "--serial", "AM3-9")

    status, out, err = run("claim", "create", "--device", json.loads(out)["id"])

    assert (status, out) == (1, "")
    assert "has an owner" in err
