"""Administrators order an erasing on its page, withdraw it in time, and see what was done and what is kept."""

import re
from datetime import timedelta

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import StaffRole
from statusportal.accounts.models import Organisation, Person
from statusportal.app import create_app
from statusportal.jobs.erasing import erase_round
from statusportal.jobs.retaining import retention_round
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import browser_of

WEEK = timedelta(days=7)


class House:
    """A customer with two people, one of whom belongs elsewhere too, and the operator's staff."""

    def __init__(self, settings, works, clock):
        self.works, self.clock, self.app = works, clock, create_app(settings, works)
        self.alpha = make_organisation(works, "alpha")
        self.mette = make_person(works, self.alpha, name="Mette Canary", password=PASSWORD)
        self.admin = make_person(works, name="Per Sand", staff_role=StaffRole.ADMIN, password=PASSWORD)
        self.support = make_person(works, staff_role=StaffRole.SUPPORT, password=PASSWORD)
        self.page = f"/admin/people/{self.mette.id}/erasure"

    def browser(self, person=None):
        return browser_of(self.app, person or self.admin)

    def due(self):
        self.clock.move(WEEK)
        while erase_round(self.works) == 0.0:
            pass

    def names(self):
        with self.works.reading(SYSTEM) as work:
            person, organisation = (
                work.session.get(Person, self.mette.id),
                work.session.get(Organisation, self.alpha.id),
            )
            return person.name, organisation.name


@pytest.fixture
def house(settings, works, clock):
    return House(settings, works, clock)


def test_ordered_erasing_is_seen_withdrawn_and_ordered_again_until_it_is_done(house):
    browser = house.browser()
    unsure = browser.send(house.page, house.page, own_words="kept")
    browser.send(house.page, house.page, own_words="gone", sure="1")
    waits = browser.get("/admin/erasures").text
    (withdraw,) = re.findall(r"/admin/erasures/[0-9a-f-]{36}/withdraw", waits)
    browser.send(withdraw, "/admin/erasures")
    house.due()
    withdrawn = house.names()[0]

    browser = house.browser()
    browser.send(house.page, house.page, own_words="gone", sure="1")
    house.due()
    done = house.browser().get("/admin/erasures").text

    assert (unsure.status_code, "Tick this first." in unsure.text) == (422, True)
    assert ("Mette Canary" in waits, "ordered by Per Sand" in waits, "what they wrote goes" in waits) == (True,) * 3
    assert (withdrawn, house.names()[0]) == ("Mette Canary", "Erased person")
    assert ("Nobody waits to be erased." in done, "Mette" in done, "A person" in done) == (True, False, True)


def test_organisation_goes_with_who_belongs_to_it_alone(house):
    path = f"/admin/organisations/{house.alpha.id}/erasure"
    browser = house.browser()
    said = browser.get(path).text
    browser.send(path, path, own_words="kept", sure="1")
    waiting = browser.get("/api/v1/erasures").json["items"]
    house.due()
    done = house.browser().get("/api/v1/erasures/done").json["items"]

    assert "1 person who belongs to it alone" in said
    assert [(one["organisation"], one["person"], one["ordered_by"]) for one in waiting] == [
        (str(house.alpha.id), None, str(house.admin.id))
    ]
    assert house.names() == ("Erased person", "Erased organisation")
    assert [(one["kind"], set(one)) for one in done] == [("organisation", {"id", "kind", "own_words", "asked_at"})]


def test_stale_screen_is_asked_who_it_is_and_orders_nothing(house):
    browser = house.browser()
    house.clock.move(timedelta(minutes=11))

    page = browser.get(house.page).text
    answer = browser.send(house.page, "/admin/people", own_words="kept", sure="1")

    assert "/confirm?next=" in page
    assert (answer.status_code, "/confirm" in answer.headers["Location"]) == (303, True)
    house.due()
    assert house.names()[0] == "Mette Canary"


def test_nobody_else_sees_orders_or_withdraws(house):
    house.browser().send(house.page, house.page, own_words="kept", sure="1")
    (wish,) = house.browser().get("/api/v1/erasures").json["items"]
    paths = ("/admin/erasures", house.page, "/admin/retention", "/api/v1/erasures", "/api/v1/retention/runs")
    other = make_person(house.works, make_organisation(house.works, "beta"), password=PASSWORD)

    seen = {
        who: [house.browser(one).get(path).status_code for path in paths]
        for who, one in (("support", house.support), ("member", house.mette), ("other", other))
    }
    tries = [
        house.browser(one).send(f"/admin/erasures/{wish['id']}/withdraw", "/").status_code
        for one in (house.support, other)
    ]

    assert seen == {"support": [403] * 5, "member": [403] * 5, "other": [403, 404, 403, 403, 403]}
    assert tries == [404, 404]
    house.due()
    assert house.names()[0] == "Erased person"


def test_retention_shows_what_is_kept_and_every_look(house):
    retention_round(house.works)

    page = house.browser().get("/admin/retention").text
    kept = house.browser(house.mette).get("/api/v1/retention").json["items"]
    runs = house.browser().get("/api/v1/retention/runs").json["items"]

    assert ("90 days" in page, "nothing was due" in page) == (True, True)
    assert [(one["kind"], one["days"]) for one in kept] == [("samples", 0), ("sign_ins", 90), ("takeouts", 400)]
    assert {(one["kind"], one["deleted"]) for one in runs} == {("sign_ins", 0), ("takeouts", 0)}
