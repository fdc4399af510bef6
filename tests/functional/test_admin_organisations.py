"""Organisations and the log under administration."""

import re

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.models import Organisation
from statusportal.app import create_app
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import browser_of, parts, words
from tests.factories.queries import counted_queries


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def admin(app, works):
    return browser_of(app, make_person(works, staff_role=StaffRole.ADMIN, password=PASSWORD, name="Aisha Rahman"))


@pytest.fixture
def mette(app, works, alpha):
    return browser_of(app, make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD))


def listed(html):
    links = [one["href"] for tag, one in parts(html) if one.get("href", "").startswith("/admin/organisations/")]
    return [link.rpartition("/")[2] for link in links]


def test_organisation_is_made_renamed_and_found(admin, works):
    made = admin.send("/admin/organisations", name="Engdal Mejeri", slug="engdal")
    taken = admin.send("/admin/organisations", name="Another", slug="engdal")

    changed = admin.send(made.location, name="Engdal", time_zone="Europe/Berlin")

    with works.reading(SYSTEM) as work:
        row = work.session.query(Organisation).one()
    assert (made.status_code, taken.status_code, changed.status_code) == (303, 409, 303)
    assert (row.name, row.slug, row.time_zone) == ("Engdal", "engdal", "Europe/Berlin")
    assert listed(admin.get("/admin/organisations?q=engd").text) == [str(row.id)]


def test_organisation_with_bad_fields_says_so_at_each(admin):
    answer = admin.send("/admin/organisations", name=" ", slug="Not a slug")

    marked = sorted(one["id"] for tag, one in parts(answer.text) if one.get("aria-invalid") == "true")
    assert (answer.status_code, marked) == (422, ["f-name", "f-slug"])


def test_customer_administrator_has_their_own_organisation_alone(mette, works, alpha):
    beta = make_organisation(works, "beta")

    page = mette.get("/admin/organisations").text
    codes = [
        mette.get(f"/admin/organisations/{beta.id}").status_code,
        mette.send(f"/admin/organisations/{beta.id}", name="Mine", time_zone="UTC").status_code,
        mette.send("/admin/organisations", name="New", slug="new").status_code,
        mette.get(f"/admin/organisations/{alpha.id}").status_code,
    ]

    assert listed(page) == [str(alpha.id)]
    assert "New organisation" not in words(page)
    assert codes == [404, 404, 403, 200]


def test_log_says_in_words_who_did_what_and_is_for_administrators(admin, mette, works, alpha):
    kim = make_person(works, alpha, name="Kim Dahl")
    admin.send(f"/admin/people/{kim.id}", role="")

    page = words(admin.get("/admin/audit").text)
    refused = words(admin.get("/admin/audit?act=denied").text)

    assert "Aisha Rahman Administrator locked out Kim Dahl person" in page
    assert "signed in" not in refused.partition("About Organisation")[2]
    assert mette.get("/admin/audit").status_code == 403


def test_tabs_are_those_that_the_reader_may_open(app, admin, mette, works):
    product = browser_of(app, make_person(works, staff_role=StaffRole.PRODUCT, password=PASSWORD))

    tabs = []
    for browser in (admin, mette, product):
        html = browser.get(browser.get("/admin/").location).text
        links = [one.get("href", "") for tag, one in parts(html) if tag == "a"]
        tabs.append(list(dict.fromkeys(link for link in links if re.fullmatch(r"/admin/\w+", link))))

    all_of_them = [
        "people",
        "organisations",
        "devices",
        "labels",
        "claims",
        "models",
        "connections",
        "credentials",
        "audit",
        "erasures",
        "retention",
        "derivation",
    ]
    of_a_customer = ["people", "organisations", "devices", "labels", "credentials"]
    assert tabs == [[f"/admin/{one}" for one in names] for names in (all_of_them, of_a_customer, ["models"])]


def test_organisation_and_log_lists_run_the_same_queries_for_one_and_for_three(admin, works):
    counts = []
    for number in range(2):
        make_organisation(works, f"more-{number}")
        with counted_queries(works) as organisations:
            admin.get("/admin/organisations")
        with counted_queries(works) as log:
            admin.get("/admin/audit")
        counts.append((len(organisations), len(log)))
        make_organisation(works, f"most-{number}")

    assert counts == [(6, 11), (6, 11)]
