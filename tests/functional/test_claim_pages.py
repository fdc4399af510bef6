"""The same by pages, without scripts: making secrets, typing one, choosing what strangers read, printing labels."""

import re

import msgspec
import pypdfium2
import pytest

from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.claims.secrets import new_claim_secret
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import browser_of
from tests.factories.fleet import make_model
from tests.factories.stock import claim_secret, make_stock, operator_of

PUBLIC_URL = "https://localhost"
SECRET = re.compile(r"\b(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}\b")


@pytest.fixture
def desk(works):
    """The operator's support at a desk, ann who administers alpha, and a machine in stock."""
    works.settings = msgspec.structs.replace(works.settings, requests_per_minute=0, public_url=PUBLIC_URL)
    operator_of(works)
    alpha = make_organisation(works, "alpha")
    ann = make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD)
    sif = make_person(works, password=PASSWORD, staff_role=StaffRole.SUPPORT)
    device = make_stock(works, "AM3-1", make_model(works, "aurora"))
    return {"app": create_app(works.settings, works), "device": device, "ann": ann, "sif": sif}


def browser(desk, name):
    return browser_of(desk["app"], desk[name])


def test_ann_types_the_secret_and_the_machine_is_hers(desk, works):
    secret = claim_secret(works, desk["device"]).secret
    ann = browser(desk, "ann")
    before = ann.get("/claim").text

    sent = ann.send("/claim", secret=secret.lower())
    shown = ann.get(sent.location).text

    assert "Take it over for Alpha" in before
    assert (sent.status_code, sent.location) == (303, f"/devices/{desk['device'].id}")
    assert "It is yours. What it says from now on stands here." in shown


def test_slip_of_the_finger_stands_at_the_field_with_what_was_typed(desk):
    ann = browser(desk, "ann")
    secret = new_claim_secret()
    wrong = secret[:-1] + ("A" if secret[-1] != "A" else "B")

    answer = ann.send("/claim", secret=wrong)

    assert answer.status_code == 422
    assert "Has a slip of the finger in it. Compare it with the paper" in answer.text
    assert f'value="{wrong}"' in answer.text


def test_too_many_misses_are_said_on_the_page(desk):
    ann = browser(desk, "ann")

    statuses = [ann.send("/claim", secret=new_claim_secret()).status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]


def test_secrets_for_a_pasted_table_are_shown_once(desk, works):
    make_stock(works, "AM3-2", desk["device"].model)
    sif, ann = browser(desk, "sif"), browser(desk, "ann")
    pasted = 'Serial;Customer\nAM3-1;Engdal\n\n"AM3-2";Thybo\n'
    form = {"model": str(desk["device"].model_id), "serials": pasted, "handed_as": "screen", "expires_at": ""}

    made = sif.send("/admin/claims", **form)
    again = sif.get("/admin/claims")

    secrets = SECRET.findall(made.text)
    assert (made.status_code, len(secrets)) == (201, 2)
    assert SECRET.findall(again.text) == []
    assert [ann.send("/claim", secret=one).status_code for one in secrets] == [303, 303]


def test_second_click_makes_no_second_secret(desk):
    sif = browser(desk, "sif")
    form = {"model": str(desk["device"].model_id), "serials": "AM3-1", "handed_as": "screen", "idempotency_key": "k"}

    first, second = sif.send("/admin/claims", **form), sif.send("/admin/claims", **form)

    assert (first.status_code, second.status_code) == (201, 409)
    assert SECRET.findall(second.text) == []


def test_slips_and_table_leave_as_files(desk, works):
    make_stock(works, "=AM3", desk["device"].model)
    sif = browser(desk, "sif")
    form = {"model": str(desk["device"].model_id), "serials": "AM3-1\n=AM3"}

    slips = sif.send("/admin/claims", **form, handed_as="slips")
    table = sif.send("/admin/claims", **form, handed_as="table")

    text = pypdfium2.PdfDocument(slips.data)[0].get_textpage().get_text_range()
    assert (slips.status_code, slips.content_type) == (201, "application/pdf")
    assert len(SECRET.findall(text)) == 2
    assert ("/p/" in text, f"{PUBLIC_URL}/claim" in text) == (False, True)
    assert table.headers["Content-Disposition"] == 'attachment; filename="claim-secrets.csv"'
    assert [line.split(",")[1] for line in table.text.splitlines()] == ["serial", "AM3-1", "'=AM3"]


def test_wrong_serials_are_named_at_the_field(desk):
    form = {"model": str(desk["device"].model_id), "serials": "AM3-1\nAM3-9", "handed_as": "screen"}

    answer = browser(desk, "sif").send("/admin/claims", **form)

    assert answer.status_code == 422
    assert "AM3-9 is no machine of this model" in answer.text


def test_owner_chooses_what_strangers_read_on_the_machines_page(desk, works):
    ann = browser(desk, "ann")
    ann.send("/claim", secret=claim_secret(works, desk["device"]).secret)
    address = f"/admin/devices/{desk['device'].id}"

    sent = ann.send(f"{address}/public-minimum", level="model")
    shown = ann.get(f"{address}/label").text
    scanned = desk["app"].test_client().get(f"/p/{desk['device'].label}")

    assert (sent.status_code, sent.location) == (303, f"{address}/label")
    assert re.search(r'value="model" checked', shown)
    assert (scanned.status_code, "AM3-1" in scanned.text) == (200, True)
    assert "Claim secret" not in shown


def test_support_makes_and_withdraws_a_secret_on_the_machines_page(desk):
    sif = browser(desk, "sif")
    address = f"/admin/devices/{desk['device'].id}"

    made = sif.send(f"{address}/claim-secrets", handed_as="screen")
    shown = sif.get(f"{address}/label").text
    claim_id = re.search(r"claim-secrets/([0-9a-f-]+)/revoke", shown)[1]
    sif.send(f"{address}/claim-secrets/{claim_id}/revoke")
    after = browser(desk, "ann").send("/claim", secret=SECRET.search(made.text)[0])

    assert made.status_code == 201
    assert SECRET.findall(shown) == []
    assert after.status_code == 422


def test_labels_are_shown_as_they_print(desk, works):
    ann = browser(desk, "ann")
    ann.send("/claim", secret=claim_secret(works, desk["device"]).secret)

    page = ann.get("/admin/labels").text
    paper = ann.get(re.search(r'href="(/admin/organisations/[^"]+/labels\.pdf[^"]*)"', page)[1].replace("&amp;", "&"))

    assert f"{PUBLIC_URL}/p/{desk['device'].label}" in page
    assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")


def test_portal_without_a_lasting_address_says_so_in_place_of_labels(desk, works):
    works.settings = msgspec.structs.replace(works.settings, public_url="")
    desk["app"] = create_app(works.settings, works)

    answer = browser(desk, "sif").get(f"/admin/labels?organisation={operator_of(works).id}")

    assert answer.status_code == 200
    assert "Labels need the setting public_url with https" in answer.text
