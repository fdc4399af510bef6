"""What comes back from a provider opens nothing unless it is the whole answer to what this browser asked."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import StaffRole
from statusportal.accounts.service import disable_person, remove_member
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.federation.models import LinkedIdentity
from statusportal.federation.vocabulary import ELSEWHERE_HOLDS
from tests.factories.accounts import PASSWORD, make_organisation, make_person, make_staff_actor
from tests.factories.browsing import Browser, words
from tests.factories.federation import allow_here, come_by, linked, with_provider
from tests.servers.provider import CLIENT_ID, Habits, Provider, Somebody

# What a provider says is judged before any row is read: one database is enough.
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

GENERIC = "This sign-in did not work out"
HOUR_S = 3600


class Story:
    """Mette is linked at alpha's provider; beta has a provider of its own and people of its own."""

    def __init__(self, works, clock, provider, foreign):
        allow_here(works)
        self.works, self.clock, self.provider, self.foreign = works, clock, provider, foreign
        self.alpha, self.beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        with_provider(works, self.alpha, provider)
        with_provider(works, self.beta, foreign)
        self.mette = make_person(works, self.alpha, password=PASSWORD, email="mette@example.com")
        self.jens = make_person(works, self.alpha, password=PASSWORD, email="jens@example.com")
        self.somebody = linked(works, self.alpha, provider, self.mette)
        self.app = create_app(works.settings, works)

    def comes(self, somebody=None, habits=None, slug="alpha"):
        provider = self.provider if slug == "alpha" else self.foreign
        provider.habits = habits or Habits()
        browser, answer = come_by(self.app, slug, provider, somebody or self.somebody)
        return browser, answer

    def refused(self, somebody=None, habits=None, slug="alpha"):
        """Come in vain, and return why as the log has it; nothing was opened and nothing linked."""
        browser, answer = self.comes(somebody, habits, slug)
        assert (answer.status_code, browser.client.get("/api/v1/session").status_code) == (401, 401)
        return self.why()

    def why(self):
        with self.works.reading(SYSTEM) as work:
            query = select(AuditRecord.codes).where(AuditRecord.act == "identity.refused")
            return work.session.scalars(query.order_by(AuditRecord.id.desc())).first()["why"]


@pytest.fixture
def story(works, clock):
    with Provider(clock.now) as provider, Provider(clock.now) as foreign:
        yield Story(works, clock, provider, foreign)


# What is wrong, and how the log calls it. Times are seconds from now.
WRONG = {
    "another issuer": (Habits(claims={"iss": "https://evil.example"}), "iss"),
    "another's client": (Habits(claims={"aud": "another client"}), "aud"),
    "several clients, nobody's in particular": (Habits(claims={"aud": [CLIENT_ID, "another client"]}), "azp"),
    "made for another": (Habits(claims={"azp": "another client"}), "azp"),
    "another nonce": (Habits(claims={"nonce": "of before"}), "nonce"),
    "no nonce": (Habits(claims={"nonce": None}), "nonce"),
    "run out": (Habits(times={"exp": -61}), "exp"),
    "never runs out": (Habits(claims={"exp": None}), "exp"),
    "of tomorrow": (Habits(times={"iat": HOUR_S}), "iat"),
    "nobody's": (Habits(claims={"sub": None}), "sub"),
    "unsigned": (Habits(signs="none"), "signature"),
    "signed with the client's secret": (Habits(signs="HS256"), "signature"),
    "signed with a strange key": (Habits(signs="strange"), "signature"),
    "another's answer": (Habits(answer={"iss": "https://evil.example"}), "iss"),
    "answer without its name": (Habits(answer={"iss": None}), "iss"),
    "another state": (Habits(answer={"state": "of before"}), "state"),
    "no state": (Habits(answer={"state": None}), "state"),
    "denied": (Habits(answer={"error": "access_denied", "code": None}), "denied"),
    "no code": (Habits(answer={"code": None}), "denied"),
    "strange code": (Habits(answer={"code": "guessed"}), "refused"),
}


def test_answer_that_is_wrong_in_one_thing_opens_nothing(story):
    found = {name: story.refused(habits=habits) for name, (habits, _) in WRONG.items()}

    assert found == {name: why for name, (_, why) in WRONG.items()}
    assert story.comes()[1].location == "/profile"


def test_answer_works_once_in_the_browser_that_asked_and_for_ten_minutes(story):
    asking, thief = Browser(story.app), Browser(story.app)
    back = story.provider.go(asking.get("/sign-in/at/alpha").location, story.somebody)
    stolen = thief.get(back)
    first, second = asking.get(back), asking.get(back)
    late = Browser(story.app)
    back = story.provider.go(late.get("/sign-in/at/alpha").location, story.somebody)
    story.clock.move(ELSEWHERE_HOLDS + timedelta(seconds=1))

    assert [one.status_code for one in (stolen, first, second, late.get(back))] == [401, 303, 401, 401]


def test_code_of_one_sign_in_put_into_another_opens_nothing(story):
    victim, attacker = Browser(story.app), Browser(story.app)
    asked = victim.get("/sign-in/at/alpha").location
    own = story.provider.go(attacker.get("/sign-in/at/alpha").location, Somebody("evil", "evil@example.com"))
    code = own.split("code=")[1].split("&")[0]
    story.provider.habits = Habits(answer={"code": code})

    answer = victim.get(story.provider.go(asked, story.somebody))

    assert (answer.status_code, story.why()) == (401, "refused")


def test_answer_at_another_organisations_address_opens_nothing(story):
    browser = Browser(story.app)
    back = story.provider.go(browser.get("/sign-in/at/alpha").location, story.somebody)

    answer = browser.get(back.replace("/at/alpha/", "/at/beta/"))

    assert (answer.status_code, story.why()) == (401, "mix_up")


def test_another_organisations_provider_that_claims_my_address_opens_nothing_of_mine(story):
    claimed = Somebody(story.somebody.subject, "mette@example.com")
    habits = Habits(claims={"iss": story.provider.issuer})

    found = [story.refused(claimed, slug="beta"), story.refused(claimed, habits, slug="beta")]

    assert found == ["nobody", "iss"]


def test_address_that_is_not_verified_not_allowed_or_nobodys_is_linked_to_nobody(story):
    with_provider(story.works, story.alpha, story.provider, domains=["example.com"])
    lapsed = make_person(story.works, story.alpha, email="lapsed@example.com")
    gone = make_person(story.works, story.alpha, email="gone@example.com")
    with story.works.writing(make_staff_actor(story.works, StaffRole.ADMIN)) as work:
        disable_person(work, lapsed.id)
        remove_member(work, story.alpha.id, gone.id)
    make_person(story.works, story.alpha, email="far@elsewhere.example")

    found = [
        story.refused(Somebody("a", "jens@example.com", is_verified=False)),
        story.refused(Somebody("b")),
        story.refused(Somebody("c", "far@elsewhere.example")),
        story.refused(Somebody("d", "nobody@example.com")),
        story.refused(Somebody("e", "lapsed@example.com")),
        story.refused(Somebody("f", "gone@example.com")),
    ]

    assert found == ["email_not_verified", "email_not_verified", "domain", "nobody", "nobody", "nobody"]
    with story.works.reading(SYSTEM) as work:
        assert work.session.scalars(select(LinkedIdentity.person_id)).all() == [story.mette.id]


def test_linked_person_who_left_or_is_shut_out_comes_in_no_more(story):
    other = linked(story.works, story.alpha, story.provider, story.jens)
    with story.works.writing(make_staff_actor(story.works, StaffRole.ADMIN)) as work:
        disable_person(work, story.mette.id)
        remove_member(work, story.alpha.id, story.jens.id)

    assert [story.refused(), story.refused(other)] == ["nobody", "nobody"]


def test_provider_that_fails_is_said_so_and_tells_nothing(story):
    browser = Browser(story.app)
    story.provider.habits = Habits(status=500, body=b"<b>canary</b>")
    down = browser.get("/sign-in/at/alpha")
    story.provider.habits = Habits()
    back = story.provider.go(browser.get("/sign-in/at/alpha").location, story.somebody)
    story.provider.habits = Habits(body=b'{"id_token": 7}')

    answer = browser.get(back)

    assert (down.status_code, answer.status_code, story.why()) == (503, 401, "token")
    assert "cannot be reached now" in words(down.text)
    assert GENERIC in words(answer.text)
    assert "canary" not in down.text


def test_another_site_replaces_nobodys_session(story):
    browser = Browser(story.app)
    browser.sign_in(story.jens)

    sent = browser.client.get("/sign-in/at/alpha?next=/profile", headers={"Sec-Fetch-Site": "cross-site"})

    assert (sent.status_code, sent.location, story.provider.calls) == (303, "/profile", [])


def test_foreign_address_is_never_followed(story):
    browser = Browser(story.app)
    sent = browser.get("/sign-in/at/alpha", {"next": "//evil.example/x"})

    answer = browser.get(story.provider.go(sent.location, story.somebody))

    assert (answer.status_code, answer.location) == (303, "/")
