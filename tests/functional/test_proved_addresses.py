"""An address is trusted once it was proved: a link that its inviter was shown proves nothing, a letter does."""

import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right
from statusportal.accounts.models import Person
from statusportal.custody.granting import grant_access
from statusportal.custody.queries import receiver_named
from statusportal.fleet.models import AccessGrant
from statusportal.jobs.delivery import deliver_once
from statusportal.notifications.telling import RESET
from statusportal.proofs.models import RecoveryCode
from tests.factories.accounts import PASSWORD, make_actor, make_organisation, make_person
from tests.factories.browsing import Browser, browser_of, words
from tests.factories.fleet import make_device
from tests.factories.letters import app_of, link_in, with_letters
from tests.servers.mail import MailServer

CHIEF = "chief@bigpartner.example"
OWNERS = "the owner of the address has this"


@pytest.fixture
def beta(works):
    return make_organisation(works, "beta")


@pytest.fixture
def stranger(works, beta):
    """Somebody who took an address that is not theirs, by the link that their administrator was shown."""
    app = app_of(works)
    boss = browser_of(app, make_person(works, beta, MemberRole.CUSTOMER_ADMIN, password=PASSWORD))
    headers = {"X-CSRFToken": boss.client.get("/api/v1/session").json["csrf_token"]}
    wish = {"email": CHIEF, "name": "Chief", "organisation": str(beta.id), "role": "customer_admin"}
    sent = boss.client.post("/api/v1/invitations", json=wish, headers=headers).json["link"]
    joining = {"secret": sent.rpartition("/")[2], "password": PASSWORD}
    assert Browser(app).client.post("/api/v1/invitations/accept", json=joining).status_code == 204
    return person_at(works, CHIEF)


def person_at(works, email):
    with works.reading(SYSTEM) as work:
        return work.session.scalar(select(Person).where(Person.email == email))


def received(works, actor, device, word):
    with works.writing(actor) as work:
        row = grant_access(work, device.id, receiver_named(work, word), Right.VIEW)
        return row.to_word, row.to_person_id


def test_grant_to_an_address_opens_nothing_to_who_only_took_it(works, beta, stranger):
    owner = make_organisation(works, "owner")
    device, admin = make_device(works, owner), make_actor(works, owner, MemberRole.CUSTOMER_ADMIN)
    colleague = make_actor(works, beta, MemberRole.CUSTOMER_ADMIN)
    proved = make_person(works, beta)

    assert received(works, admin, device, CHIEF) == (CHIEF, None)
    assert received(works, admin, device, "nobody@bigpartner.example") == ("nobody@bigpartner.example", None)
    assert received(works, admin, device, proved.email) == (proved.email, proved.id)
    assert received(works, colleague, make_device(works, beta), CHIEF) == (CHIEF, stranger.id)
    with works.reading(SYSTEM) as work:
        opened = select(AccessGrant.id).where(
            AccessGrant.to_person_id == stranger.id, AccessGrant.device_id == device.id
        )
        assert work.session.scalar(opened) is None


def test_domain_of_an_unproved_address_is_not_claimed_and_the_page_says_how_to_prove_it(works, beta, stranger):
    browser = browser_of(app_of(works), stranger)
    headers = {"X-CSRFToken": browser.client.get("/api/v1/session").json["csrf_token"]}
    wish = {"name": "Work", "issuer": "https://login.example.com", "client_id": "portal", "is_enabled": True}
    address = f"/api/v1/organisations/{beta.id}/identity-provider"

    refused = browser.client.put(address, json={**wish, "domains": ["bigpartner.example"]}, headers=headers)
    without = browser.client.put(address, json=wish, headers=headers)

    assert refused.status_code == 422
    assert refused.json["errors"][0]["pointer"] == "/domains/0"
    assert "follow the link of a letter" in refused.json["errors"][0]["detail"]
    assert without.status_code == 200
    assert "Nobody knows yet that this mail address is yours." in words(browser.get("/profile").text)
    assert browser.client.get("/api/v1/profile").json["email_proved_at"] is None


def test_letter_proves_the_address_and_takes_away_what_the_stranger_set_up(works, stranger):
    with works.writing(SYSTEM) as work:
        work.session.add(RecoveryCode(person_id=stranger.id, digest="a" * 64, created_at=work.now))
    browser = browser_of(app_of(works), stranger)
    headers = {"X-CSRFToken": browser.client.get("/api/v1/session").json["csrf_token"]}
    kept = browser.client.post("/api/v1/tokens", json={"name": "Mine", "scopes": []}, headers=headers).json

    with MailServer() as mail:
        app = app_of(with_letters(works, mail))
        owner = Browser(app)
        owner.send("/forgotten", "/forgotten", email=CHIEF)
        deliver_once(works, RESET)
        owner.get(link_in(mail.messages[0]))
        owner.send("/reset", "/reset", new=OWNERS, again=OWNERS)

    token = {"Authorization": f"Bearer {kept['token']}"}
    assert person_at(works, CHIEF).email_proved_at is not None
    assert app.test_client().get("/api/v1/devices", headers=token).status_code == 401
    assert browser.client.get("/api/v1/profile").status_code == 401
    with works.reading(SYSTEM) as work:
        assert work.session.scalar(select(RecoveryCode.person_id).where(RecoveryCode.person_id == stranger.id)) is None
