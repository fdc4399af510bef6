"""The page My data: what belongs to me, taken, seen and erased with plain forms."""

from datetime import timedelta

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole
from statusportal.app import create_app
from statusportal.erasure.models import ErasureWish
from statusportal.jobs.taking_out import takeout_round
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import actions, browser_of, words


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def mette(works, alpha):
    return make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD, name="Mette Kragh")


@pytest.fixture
def browser(settings, works, mette):
    return browser_of(create_app(settings, works), mette)


def wishes(works):
    with works.reading(SYSTEM) as work:
        return work.session.query(ErasureWish).count()


def test_file_is_asked_for_fetched_and_taken_back(browser, works, alpha):
    asked = browser.send("/my-data/exports", "/my-data", organisation=str(alpha.id))
    while takeout_round(works) == 0.0:
        pass
    page = browser.get("/my-data").text
    (revoke,) = actions(page, "/revoke")
    with browser.get(revoke.replace("/revoke", "/file")) as file:
        fetched = (file.status_code, file.data[:2], file.headers["Content-Disposition"].partition(";")[0])

    browser.send(revoke, "/my-data")

    again = browser.get(revoke.replace("/revoke", "/file"))
    assert (asked.status_code, fetched, again.status_code) == (303, (200, b"PK", "attachment"), 409)
    assert ("Fetch it" in words(page), actions(browser.get("/my-data").text, "/revoke")) == (True, [])


def test_what_was_recorded_is_told_with_why_and_how_long(browser):
    told = words(browser.get("/my-data").text)

    assert "Sign-ins, with browser and address so that you see a stranger 90 days after their end 1" in told
    assert "Name, e-mail, role so that others know who speaks until you are erased 1" in told


def test_customer_without_the_right_is_offered_their_own_data_alone(settings, works, alpha):
    person = make_person(works, alpha, password=PASSWORD)

    page = browser_of(create_app(settings, works), person).get("/my-data").text

    assert ("what is about me" in words(page), "all of Alpha" in words(page)) == (True, False)


def test_erasure_is_asked_with_a_tick_and_taken_back(browser, works):
    unticked = browser.send("/my-data/erasure", "/my-data", own_words="kept")
    before = wishes(works)
    browser.send("/my-data/erasure", "/my-data", own_words="gone", taken="1")
    page = words(browser.get("/my-data").text)
    asked = wishes(works)
    browser.send("/my-data/erasure/stay", "/my-data")

    assert (unticked.status_code, before, asked, wishes(works)) == (422, 0, 1, 0)
    assert ("Until then you can stay." in page, "Tick this first." in words(unticked.text)) == (True, True)


def test_erasure_asks_again_who_is_there(browser, clock, works):
    clock.move(timedelta(minutes=11))

    answer = browser.send("/my-data/erasure", "/my-data", own_words="kept", taken="1")

    assert (answer.status_code, answer.location, wishes(works)) == (303, "/confirm?next=/", 0)
