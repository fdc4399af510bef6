"""A machine's key is replaced without a silent hour: the new one beside the old, which ends at its first use."""

import json
from datetime import timedelta

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.cli import main
from tests.factories.accounts import PASSWORD, make_organisation, make_person, make_staff
from tests.factories.browsing import browser_of, shown_secret
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device, make_transfer

HOUR = timedelta(hours=1)


@pytest.fixture
def plant(works):
    """Alpha's press with one token, and everybody who would like another."""
    works.settings = msgspec.structs.replace(works.settings, requests_per_minute=0)
    alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
    device = make_device(works, alpha, "P-1")
    people = {
        "admin": make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD),
        "colleague": make_person(works, alpha),
        "stranger": make_person(works, beta, MemberRole.CUSTOMER_ADMIN),
        "support": make_staff(works, StaffRole.SUPPORT),
    }
    plant = {
        "app": create_app(works.settings, works),
        "device": device,
        "alpha": alpha,
        "people": people,
        "tokens": {name: token_of(works, person) for name, person in people.items()},
    }
    plant["old"] = ask(plant, "admin", "POST", f"/api/v1/devices/{device.id}/credentials", json={"name": "PLC"}).json
    return plant


def ask(plant, name, method, address, **more):
    return Visitor(plant["app"].test_client(), plant["tokens"][name]).ask(method, address, **more)


def send(plant, token, value=1.0, device=None):
    body = {"ts": 1_795_000_000_000, "values": {"heat": value}} | ({"device": device} if device else {})
    return Visitor(plant["app"].test_client(), token).ask("POST", "/api/v1/telemetry", json=body).status_code


def rotate(plant, credential, name="admin", **body):
    return ask(plant, name, "POST", f"/api/v1/credentials/{credential['id']}/rotate", json=body)


def listed(plant):
    address = f"/api/v1/devices/{plant['device'].id}/credentials"
    return ask(plant, "admin", "GET", address).json["items"]


def test_old_token_works_until_the_new_one_is_first_used(plant, clock):
    old = plant["old"]

    new = rotate(plant, old).json
    clock.move(30 * 24 * HOUR)
    before = (send(plant, old["token"]), [one["id"] for one in listed(plant)])
    first = send(plant, new["token"])
    after = (send(plant, old["token"]), [one["id"] for one in listed(plant)])

    assert (new["name"], new["replaces"], new["expires_at"]) == ("PLC", old["id"], None)
    assert before == (200, [new["id"], old["id"]])
    assert first == 200
    assert after == (401, [new["id"]])


def test_chosen_overlap_ends_the_old_token_at_its_hour_and_not_before(plant, clock):
    old = plant["old"]

    new = rotate(plant, old, overlap_s=7200).json
    during = (send(plant, new["token"]), send(plant, old["token"]))
    clock.move(2 * HOUR)
    after = (send(plant, new["token"]), send(plant, old["token"]))

    assert new["replaces"] is None
    assert (during, after) == ((200, 200), (200, 401))


def test_new_token_that_got_lost_dies_when_another_is_made(plant):
    old = plant["old"]
    lost = rotate(plant, old).json

    new = rotate(plant, old).json

    assert [send(plant, one["token"]) for one in (lost, old, new, old)] == [401, 200, 200, 401]


def test_gateways_token_is_replaced_likewise(plant):
    address = f"/api/v1/organisations/{plant['alpha'].id}/gateway-credentials"
    old = ask(plant, "admin", "POST", address, json={}).json

    new = rotate(plant, old).json
    sent = [send(plant, one["token"], device="P-1") for one in (old, new, old)]
    found = ask(plant, "admin", "GET", address).json["items"]

    assert sent == [200, 200, 401]
    assert [(one["id"], one["kind"]) for one in found] == [(new["id"], "gateway")]


def test_last_use_is_shown(plant, clock):
    clock.move(HOUR)
    send(plant, plant["old"]["token"])

    assert [one["used_at"] for one in listed(plant)] == ["2026-11-18T13:00:00.000Z"]


def test_end_of_the_replaced_token_is_in_the_log(plant, works):
    new = rotate(plant, plant["old"]).json
    send(plant, new["token"])

    with works.reading(SYSTEM) as work:
        query = select(AuditRecord).where(AuditRecord.act.startswith("credential.")).order_by(AuditRecord.id)
        acts = [(row.act, row.subject_id) for row in work.session.scalars(query)]
    assert acts == [
        ("credential.issued", plant["old"]["id"]),
        ("credential.issued", new["id"]),
        ("credential.replaced", plant["old"]["id"]),
    ]


def test_ended_token_is_not_replaced(plant):
    ask(plant, "admin", "DELETE", f"/api/v1/credentials/{plant['old']['id']}")

    answer = rotate(plant, plant["old"])

    assert (answer.status_code, answer.json["detail"]) == (
        409,
        "This credential opens nothing any more. Make a new one.",
    )


@pytest.mark.parametrize("overlap_s", [0, -5, 90 * 24 * 3600 + 1, 10**30])
def test_overlap_has_bounds(plant, overlap_s):
    answer = rotate(plant, plant["old"], overlap_s=overlap_s)

    assert (answer.status_code, answer.json["errors"]) == (
        422,
        [{"pointer": "/overlap_s", "detail": "must be between 1 second and 90 days"}],
    )
    assert len(listed(plant)) == 1


@pytest.mark.parametrize(("name", "expected"), [("colleague", 403), ("stranger", 404), ("support", 201)])
def test_who_may_replace_a_token(plant, name, expected):
    assert rotate(plant, plant["old"], name).status_code == expected
    assert len(listed(plant)) == (2 if expected == 201 else 1)


def test_new_token_dies_with_the_ownership_as_the_old_one_does(plant, works, clock):
    new = rotate(plant, plant["old"]).json
    clock.move(HOUR)
    make_transfer(works, plant["device"], make_organisation(works, "gamma"))

    assert [send(plant, one["token"]) for one in (plant["old"], new)] == [401, 401]


def test_answer_with_a_token_is_not_kept_for_a_second_sending(plant):
    address = f"/api/v1/credentials/{plant['old']['id']}/rotate"
    headers = {"Authorization": f"Bearer {plant['tokens']['admin']}", "Idempotency-Key": "one"}
    client = plant["app"].test_client()

    first, second = (client.post(address, json={}, headers=headers) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 409)
    assert first.json["token"] not in second.text


def test_token_is_replaced_on_the_machines_page(plant):
    browser = browser_of(plant["app"], plant["people"]["admin"])

    made = browser.send(f"/admin/credentials/{plant['old']['id']}/rotate", overlap="")
    page = browser.get(f"/admin/devices/{plant['device'].id}").text

    assert made.status_code == 201
    assert send(plant, shown_secret(made.text)) == 200
    assert send(plant, plant["old"]["token"]) == 401
    assert "ends when the new one is used" in page


def test_commands_list_replace_and_revoke(plant, settings, monkeypatch):
    for name in ("instance_dir", "database_url", "database_owner_url"):
        monkeypatch.setenv(f"STATUSPORTAL_{name.upper()}", getattr(settings, name))

    def run(*arguments):
        done = CliRunner().invoke(main, [*arguments, "--json"], catch_exceptions=False)
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout)

    new = run("credential", "rotate", plant["old"]["id"], "--overlap", "2h")
    found = run("credential", "list", "--organisation", "alpha")["items"]
    run("credential", "revoke", new["id"])

    assert [(one["id"], one["expires_at"] is None) for one in found] == [
        (new["id"], True),
        (plant["old"]["id"], False),
    ]
    assert send(plant, new["token"]) == 401
