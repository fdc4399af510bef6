"""Devices under administration: taking in, handing over, letting others in, and the tokens that machines send with."""

from datetime import timedelta

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.credentials.models import DeviceCredential
from statusportal.credentials.recognising import machine_of_token
from statusportal.fleet.models import AccessGrant, Device, Ownership
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import actions, browser_of, parts, shown_secret, words
from tests.factories.fleet import device_token, gateway_token, make_device, make_grant, make_model, make_transfer
from tests.factories.queries import counted_queries

CANARY = '"><svg onload=alert(1)>'


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def beta(works):
    return make_organisation(works, "beta")


@pytest.fixture
def support(app, works):
    return browser_of(app, make_person(works, staff_role=StaffRole.SUPPORT, password=PASSWORD))


@pytest.fixture
def mette(app, works, alpha):
    return browser_of(app, make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD))


def names_in(html):
    links = [
        one["href"] for tag, one in parts(html) if tag == "a" and one.get("href", "").startswith("/admin/devices/")
    ]
    return [link.rpartition("/")[2] for link in links if not link.endswith("/new")]


def opens(works, secret):
    with works.reading(SYSTEM) as work:
        return machine_of_token(work, secret) is not None


def rows_of(works, kind):
    with works.reading(SYSTEM) as work:
        return work.session.query(kind).all()


def test_device_is_taken_in_and_found_by_its_serial(support, works, alpha):
    model = make_model(works)
    fields = {
        "name": "Freezer",
        "serial": "PL-1",
        "model": str(model.id),
        "organisation": str(alpha.id),
        "site": "Hall",
    }

    made = support.send("/admin/devices/new", **fields)
    found = support.get("/admin/devices?q=pl-1").text

    device = rows_of(works, Device)[0]
    assert (made.status_code, made.location) == (303, f"/admin/devices/{device.id}")
    assert (device.name, device.serial, device.site) == ("Freezer", "PL-1", "Hall")
    assert names_in(found) == [str(device.id)]
    assert names_in(support.get("/admin/devices?q=nothing%00").text) == []


def test_device_with_a_taken_serial_stays_in_the_form(support, works, alpha):
    known = make_device(works, alpha, "PL-1")
    fields = {"name": "Freezer", "serial": "PL-1", "model": str(known.model_id), "organisation": str(alpha.id)}

    answer = support.send("/admin/devices/new", **fields)

    assert answer.status_code == 409
    assert 'value="Freezer"' in answer.text
    assert len(rows_of(works, Device)) == 1


def test_devices_of_a_customer_administrator_are_those_owned_now(mette, works, alpha, beta):
    own = make_device(works, alpha, name="Own")
    sold = make_device(works, alpha, name="Sold")
    make_device(works, beta, "BETA-1", name="Foreign")
    granted = make_device(works, beta, name="Granted")
    make_grant(works, granted, alpha)
    works.clock.move(timedelta(days=1))
    make_transfer(works, sold, beta)

    listed = mette.get("/admin/devices").text

    assert names_in(listed) == [str(own.id)]
    assert names_in(mette.get("/admin/devices?q=BETA-1").text) == []
    assert names_in(mette.get(f"/admin/devices?organisation={beta.id}").text) == []
    assert "Foreign" not in listed
    assert [mette.get(f"/admin/devices/{one.id}").status_code for one in (own, granted, sold)] == [200, 403, 403]


def test_foreign_device_looks_like_a_missing_one_to_every_form(mette, works, beta):
    foreign = make_device(works, beta, name="Foreign")
    token = device_token(works, foreign)
    credential = rows_of(works, DeviceCredential)[0]
    address = f"/admin/devices/{foreign.id}"

    codes = [
        mette.get(address).status_code,
        mette.send(address, name="Mine").status_code,
        mette.send(f"{address}/grants", to=str(beta.id), rights="view").status_code,
        mette.send(f"{address}/credentials", name="x").status_code,
        mette.send(f"/admin/credentials/{credential.id}/revoke").status_code,
    ]

    assert codes == [404] * 5
    assert (rows_of(works, Device)[0].name, opens(works, token)) == ("Foreign", True)


def test_customer_administrator_renames_and_does_not_hand_over(mette, works, alpha, beta):
    device = make_device(works, alpha, name="Freezer")

    renamed = mette.send(f"/admin/devices/{device.id}", name="Cold room", site="Hall 2", installed_on="2026-01-31")
    handed = mette.send(f"/admin/devices/{device.id}/transfers", organisation=str(beta.id))
    created = mette.send(
        "/admin/devices/new", name="X", serial="X", model=str(device.model_id), organisation=str(alpha.id)
    )

    row = rows_of(works, Device)[0]
    assert (renamed.status_code, handed.status_code, created.status_code) == (303, 403, 403)
    assert (row.name, row.site, str(row.installed_on)) == ("Cold room", "Hall 2", "2026-01-31")
    assert [one.organisation_id for one in rows_of(works, Ownership)] == [alpha.id]
    assert "Beta" not in words(mette.get(f"/admin/devices/{device.id}").text)


def test_device_is_handed_over_now_and_its_owners_are_listed(support, mette, works, alpha, beta):
    device = make_device(works, alpha)
    works.clock.move(timedelta(days=1))

    handed = support.send(f"/admin/devices/{device.id}/transfers", organisation=str(beta.id))
    page = words(support.get(f"/admin/devices/{device.id}").text)

    owners = page.partition("Ownership")[2].partition("Hand it over")[0]
    assert handed.status_code == 303
    assert owners.index("Beta") < owners.index("Alpha")
    assert mette.get(f"/admin/devices/{device.id}").status_code == 403


def test_device_is_handed_over_at_a_time_ahead_in_the_readers_zone(support, works, alpha, beta):
    device = make_device(works, alpha)

    handed = support.send(f"/admin/devices/{device.id}/transfers", organisation=str(beta.id), from_="2026-12-01T10:00")
    past = support.send(f"/admin/devices/{device.id}/transfers", organisation=str(alpha.id), from_="2020-01-01T10:00")

    owned = {one.organisation_id: one for one in rows_of(works, Ownership)}
    assert (handed.status_code, past.status_code) == (303, 422)
    assert owned[alpha.id].to_at == owned[beta.id].from_at
    assert owned[beta.id].from_at.isoformat() == "2026-12-01T09:00:00+00:00"
    assert "owner now" in words(support.get(f"/admin/devices/{device.id}").text)


def test_organisation_is_let_in_and_shut_out_again(app, support, works, alpha, beta):
    device = make_device(works, alpha)
    bent = browser_of(app, make_person(works, beta, password=PASSWORD))
    address = f"/admin/devices/{device.id}"

    before = bent.get(f"/devices/{device.id}").status_code
    support.send(f"{address}/grants", to=str(beta.id), rights="comment", to_at="2027-01-01T00:00")
    granted = bent.get(f"/devices/{device.id}").status_code
    page = support.get(address).text
    support.send(actions(page, "/revoke")[0])
    after = bent.get(f"/devices/{device.id}").status_code

    row = rows_of(works, AccessGrant)[0]
    assert (before, granted, after) == (404, 200, 404)
    assert (row.rights, row.organisation_id, row.to_organisation_id) == (3, alpha.id, beta.id)
    assert "may read and comment" in words(page)


def test_customer_administrator_sees_no_other_customer_to_let_in(mette, works, alpha, beta):
    device = make_device(works, alpha)

    page = mette.get(f"/admin/devices/{device.id}").text
    answer = mette.send(f"/admin/devices/{device.id}/grants", to=str(beta.id), rights="view")

    assert "Support can let another organisation in for you." in words(page)
    assert (answer.status_code, rows_of(works, AccessGrant)) == (404, [])


def test_device_token_is_shown_once_works_and_is_revoked(mette, works, alpha):
    device = make_device(works, alpha)
    address = f"/admin/devices/{device.id}"

    made = mette.send(f"{address}/credentials", name="PLC")
    secret = shown_secret(made.text)
    later = mette.get(address).text
    before = opens(works, secret)
    revoked = mette.send(actions(later, "/revoke")[0])

    assert (made.status_code, secret[:4], before) == (201, "spd_", True)
    assert secret not in later
    assert "PLC" in words(later)
    assert (revoked.location, opens(works, secret)) == (address, False)


def test_gateway_tokens_are_those_of_ones_own_organisations(mette, works, alpha, beta):
    gateway_token(works, beta)

    made = mette.send("/admin/credentials", organisation=str(alpha.id), name="Plant")
    foreign = mette.send("/admin/credentials", organisation=str(beta.id), name="Theirs")
    page = mette.get("/admin/credentials").text

    assert (made.status_code, foreign.status_code) == (201, 403)
    assert opens(works, shown_secret(made.text))
    assert len(actions(page, "/revoke")) == 1
    assert "Beta" not in page


def test_names_with_markup_are_shown_as_text(support, works, alpha):
    device = make_device(works, alpha, name=CANARY, site=CANARY)

    pages = [support.get(address).text for address in ("/admin/devices", f"/admin/devices/{device.id}")]

    assert [tag for html in pages for tag, one in parts(html) if "onload" in one] == []
    assert "alert(1)" in words(pages[0])


def test_device_lists_run_the_same_queries_for_one_and_for_three(support, works, alpha, beta):
    counts = []
    for _ in range(2):
        make_device(works, alpha)
        gateway_token(works, alpha)
        support.get(f"/admin/organisations/{alpha.id}")  # a first look is written down, once an hour
        with counted_queries(works) as devices:
            support.get("/admin/devices")
        with counted_queries(works) as tokens:
            support.get("/admin/credentials")
        with counted_queries(works) as organisation:
            support.get(f"/admin/organisations/{alpha.id}")
        counts.append((len(devices), len(tokens), len(organisation)))
        make_device(works, alpha)
        gateway_token(works, alpha)
        make_person(works, alpha)

    assert counts == [(6, 7, 15), (6, 7, 15)]
