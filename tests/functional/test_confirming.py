"""Who has no password proves again who they are by a passkey, by a code, or by signing in anew at their provider."""

from datetime import timedelta

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole
from statusportal.accounts.service import add_member
from statusportal.app import create_app
from statusportal.identity.proving import PROOF_HOLDS
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.authenticator import Authenticator
from tests.factories.browsing import browser_of, field, words
from tests.factories.federation import allow_here, come_by, linked, with_provider
from tests.factories.second_proofs import code_at, with_app
from tests.servers.provider import Habits, Provider

LATER = PROOF_HOLDS + timedelta(seconds=1)


class Story:
    """Jens came in by alpha's provider and has nothing else; Mette has a password."""

    def __init__(self, works, clock, provider):
        allow_here(works)
        self.works, self.clock, self.provider = works, clock, provider
        self.alpha = make_organisation(works, "alpha")
        with_provider(works, self.alpha, provider)
        self.jens = make_person(works, self.alpha, email="jens@example.com")
        self.mette = make_person(works, self.alpha, password=PASSWORD)
        self.app = create_app(works.settings, works)
        self.somebody = linked(works, self.alpha, provider, self.jens)
        self.browser, _ = come_by(self.app, "alpha", provider, self.somebody)

    def ask(self, browser, method, address, **body):
        headers = {"X-CSRFToken": browser.client.get("/api/v1/session").json["csrf_token"]}
        return browser.client.open(address, method=method, json=body, headers=headers)

    def is_proved(self, browser):
        answer = self.ask(browser, "POST", "/api/v1/tokens", name="x", scopes=[])
        return {201: True, 403: False}[answer.status_code]

    def keep_passkey(self, browser):
        device = Authenticator()
        begun = self.ask(browser, "POST", "/api/v1/session/passkeys/begin").json
        made = {"ceremony": begun["ceremony"], "credential": device.make(begun["options"]), "name": "Phone"}
        assert self.ask(browser, "POST", "/api/v1/session/passkeys", **made).status_code == 201
        return device

    def shows(self, browser, device):
        begun = browser.client.post("/api/v1/session/passkey/begin").json
        shown = {"ceremony": begun["ceremony"], "credential": device.show(begun["options"])}
        return self.ask(browser, "POST", "/api/v1/session/proof", **shown)


@pytest.fixture
def story(works, clock):
    with Provider(clock.now) as provider:
        yield Story(works, clock, provider)


def test_sign_in_elsewhere_that_is_new_is_a_proof_and_an_old_one_is_none(story):
    fresh = story.is_proved(story.browser)
    story.clock.move(LATER)
    page = story.browser.get("/confirm?next=/profile").text
    sent = story.browser.get("/confirm/provider", {"next": "/profile/tokens"})
    asked = sent.location
    now = int(story.clock.now().timestamp())
    found = {}
    for name, habits in {
        "old": Habits(claims={"auth_time": now - 61}),
        "untold": Habits(claims={"auth_time": None}),
        "somebody else": Habits(claims={"sub": "another"}),
        "new": Habits(),
    }.items():
        story.provider.habits = habits
        back = story.provider.go(story.browser.get("/confirm/provider").location, story.somebody)
        story.browser.get(back)
        found[name] = story.is_proved(story.browser)

    assert fresh
    assert "Sign in with Work account again" in words(page)
    assert "prompt=login" in asked
    assert "max_age=0" in asked
    assert found == {"old": False, "untold": False, "somebody else": False, "new": True}


def test_silent_sign_in_of_this_morning_proves_nothing(story):
    now = int(story.clock.now().timestamp())
    story.provider.habits = Habits(claims={"auth_time": now - 7_200})

    browser, answer = come_by(story.app, "alpha", story.provider, story.somebody)

    assert (answer.status_code, story.is_proved(browser)) == (303, False)


def test_provider_proves_nothing_about_who_belongs_elsewhere_too(story):
    beta = make_organisation(story.works, "beta")
    with story.works.writing(SYSTEM) as work:
        add_member(work, beta.id, story.jens.id, MemberRole.CUSTOMER)
    story.clock.move(LATER)

    page = words(story.browser.get("/confirm").text)
    story.browser.get(story.provider.go(story.browser.get("/confirm/provider").location, story.somebody))

    assert "You have nothing to show here." in page
    assert not story.is_proved(story.browser)


def test_code_proves_who_has_no_password_and_nobody_who_has_one(story):
    secret, _ = with_app(story.works, story.jens)
    with_password, _ = with_app(story.works, story.mette)
    client = story.app.test_client()
    code = code_at(story.works, with_password, 1)
    client.post("/api/v1/session", json={"email": story.mette.email, "password": PASSWORD, "code": code})
    story.clock.move(LATER)
    token = client.get("/api/v1/session").json["csrf_token"]

    wrong = story.browser.send("/confirm", "/confirm", code="000000")
    right = story.browser.send("/confirm", "/confirm", code=code_at(story.works, secret), next_="/profile")
    mettes = client.post(
        "/api/v1/session/proof",
        json={"code": code_at(story.works, with_password)},
        headers={"X-CSRFToken": token},
    )

    assert (wrong.status_code, right.status_code, right.location) == (422, 303, "/profile")
    assert story.is_proved(story.browser)
    assert (mettes.status_code, mettes.json["errors"][0]["pointer"]) == (422, "/code")


def test_passkey_proves_its_owner_and_nobody_else(story):
    mette = browser_of(story.app, story.mette)
    mine, hers = story.keep_passkey(story.browser), story.keep_passkey(mette)
    story.clock.move(LATER)

    anothers = story.shows(story.browser, hers)
    between = story.is_proved(story.browser)
    own = [story.shows(story.browser, mine).status_code, story.shows(mette, hers).status_code]

    assert (anothers.status_code, anothers.json["errors"][0]["pointer"], between) == (422, "/credential", False)
    page = story.browser.get("/confirm/passkey", {"next": "/profile"}).text
    shown = {"ceremony": field(page, "ceremony"), "next_": "/profile"}
    odd = story.browser.send("/confirm/passkey", "/confirm", credential="not JSON", **shown)

    assert (odd.status_code, "is not a passkey of yours" in words(odd.text).lower()) == (422, True)
    assert (own, story.is_proved(story.browser), story.is_proved(mette)) == ([204, 204], True, True)
    assert "Use a passkey" in words(story.browser.get("/confirm").text)


def test_proof_is_one_thing(story):
    bodies = [{}, {"password": "x", "code": "1"}, {"credential": {}}, {"ceremony": "x"}]

    answers = [story.ask(story.browser, "POST", "/api/v1/session/proof", **body).status_code for body in bodies]

    assert answers == [422] * 4
