"""A stranger with a phone at a machine: the label tells what its owner chose, and looks like no label otherwise."""

import re

import msgspec
import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.ingest.follow import follow_once
from tests.factories.accounts import make_organisation, make_person, make_staff
from tests.factories.doors import Visitor, token_of, told
from tests.factories.fleet import device_token, make_device, make_grant, make_limit, make_model, make_transfer
from tests.factories.stock import operator_of

PUBLIC_URL = "https://status.maker.example"
OWN_WORDS = ("Griffin", "Hall 1", "Alpha")


@pytest.fixture
def hall(works):
    """Alpha's oven, which has been too hot and is granted to gamma, and everybody who may scan it."""
    works.settings = msgspec.structs.replace(works.settings, requests_per_minute=0, public_url=PUBLIC_URL)
    operator_of(works)
    alpha, gamma = make_organisation(works, "alpha"), make_organisation(works, "gamma")
    model = make_model(works, "oven")
    make_limit(works, model)
    device = make_device(works, alpha, "A-1", model, name="Griffin", site="Hall 1")
    make_grant(works, device, gamma, Right.VIEW)
    people = {
        "owner": make_person(works, alpha, MemberRole.CUSTOMER_ADMIN),
        "colleague": make_person(works, alpha),
        "granted": make_person(works, gamma),
        "stranger": make_person(works, make_organisation(works, "beta"), MemberRole.CUSTOMER_ADMIN),
        "support": make_staff(works, StaffRole.SUPPORT),
    }
    tokens = {name: token_of(works, person) for name, person in people.items()}
    tokens["machine"] = device_token(works, device)
    app = create_app(works.settings, works)
    hall = {"app": app, "device": device, "tokens": tokens, "alpha": alpha, "model": model}
    ask(hall, "machine", "POST", "/api/v1/telemetry", json={"temperature": 99.0})
    follow_once(works)
    return hall


def ask(hall, name, method, address, **more):
    more.setdefault("base_url", PUBLIC_URL)
    return Visitor(hall["app"].test_client(), hall["tokens"].get(name)).ask(method, address, **more)


def scan(hall, name="nobody", label=None):
    return ask(hall, name, "GET", f"/p/{label or hall['device'].label}")


def choose(hall, level, name="owner"):
    return ask(hall, name, "PUT", f"/api/v1/devices/{hall['device'].id}/public-minimum", json={"level": level})


def badge(hall, device_id=None):
    return ask(hall, "nobody", "GET", f"/badge/{device_id or hall['device'].id}.svg")


@pytest.mark.parametrize("name", ["owner", "colleague", "granted", "support"])
def test_label_opens_the_machine_for_who_may_see_it(hall, name):
    answer = scan(hall, name)

    assert (answer.status_code, answer.location) == (303, f"/devices/{hall['device'].id}")


@pytest.mark.parametrize("name", ["nobody", "stranger", "machine"])
def test_private_label_and_none_are_the_same_bytes(hall, name):
    label = hall["device"].label
    none = "x" * len(label)

    private, missing = scan(hall, name), scan(hall, name, none)

    assert told(private, label) == told(missing, none)
    assert private.status_code == 404
    assert "This is a machine by Maker" in private.text
    assert [word for word in (*OWN_WORDS, "A-1", "Oven") if word in private.text] == []


def test_model_and_serial_are_shown_where_the_owner_chose_them_and_nothing_else(hall):
    chosen = choose(hall, "model")

    answer = scan(hall)

    assert chosen.json == {"level": "model"}
    assert answer.status_code == 200
    assert [word in answer.text for word in ("Oven", "A-1")] == [True, True]
    assert [word for word in (*OWN_WORDS, "data-health", "99") if word in answer.text] == []
    assert badge(hall).status_code == 404


def test_health_is_one_word_with_how_it_is_heard(hall):
    choose(hall, "health")

    answer = scan(hall)

    pills = re.findall(r'data-health="(\w+)"', answer.text)
    assert answer.status_code == 200
    assert pills == ["off_spec", "off_spec"]
    assert "Out of specification" in answer.text
    assert [word for word in (*OWN_WORDS, "99") if word in answer.text] == []


def test_page_of_a_label_is_kept_nowhere_and_listed_nowhere(hall):
    choose(hall, "health")

    headers = [answer.headers for answer in (scan(hall), scan(hall, label="nothing"), badge(hall))]

    assert [one["Cache-Control"] for one in headers] == ["no-store"] * 3
    assert [one["X-Robots-Tag"] for one in headers] == ["noindex, nofollow"] * 3


def test_badge_follows_the_same_choice(hall, works):
    other = make_device(works, hall["alpha"], "A-2", hall["model"])
    before = badge(hall)
    choose(hall, "health")

    shown, private = badge(hall), badge(hall, other.id)

    assert (before.status_code, private.status_code, shown.status_code) == (404, 404, 200)
    assert told(before, str(hall["device"].id)) == told(private, str(other.id))
    assert shown.content_type.startswith("image/svg+xml")
    assert "Out of specification" in shown.text
    assert [word for word in OWN_WORDS if word in shown.text] == []


def test_next_owner_begins_with_nothing(hall, works):
    choose(hall, "health")
    make_transfer(works, hall["device"], make_organisation(works, "delta"))

    assert (scan(hall).status_code, badge(hall).status_code) == (404, 404)


@pytest.mark.parametrize(
    ("name", "expected"), [("colleague", 403), ("granted", 403), ("stranger", 404), ("nobody", 401)]
)
def test_only_the_owners_administrator_and_support_choose(hall, name, expected):
    refused = choose(hall, "health", name)

    assert refused.status_code == expected
    assert scan(hall).status_code == 404


def test_choice_stands_in_the_log(hall, works):
    choose(hall, "model")

    with works.reading(SYSTEM) as work:
        row = work.session.scalars(select(AuditRecord).where(AuditRecord.act == "device.published")).one()
    assert (row.subject_id, row.organisation_id, row.codes) == (
        str(hall["device"].id),
        hall["alpha"].id,
        {"level": "model"},
    )


def test_label_by_api_is_the_address_that_is_scanned(hall):
    answer = ask(hall, "owner", "GET", f"/api/v1/devices/{hall['device'].id}/label")

    assert answer.json == {
        "address": f"{PUBLIC_URL}/p/{hall['device'].label}",
        "model": "Oven",
        "serial": "A-1",
        "maker": "Maker",
    }


def test_sheet_holds_the_organisations_machines_and_nobody_elses(hall, works):
    mine = make_device(works, hall["alpha"], "A-2", hall["model"])
    make_device(works, make_organisation(works, "delta"), "D-1", hall["model"])
    address = f"/api/v1/organisations/{hall['alpha'].id}/label-sheet?grid=2x4"

    answer = ask(hall, "owner", "GET", address)
    foreign = ask(hall, "stranger", "GET", address)

    page = pypdfium2.PdfDocument(answer.data)[0]
    found = zxingcpp.read_barcodes(page.render(scale=3, grayscale=True).to_numpy())
    labels = (hall["device"].label, mine.label)
    assert answer.content_type == "application/pdf"
    assert sorted(one.text for one in found) == sorted(f"{PUBLIC_URL}/p/{label}" for label in labels)
    assert foreign.status_code == 404


@pytest.mark.parametrize("label", ["%00", "a" * 5000, "..%2f..", "é", "{id}", "a b"])
def test_odd_label_is_no_label(hall, label):
    assert scan(hall, label=label).status_code == 404
