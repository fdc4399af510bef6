"""People of an organisation come in by the account they have at work: linked once, and it reaches nothing else."""

import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.inviting import invite_person
from statusportal.accounts.models import Person
from statusportal.accounts.service import add_member
from statusportal.app import create_app
from statusportal.identity.models import SignIn
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import Browser, words
from tests.factories.federation import allow_here, come_by, linked, with_provider
from tests.factories.steady import steady
from tests.servers.provider import Provider, Somebody


@pytest.fixture
def provider(clock):
    with Provider(clock.now) as provider:
        yield provider


@pytest.fixture
def alpha(works, provider):
    allow_here(works)
    alpha = make_organisation(works, "alpha")
    with_provider(works, alpha, provider, domains=["example.com"])
    return alpha


@pytest.fixture
def mette(works, alpha):
    return make_person(works, alpha, password=PASSWORD, email="mette@example.com", name="Mette Kragh")


@pytest.fixture
def app(settings, works, alpha):
    return create_app(works.settings, works)


def who(browser):
    answer = browser.client.get("/api/v1/session")
    return answer.json["person"]["email"] if answer.status_code == 200 else None


def test_linked_person_comes_in_by_code_pkce_state_and_nonce(app, works, alpha, provider, mette):
    somebody = linked(works, alpha, provider, mette)

    browser, answer = come_by(app, "alpha", provider, somebody, onward="/profile?x=1")

    asked = provider.asked
    assert (answer.status_code, answer.location, who(browser)) == (303, "/profile?x=1", "mette@example.com")
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == "http://localhost/sign-in/at/alpha/callback"
    assert min(len(asked["state"]), len(asked["nonce"]), len(asked["code_challenge"])) >= 43
    (session,) = browser.client.get("/api/v1/sessions").json["items"]
    assert session["way"] == "provider"
    assert "single sign-on" in words(browser.get("/profile").text)


def test_identity_of_an_account_is_linked_only_by_its_owner_who_signs_in_once_more(app, works, provider, mette):
    somebody = Somebody("e7", "mette@example.com")
    browser, shown = come_by(app, "alpha", provider, somebody)
    before = (shown.location, who(browser), words(browser.get("/sign-in/link").text))

    browser.sign_in(mette, "/sign-in/link")
    yes = browser.send("/sign-in/link", "/sign-in/link")
    again, straight = come_by(app, "alpha", provider, Somebody("e7", "new@elsewhere.example"))

    assert before[:2] == ("/sign-in/link", None)
    assert "sign in as you always do" in before[2]
    assert (yes.status_code, yes.location) == (303, "/profile")
    assert (straight.location, who(again)) == ("/profile", "mette@example.com")
    with works.reading(SYSTEM) as work:
        ended = work.session.scalars(select(SignIn.way).where(SignIn.ended_at.is_not(None))).all()
    assert ended == ["password"]


def test_nobody_else_says_yes_to_an_identity(app, works, alpha, provider, mette):
    bent = make_person(works, alpha, password=PASSWORD)
    browser, _ = come_by(app, "alpha", provider, Somebody("e7", "mette@example.com"))
    browser.sign_in(bent, "/sign-in/link")

    page = browser.get("/sign-in/link")
    forced = browser.send("/sign-in/link", "/profile")

    _, later = come_by(app, "alpha", provider, Somebody("e7", "mette@example.com"))
    assert "signed in here as somebody else" in words(page.text)
    assert (forced.status_code, later.location) == (404, "/sign-in/link")


def test_invited_comes_in_without_a_password(app, works, alpha, provider):
    admin = actor_for(works, make_person(works, alpha, MemberRole.CUSTOMER_ADMIN))
    with works.writing(admin) as work:
        invite_person(work, alpha.id, "jens@example.com", "Jens", MemberRole.CUSTOMER)

    browser, shown = come_by(app, "alpha", provider, Somebody("e8", "jens@example.com", name="Jens Holm"))
    joined = browser.send("/sign-in/join", "/sign-in/link", name="Jens Holm")

    with works.reading(SYSTEM) as work:
        row = work.session.scalar(select(Person).where(Person.email == "jens@example.com"))
    assert (shown.location, joined.status_code, who(browser)) == ("/sign-in/link", 303, "jens@example.com")
    assert (row.name, row.password_hash) == ("Jens Holm", None)
    assert browser.client.get("/api/v1/session").json["organisations"][0]["slug"] == "alpha"


def test_session_reaches_the_vouching_organisation_and_no_other(app, works, alpha, provider, mette):
    beta = make_organisation(works, "beta")
    with works.writing(SYSTEM) as work:
        add_member(work, beta.id, mette.id, MemberRole.CUSTOMER_ADMIN)
        work.session.get(Person, mette.id).staff_role = StaffRole.ADMIN.value
    somebody = linked(works, alpha, provider, mette)
    by_password = Browser(app)
    by_password.sign_in(mette)

    browser, _ = come_by(app, "alpha", provider, somebody)

    def reach(one):
        told = one.client.get("/api/v1/session").json
        return sorted(each["slug"] for each in told["organisations"]), told["staff_role"]

    token = browser.client.get("/api/v1/session").json["csrf_token"]
    issued = browser.client.post("/api/v1/tokens", json={"name": "x", "scopes": []}, headers={"X-CSRFToken": token})
    assert (reach(by_password), reach(browser)) == ((["alpha", "beta"], "admin"), (["alpha"], None))
    assert (issued.status_code, issued.json["title"]) == (403, "Proof needed")


def test_address_leads_to_its_domains_provider_whoever_has_it(app, provider, mette):
    browser = Browser(app)

    pages = [
        browser.send("/sign-in/elsewhere", "/sign-in/elsewhere", email=email).text
        for email in ("mette@example.com", "nobody@example.com", "x@elsewhere.example")
    ]

    shown = [("/sign-in/at/alpha" in page, steady(page).replace("nobody@", "mette@")) for page in pages]
    tokenless = [part.split('name="csrf_token"')[0] for _, part in shown[:2]]
    assert [one[0] for one in shown] == [True, True, False]
    assert tokenless[0] == tokenless[1]
    assert (browser.get("/sign-in/at/nowhere").status_code, browser.get("/sign-in/at/beta").status_code) == (404, 404)
    assert "Your organisation's sign-in" in words(browser.get("/sign-in").text)
    assert browser.get("/sign-in/at/alpha", {"next": "//evil.example"}).status_code == 303
