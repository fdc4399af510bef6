"""Pages and lists of customers ask the database the same number of questions, however much there is to show."""

import pytest

from statusportal.access.vocabulary import MemberRole
from statusportal.app import create_app
from statusportal.discussion.service import post_comment
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import EntryKind
from statusportal.identity.issuing import issue_personal_token
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import browser_of
from tests.factories.fleet import make_device
from tests.factories.links import make_link
from tests.factories.queries import counted_queries


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def mette(works, alpha):
    return make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, name="Mette", password=PASSWORD)


@pytest.fixture
def browser(settings, works, mette):
    return browser_of(create_app(settings, works), mette)


@pytest.fixture
def api(settings, works, mette):
    with works.writing(actor_for(works, mette)) as work:
        _, secret = issue_personal_token(work, "lists", (), None)
    client = create_app(settings, works).test_client()
    return lambda address: client.get(f"/api/v1{address}", headers={"Authorization": f"Bearer {secret}"})


def grow(works, alpha, mette, device=None):
    """Add a device with an entry and a comment under it; return the device and the entry."""
    device = device or make_device(works, alpha)
    with works.writing(actor_for(works, mette)) as work:
        entry = publish_entry(work, device.id, EntryKind.QUESTION, "Why is it warm?", "It hums too.")
        post_comment(work, entry.id, "It is warm again.")
    return device, entry


def asked(works, call, *addresses):
    """Count what each address asks; the answers must be there."""
    counts = []
    for address in addresses:
        with counted_queries(works) as sent:
            answer = call(address)
        assert answer.status_code == 200
        counts.append(len(sent))
    return counts


def test_pages_ask_as_much_for_three_as_for_one(works, browser, alpha, mette):
    device, entry = grow(works, alpha, mette)
    addresses = ("/", f"/devices/{device.id}", f"/entries/{entry.id}", "/search?q=warm", "/ask")

    browser.get(f"/entries/{entry.id}")  # the first visit leaves a mark, later ones move it
    with_one = asked(works, browser.get, *addresses)
    for _ in range(2):
        grow(works, alpha, mette)
        grow(works, alpha, mette, device)
        with works.writing(actor_for(works, mette)) as work:
            post_comment(work, entry.id, "And again.")
    with_more = asked(works, browser.get, *addresses)

    assert with_one == with_more == [16, 37, 17, 15, 9]


def test_lists_of_the_api_ask_as_much_for_three_as_for_one(works, api, alpha, mette):
    device, entry = grow(works, alpha, mette)
    addresses = (
        "/devices",
        "/entries",
        f"/devices/{device.id}/entries",
        f"/entries/{entry.id}/comments",
        "/search?q=warm",
    )

    api("/devices")  # the first use of a token in an hour is noted
    with_one = asked(works, api, *addresses)
    for _ in range(2):
        grow(works, alpha, mette)
        grow(works, alpha, mette, device)
        with works.writing(actor_for(works, mette)) as work:
            post_comment(work, entry.id, "And again.")
    with_more = asked(works, api, *addresses)

    assert with_one == with_more == [7, 9, 10, 9, 10]


def test_who_can_see_asks_as_much_for_three_links_as_for_one(works, browser, alpha, mette):
    device, entry = grow(works, alpha, mette)
    address, maker = f"/devices/{device.id}/access", actor_for(works, mette)

    make_link(works, maker, device)
    browser.get(address)
    with_one = asked(works, browser.get, address)
    for thing in (device, entry):
        make_link(works, maker, thing)
    with_more = asked(works, browser.get, address)

    assert with_one == with_more == [25]
