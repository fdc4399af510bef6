"""What a page says of who reads is what is so: the organisation above and whoever has a link are named too."""

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole
from statusportal.app import create_app
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.trees.placing import place_organisation
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import browser_of, words
from tests.factories.fleet import make_device
from tests.factories.links import guest_of, make_link

INSIDE = "Site and Status Portal"


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


def test_page_names_whoever_reads_beside_the_owner(app, works):
    site, holding = make_organisation(works, "site"), make_organisation(works, "holding")
    boss = make_person(works, site, MemberRole.CUSTOMER_ADMIN, password=PASSWORD)
    above = make_person(works, holding, password=PASSWORD)
    device, actor = make_device(works, site), actor_for(works, boss)
    with works.writing(actor) as work:
        entry = publish_entry(work, device.id, EntryKind.QUESTION, "Why?", "Hm.", Audience.ORGANISATION)
    browser, pages = browser_of(app, boss), (f"/entries/{entry.id}", f"/devices/{device.id}/ask")
    buttons = ("Preview Send", "Send")

    before = [words(browser.get(page).text) for page in pages]
    with works.writing(SYSTEM) as work:
        place_organisation(work, site.id, holding.id)
    make_link(works, actor, device)
    _, token = make_link(works, actor, entry)
    after = [words(browser.get(page).text) for page in pages]

    assert [f"Seen by: {INSIDE} {button}" in page for page, button in zip(before, buttons, strict=True)] == [True, True]
    assert f"Seen by: {INSIDE}, and Holding above, and whoever has one of 2 links {buttons[0]}" in after[0]
    assert f"Seen by: {INSIDE}, and Holding above, and whoever has 1 link {buttons[1]}" in after[1]
    assert "Who can read this Status Portal Site Holding above whoever has one of 2 links Those whom Site" in after[0]
    guest, led_to = guest_of(app, token)
    assert "Why?" in guest.get(led_to).text
    assert "Why?" in browser_of(app, above).get(pages[0]).text
