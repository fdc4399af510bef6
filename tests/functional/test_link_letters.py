"""A link goes by letter: in the receiver's language, limited and logged, with its secret in the letter alone."""

import re
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.service import choose_preferences
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.db.outbox import OutboxMessage
from statusportal.jobs.delivery import deliver_once
from statusportal.notifications.channels.opening import mail_of
from statusportal.sending.service import LINK
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import Browser, browser_of
from tests.factories.fleet import make_device


class Desk:
    """Support, a customer with a machine and a Danish administrator, and letters that end in a list."""

    def __init__(self, settings, works):
        works.settings = msgspec.structs.replace(
            settings, smtp_url="recording:", mail_from="portal@nordvaerk.example", link_letters_per_hour=2
        )
        self.works, self.app = works, create_app(works.settings, works)
        self.alpha = make_organisation(works, "alpha")
        self.device = make_device(works, self.alpha, name="Freezer")
        self.mette = make_person(works, self.alpha, MemberRole.CUSTOMER_ADMIN, name="Mette Kragh", password=PASSWORD)
        with works.writing(actor_for(works, self.mette)) as work:
            choose_preferences(work, locale="da")
        self.aisha = make_person(works, staff_role=StaffRole.SUPPORT, name="Aisha Rahman", password=PASSWORD)
        self.path = f"/support/customers/{self.alpha.id}/links"

    def send(self, browser, path, **fields):
        return browser.send(path, path, scope="read", lasts="7", **fields)

    def letters(self):
        while deliver_once(self.works, LINK):
            pass
        return list(mail_of(self.works).letters)


@pytest.fixture
def desk(settings, works):
    return Desk(settings, works)


def test_support_sends_a_page_in_the_receivers_language_and_sees_it_opened(desk):
    browser = browser_of(desk.app, desk.aisha)
    chosen = {"thing": f"device:{desk.device.id}", "to": str(desk.mette.id), "by_letter": "1"}
    sent = desk.send(browser, desk.path, **chosen)
    waiting = browser.get(desk.path).text
    (letter,) = desk.letters()
    (token,) = set(re.findall(r"/s/(spk_[\w-]+)", letter.text))
    before = browser.get(desk.path).text
    guest = Browser(desk.app).client.get(f"/s/{token}", follow_redirects=True)
    after = browser.get(desk.path).text

    assert (sent.status_code, "/s/spk_" in waiting, "letter on its way" in waiting) == (303, False, True)
    assert (letter.to, letter.subject) == (desk.mette.email, "Aisha Rahman deler en side med dig")
    assert ("Never opened" in before, "letter sent" in before) == (True, True)
    assert (guest.status_code, "Freezer" in guest.text, "Never opened" in after) == (200, True, False)


def test_secret_stands_in_the_letter_alone_and_the_act_in_the_log(desk, caplog):
    browser = browser_of(desk.app, desk.mette)
    desk.send(browser, f"/devices/{desk.device.id}/links", email="Lene@Insurer.example")
    with desk.works.reading(SYSTEM) as work:
        outbox = [str(one.payload) for one in work.session.scalars(select(OutboxMessage))]
    (letter,) = desk.letters()
    (token,) = set(re.findall(r"spk_[\w-]+", letter.text))

    with desk.works.reading(SYSTEM) as work:
        acts = list(work.session.scalars(select(AuditRecord.act).where(AuditRecord.act.startswith("link."))))
    assert (letter.to, acts) == ("lene@insurer.example", ["link.made", "link.posted"])
    assert [one for one in outbox if "spk_" in one or "lene" in one] == []
    assert token not in caplog.text


def test_letters_are_limited_refused_where_wrong_and_not_written_for_an_ended_link(desk, clock):
    browser = browser_of(desk.app, desk.mette)
    token = browser.get("/api/v1/session").json["csrf_token"]
    address = f"/api/v1/devices/{desk.device.id}/share-links"

    def make(email):
        body = {"expires_at": (clock.now() + timedelta(days=1)).isoformat(), "to": "Lene", "email": email}
        return browser.client.post(address, json=body, headers={"X-CSRFToken": token})

    wrong, first, second, third = make("nobody"), make("a@b.example"), make("a@b.example"), make("a@b.example")
    browser.client.delete(f"/api/v1/share-links/{first.json['id']}", headers={"X-CSRFToken": token})

    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/email")
    assert [one.status_code for one in (first, second, third)] == [201, 201, 429]
    assert (first.json["address"], first.json["is_by_letter"]) == (None, True)
    assert len(desk.letters()) == 1
    assert len(browser.get(address).json["items"]) == 2


def test_portal_without_mail_offers_no_letter(desk):
    desk.works.settings = msgspec.structs.replace(desk.works.settings, smtp_url="")
    browser = browser_of(desk.app, desk.mette)

    answer = desk.send(browser, f"/devices/{desk.device.id}/links", email="a@b.example")

    assert "brev" not in browser.get(f"/devices/{desk.device.id}/links").text
    assert (answer.status_code, "Denne portal sender ingen breve." in answer.text) == (409, True)
