"""Support sends a page in three clicks and sees that it was opened; owners do the same, and end what they like."""

from datetime import timedelta

import msgspec
import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.sharing.models import ShareLink
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person, make_staff
from tests.factories.browsing import actions, browser_of, parts, shown_secret, words
from tests.factories.fleet import make_device
from tests.factories.links import guest_of, make_link
from tests.factories.queries import counted_queries


@pytest.fixture
def app(settings, works):
    works.settings = msgspec.structs.replace(works.settings, requests_per_minute=0)
    return create_app(works.settings, works)


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def device(works, alpha):
    return make_device(works, alpha, name="Freezer")


@pytest.fixture
def mette(works, alpha):
    return make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, name="Mette Kragh", password=PASSWORD)


@pytest.fixture
def aisha(works):
    return make_person(works, staff_role=StaffRole.SUPPORT, name="Aisha Rahman", password=PASSWORD)


@pytest.fixture
def entry(works, device, mette):
    with works.writing(actor_for(works, mette)) as work:
        return publish_entry(work, device.id, EntryKind.QUESTION, "Why so warm?", "")


def links_in(works):
    with works.reading(SYSTEM) as work:
        return work.session.query(ShareLink).order_by(ShareLink.id).all()


def test_support_finds_sends_and_sees_that_it_was_opened(app, works, alpha, aisha, mette, entry):
    browser = browser_of(app, aisha)
    customer = browser.get("/support/customers?q=alpha").text
    page = next(one["href"] for tag, one in parts(customer) if one.get("href", "").endswith(str(alpha.id)))
    send = next(one["href"] for tag, one in parts(browser.get(page).text) if one.get("href", "").endswith("/links"))
    fields = {"thing": f"entry:{entry.id}", "to": str(mette.id), "scope": "comment", "lasts": "7"}

    made = browser.send(send, send, **fields)
    before = words(browser.get(send).text)
    guest, led_to = guest_of(app, shown_secret(made.text).removeprefix("http://localhost/s/"))
    after = words(browser.get(send).text)

    link = links_in(works)[0]
    mail = next(one["href"] for tag, one in parts(made.text) if one.get("href", "").startswith("mailto:"))
    assert made.status_code == 201
    assert "The link for Mette Kragh is ready" in words(made.text)
    assert mail.startswith(f"mailto:{mette.email.replace('@', '%40')}?subject=")
    assert (link.entry_id, link.scope, link.to_name) == (entry.id, "comment", "Mette Kragh")
    assert link.expires_at == works.clock.now() + timedelta(days=7)
    assert "Never opened" in before
    assert "Never opened" not in after
    assert "Opened 13:00" in after
    assert guest.get(led_to).status_code == 200


def test_page_that_is_not_this_customers_is_not_sent(app, works, alpha, aisha, entry):
    other = make_organisation(works, "beta")
    foreign = make_device(works, other)
    browser = browser_of(app, aisha)
    send = f"/support/customers/{alpha.id}/links"

    codes = [
        browser.send(send, send, thing=thing, scope="read", lasts="7").status_code
        for thing in (f"device:{foreign.id}", f"entry:{alpha.id}", "device:x", "", f"model:{entry.id}")
    ]

    assert codes == [422] * 5
    assert links_in(works) == []


def test_internal_entry_is_not_among_what_can_be_sent(app, works, alpha, aisha, device, entry):
    with works.writing(actor_for(works, make_staff(works))) as work:
        publish_entry(work, device.id, EntryKind.FIELD_UPDATE, "Bad batch", "Hush.", audience=Audience.INTERNAL)

    page = browser_of(app, aisha).get(f"/support/customers/{alpha.id}/links").text

    offered = [one["value"] for tag, one in parts(page) if one.get("name") == "thing"]
    assert offered == [f"entry:{entry.id}", f"device:{device.id}"]
    assert "Bad batch" not in page


def test_owner_makes_and_ends_links_of_a_device_and_of_an_entry(app, works, mette, device, entry):
    browser = browser_of(app, mette)
    pages = [f"/devices/{device.id}/links", f"/entries/{entry.id}/links"]

    made = [browser.send(page, page, to_other="Søren", scope="read", lasts="1").status_code for page in pages]
    ends = actions(browser.get(pages[0]).text, "/end")
    ended = browser.send(ends[0], pages[0], next_=pages[0])
    said = words(browser.get(pages[0]).text)

    assert made == [201, 201]
    assert len(ends) == 2
    assert (ended.status_code, ended.location) == (303, pages[0])
    assert [link.revoked_at is not None for link in links_in(works)] == [False, True]
    assert "The link is ended. Whoever has it open is out." in said
    assert said.count("To Søren, made by Mette Kragh.") == 2


def test_wrong_fields_are_said_where_they_stand(app, works, mette, device):
    browser = browser_of(app, mette)
    page = f"/devices/{device.id}/links"

    answers = [
        browser.send(page, page, **{"to_other": "", "scope": "read", "lasts": "7", **fields})
        for fields in ({"to_other": "x" * 121}, {"lasts": "91"}, {"lasts": "week"}, {"scope": "write"}, {"lasts": "-1"})
    ]

    assert [answer.status_code for answer in answers] == [422] * 5
    assert [
        [one["id"] for _tag, one in parts(answer.text) if one.get("id", "").endswith("-error")] for answer in answers
    ] == [
        ["f-to_other-error"],
        ["f-lasts-error"],
        ["f-lasts-error"],
        ["f-scope-error"],
        ["f-lasts-error"],
    ]
    assert links_in(works) == []


def test_who_may_not_share_is_not_offered_it(app, works, alpha, device, entry):
    customer = browser_of(app, make_person(works, alpha, password=PASSWORD))
    pages = [f"/devices/{device.id}/links", f"/entries/{entry.id}/links", f"/support/customers/{alpha.id}/links"]

    offered = [
        one["href"]
        for page in (f"/devices/{device.id}", f"/entries/{entry.id}")
        for tag, one in parts(customer.get(page).text)
        if one.get("href", "").endswith("/links")
    ]

    assert offered == []
    assert [customer.get(page).status_code for page in pages] == [403] * 3


def test_pages_of_links_run_the_same_queries_for_one_and_for_three(app, works, alpha, aisha, device):
    browser = browser_of(app, aisha)
    browser.get(f"/devices/{device.id}/links")  # that staff looked is written down once an hour
    counts = []
    for made in (1, 2):
        for _link in range(made):
            make_link(works, actor_for(works, aisha), device)
        with counted_queries(works) as of_device:
            browser.get(f"/devices/{device.id}/links")
        with counted_queries(works) as of_customer:
            browser.get(f"/support/customers/{alpha.id}/links")
        counts.append((len(of_device), len(of_customer)))

    assert counts[0] == counts[1]
