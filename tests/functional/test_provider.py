"""Administrators set their organisation's provider up, make it the only way in, and take it away with all it opened."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.inviting import invite_person
from statusportal.accounts.service import add_member
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.app import create_app
from statusportal.federation.models import IdentityProvider, LinkedIdentity
from statusportal.identity.proving import PROOF_HOLDS
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import Browser, browser_of, words
from tests.factories.federation import allow_here, come_by, linked, with_provider
from tests.factories.second_proofs import code_at, with_app
from tests.servers.live import Listener, LiveServer, within
from tests.servers.provider import CLIENT_ID, CLIENT_SECRET, Habits, Provider, Somebody

# Longest that an open socket may outlive the session it stands on.
WITHIN_S = 5.0


class Story:
    """Alpha has an administrator and a member; beta has an administrator; the operator has one too."""

    def __init__(self, works, clock, provider):
        allow_here(works)
        self.works, self.clock, self.provider = works, clock, provider
        self.operator = make_organisation(works, "maker", OrganisationKind.OPERATOR)
        self.alpha, self.beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        admin = MemberRole.CUSTOMER_ADMIN
        self.anna = make_person(works, self.alpha, admin, email="anna@example.com", password=PASSWORD)
        self.mette = make_person(works, self.alpha, email="mette@example.com", password=PASSWORD)
        self.bent = make_person(works, self.beta, admin, password=PASSWORD)
        self.olga = make_person(works, staff_role=StaffRole.ADMIN, email="olga@maker.example", password=PASSWORD)
        self.app = create_app(works.settings, works)

    def ask(self, browser, method, end="", organisation=None, **body):
        address = f"/api/v1/organisations/{(organisation or self.alpha).id}/identity-provider{end}"
        headers = {"X-CSRFToken": browser.client.get("/api/v1/session").json["csrf_token"]}
        return browser.client.open(address, method=method, json=body or None, headers=headers)

    def words(self, **changes):
        said = {"name": "Work", "issuer": self.provider.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        return {**said, "is_enabled": True, **changes}

    def identity_of(self, person):
        """Return who a person is at alpha's provider, linked anew where that was forgotten."""
        with self.works.reading(SYSTEM) as work:
            query = select(LinkedIdentity).where(LinkedIdentity.person_id == person.id)
            is_linked = work.session.scalar(query) is not None
        somebody = Somebody(f"sub-{person.id}", person.email)
        return somebody if is_linked else linked(self.works, self.alpha, self.provider, person)


@pytest.fixture
def provider(clock):
    with Provider(clock.now) as provider:
        yield provider


@pytest.fixture
def story(works, clock, provider):
    return Story(works, clock, provider)


def inside(browser):
    return browser.client.get("/api/v1/session").status_code == 200


def slugs(browser):
    return [one["slug"] for one in browser.client.get("/api/v1/session").json["organisations"]]


def test_administrator_sets_a_provider_up_by_api_and_page_and_its_secret_is_never_shown(story):
    anna = browser_of(story.app, story.anna)
    page = f"/admin/organisations/{story.alpha.id}/provider"

    kept = story.ask(anna, "PUT", **story.words(domains=["EXAMPLE.com"]))
    form = {name: value for name, value in story.words().items() if isinstance(value, str)}
    del form["client_secret"]
    changed = anna.send(page, page, **{**form, "name": "At work", "scopes": "openid email", "domains": "example.com"})

    told = story.ask(anna, "GET").json
    with story.works.reading(SYSTEM) as work:
        sealed = work.session.get(IdentityProvider, story.alpha.id).sealed_secret
    assert (kept.status_code, kept.json["domains"], changed.status_code) == (200, ["example.com"], 303)
    assert (told["name"], told["scopes"], told["is_enabled"], told["has_secret"], told["version"]) == (
        "At work",
        ["openid", "email"],
        False,
        True,
        2,
    )
    assert told["redirect_uri"] == "http://localhost/sign-in/at/alpha/callback"
    assert CLIENT_SECRET.encode() not in sealed
    assert CLIENT_SECRET not in anna.get(page).text + kept.text


def test_only_its_own_administrators_set_it_up_after_a_fresh_proof(story):
    with_provider(story.works, story.alpha, story.provider)
    mette, bent, olga = (browser_of(story.app, one) for one in (story.mette, story.bent, story.olga))
    boss = make_person(story.works, story.operator, MemberRole.CUSTOMER_ADMIN, password=PASSWORD)

    seen = [story.ask(one, "GET").status_code for one in (mette, bent, olga)]
    kept = [story.ask(one, "PUT", **story.words()).status_code for one in (mette, bent, olga)]
    of_operator = [
        story.ask(one, "PUT", organisation=story.operator, **story.words()).status_code
        for one in (browser_of(story.app, boss), olga)
    ]
    story.clock.move(PROOF_HOLDS + timedelta(seconds=1))

    assert (seen, kept, of_operator) == ([403, 404, 200], [403, 404, 200], [403, 200])
    assert story.ask(olga, "PUT", **story.words()).json["title"] == "Proof needed"


def test_what_is_wrong_is_said_at_its_field(story):
    anna = browser_of(story.app, story.anna)
    wrong = {
        "/issuer": {"issuer": "login.example.com"},
        "/issuer ": {"issuer": "https://login.example.com/?tenant=1"},
        "/scopes": {"scopes": ["email"]},
        "/domains/1": {"domains": ["example.com", "elsewhere.example"]},
        "/client_id": {"client_id": " "},
    }

    answers = {pointer: story.ask(anna, "PUT", **story.words(**changes)) for pointer, changes in wrong.items()}

    found = [(one.status_code, [each["pointer"] for each in one.json["errors"]]) for one in answers.values()]
    assert found == [(422, [pointer.strip()]) for pointer in wrong]


def test_trying_says_plainly_what_is_wrong(story):
    olga = browser_of(story.app, story.olga)
    tried = {}
    for name, habits in {
        "well": Habits(),
        "quiet": Habits(description={"code_challenge_methods_supported": None}),
        "another name": Habits(description={"issuer": f"{story.provider.issuer}/"}),
        "no S256": Habits(description={"code_challenge_methods_supported": ["plain"]}),
        "no description": Habits(body=b"<html>"),
        "no keys": Habits(description={"jwks_uri": f"{story.provider.issuer}/me2"}),
        "keys inside": Habits(description={"jwks_uri": "http://10.0.0.1/keys"}),
        "too long": Habits(body=b" " * 300_000),
    }.items():
        story.provider.habits = habits
        with_provider(story.works, story.alpha, story.provider)
        tried[name] = story.ask(olga, "POST", "/try").json
    with_provider(story.works, story.alpha, story.provider, issuer="http://127.0.0.1:1")
    tried["nobody there"] = story.ask(olga, "POST", "/try").json
    page = olga.send(f"/admin/organisations/{story.alpha.id}/provider/try", "/profile")

    found = {name: (one["fault"] or "")[:44] for name, one in tried.items()}
    assert found == {
        "well": "",
        "quiet": "",
        "another name": "The provider calls itself “http://127.0.0.1:",
        "no S256": "The provider does not offer PKCE with S256.",
        "no description": "The provider's description is not OpenID Con",
        "no keys": "The provider answers 404 at http://127.0.0.1",
        "keys inside": "http://10.0.0.1/keys: leads inside a network",
        "too long": "The provider cannot be reached at http://127",
        "nobody there": "The provider cannot be reached at http://127",
    }
    assert (tried["well"]["notes"], len(tried["quiet"]["notes"])) == ([], 1)
    assert "It does not work yet." in words(page.text)


def test_provider_inside_is_not_called_unless_the_operator_allows_it(story):
    with_provider(story.works, story.alpha, story.provider)
    story.works.settings = story.works.settings.__class__(
        **{name: getattr(story.works.settings, name) for name in story.works.settings.__struct_fields__}
        | {"provider_allow": ""}
    )

    answer = Browser(story.app).get("/sign-in/at/alpha")

    assert (answer.status_code, story.provider.calls) == (503, [])


def test_only_way_in_shuts_passwords_out_once_its_administrator_came_in_by_it(story):
    with_provider(story.works, story.alpha, story.provider)
    anna, mette = browser_of(story.app, story.anna), browser_of(story.app, story.mette)
    at_work = linked(story.works, story.alpha, story.provider, story.anna)
    early = story.ask(anna, "PUT", "/required", is_required=True)
    by_work, _ = come_by(story.app, "alpha", story.provider, at_work)

    asked = story.ask(by_work, "PUT", "/required", is_required=True)

    shut_out = [Browser(story.app).sign_in(one) for one in (story.mette, story.anna)]
    off = story.ask(by_work, "PUT", **story.words(is_enabled=False))
    assert (early.status_code, asked.status_code, off.status_code) == (409, 204, 409)
    assert [inside(one) for one in (mette, anna, by_work)] == [False, False, True]
    assert [one.status_code for one in shut_out] == [401, 401]
    assert "by its own sign-in alone" in words(shut_out[0].text)


def test_administrator_breaks_the_glass_by_a_second_proof(story):
    with_provider(story.works, story.alpha, story.provider)
    linked(story.works, story.alpha, story.provider, story.anna)
    secret, _ = with_app(story.works, story.anna)
    member, _ = with_app(story.works, story.mette)
    olga = browser_of(story.app, story.olga)
    story.ask(olga, "PUT", "/required", is_required=True)

    def comes(person, code):
        client = story.app.test_client()
        answer = client.post("/api/v1/session", json={"email": person.email, "password": PASSWORD, "code": code})
        return answer.status_code, client

    opened, client = comes(story.anna, code_at(story.works, secret, 1))
    shut, _ = comes(story.mette, code_at(story.works, member, 1))
    kept = story.ask(olga, "DELETE")
    story.ask(olga, "PUT", "/required", is_required=False)

    assert (opened, shut, kept.status_code) == (204, 401, 409)
    assert [one["slug"] for one in client.get("/api/v1/session").json["organisations"]] == ["alpha"]
    assert inside(browser_of(story.app, story.mette)) is False  # her app is asked next
    assert Browser(story.app).sign_in(story.mette).location == "/sign-in/second"


def test_member_of_two_organisations_sees_by_password_the_one_that_lets_passwords_in(story):
    with story.works.writing(SYSTEM) as work:
        add_member(work, story.beta.id, story.mette.id, MemberRole.CUSTOMER)
    with_provider(story.works, story.alpha, story.provider)
    linked(story.works, story.alpha, story.provider, story.anna)
    story.ask(browser_of(story.app, story.olga), "PUT", "/required", is_required=True)

    assert slugs(browser_of(story.app, story.mette)) == ["beta"]


def test_invited_come_in_by_it_alone_where_it_is_the_only_way(story):
    with_provider(story.works, story.alpha, story.provider)
    linked(story.works, story.alpha, story.provider, story.anna)
    olga = browser_of(story.app, story.olga)
    story.ask(olga, "PUT", "/required", is_required=True)
    with story.works.writing(SYSTEM) as work:
        _, secret = invite_person(work, story.alpha.id, "jens@example.com", "Jens", MemberRole.CUSTOMER)
    invited = Browser(story.app)
    invited.get(f"/invitations/{secret}")

    page = invited.get("/invitation").text
    by_password = invited.send("/invitation", password=PASSWORD)
    by_work, _ = come_by(story.app, "alpha", story.provider, Somebody("e8", "jens@example.com", name="Jens Holm"))
    by_work.send("/sign-in/join", "/sign-in/link", name="Jens Holm")

    assert ("Come in with Work account" in words(page), 'type="password"' in page) == (True, False)
    assert (by_password.status_code, slugs(by_work)) == (409, ["alpha"])


def test_owner_links_although_passwords_are_shut_out(story):
    with_provider(story.works, story.alpha, story.provider)
    linked(story.works, story.alpha, story.provider, story.anna)
    story.ask(browser_of(story.app, story.olga), "PUT", "/required", is_required=True)
    browser, _ = come_by(story.app, "alpha", story.provider, Somebody("e7", "mette@example.com"))
    browser.sign_in(story.mette, "/sign-in/link")
    nothing = slugs(browser)
    browser.send("/sign-in/link", "/sign-in/link")

    assert (nothing, slugs(browser)) == ([], ["alpha"])


def test_what_it_opened_ends_with_it(story):
    by_password, anna = browser_of(story.app, story.mette), browser_of(story.app, story.anna)
    unlink = f"/profile/sign-in/identities/{story.alpha.id}/unlink"
    endings = {
        "unlinked": lambda: by_password.send(unlink, "/profile/sign-in"),
        "off": lambda: story.ask(anna, "PUT", **story.words(is_enabled=False)),
        "another client": lambda: story.ask(anna, "PUT", **story.words(client_id="another")),
        "another issuer": lambda: story.ask(anna, "PUT", **story.words(issuer="https://elsewhere.example")),
        "taken away": lambda: story.ask(anna, "DELETE"),
    }
    found = {}
    for how, end in endings.items():
        with_provider(story.works, story.alpha, story.provider)
        by_work, _ = come_by(story.app, "alpha", story.provider, story.identity_of(story.mette))
        before = inside(by_work)
        end()
        found[how] = (before, inside(by_work))

    assert found == dict.fromkeys(endings, (True, False))
    assert (inside(by_password), inside(anna)) == (True, True)


def test_last_way_in_stays(story):
    with_provider(story.works, story.alpha, story.provider)
    only = make_person(story.works, story.alpha, email="only@example.com")
    browser, _ = come_by(story.app, "alpha", story.provider, linked(story.works, story.alpha, story.provider, only))

    answer = browser.send(f"/profile/sign-in/identities/{story.alpha.id}/unlink", "/profile/sign-in")

    assert (answer.status_code, inside(browser)) == (303, True)
    assert "This is your only way in." in words(browser.get("/profile/sign-in").text)
    assert len(browser.client.get("/api/v1/session/identities").json["items"]) == 1


def test_open_socket_is_cut_when_the_provider_is_switched_off(story):
    with_provider(story.works, story.alpha, story.provider)
    at_work = linked(story.works, story.alpha, story.provider, story.mette)
    by_work, _ = come_by(story.app, "alpha", story.provider, at_work)
    anna, listener = browser_of(story.app, story.anna), Listener()
    server = LiveServer(story.app)
    cookie = by_work.client.get_cookie("portal").value
    opened = listener.connect(server.url, headers={"Cookie": f"portal={cookie}"})

    story.ask(anna, "PUT", **story.words(is_enabled=False))

    assert (opened, within(WITHIN_S, lambda: not listener.is_open)) == (True, True)
    server.stop()
