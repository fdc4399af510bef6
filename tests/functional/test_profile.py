"""What is wrong with a form stands at its field, in the language that the reader chose."""

import pytest

from statusportal.app import create_app
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import browser_of, words


@pytest.fixture
def browser(settings, works):
    person = make_person(works, make_organisation(works, "alpha"), password=PASSWORD, name="Mette Kragh")
    browser = browser_of(create_app(settings, works), person)
    browser.send("/profile", "/profile", name="Mette Kragh", locale="da", theme="system", timezone="Europe/Copenhagen")
    return browser


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("not this one, no", "another long walk", "Er ikke din nuværende adgangskode."),
        (PASSWORD, "short", "Brug mindst 12 tegn. Nogle ord i træk er lette at huske."),
    ],
)
def test_refused_password_says_why_in_danish(browser, old, new, sentence):
    answer = browser.send("/profile/password", "/profile", old=old, new=new, again=new)

    assert (answer.status_code, sentence in words(answer.text)) == (422, True)


def test_programs_read_the_same_sentence_in_english(browser):
    answer = browser.get("/api/v1/devices?cursor=x")

    assert answer.json["errors"] == [{"pointer": "/cursor", "detail": "is not a cursor that this list gave out"}]


def test_profile_is_read_and_changed_by_programs(browser):
    token = browser.get("/api/v1/session").json["csrf_token"]

    def change(**wanted):
        return browser.client.patch("/api/v1/profile", json=wanted, headers={"X-CSRFToken": token})

    before = browser.get("/api/v1/profile").json
    after = change(name="Mette K.", theme="dark", time_zone=None).json
    wrong = [change(**one) for one in ({"locale": "xx"}, {"name": " "}, {"time_zone": "Moon/Base"}, {"email": "x@y.z"})]

    shown = ("name", "locale", "theme", "time_zone")
    assert [before[name] for name in shown] == ["Mette Kragh", "da", "system", "Europe/Copenhagen"]
    assert [after[name] for name in shown] == ["Mette K.", "da", "dark", None]
    assert [(one.status_code, one.json["errors"][0]["pointer"]) for one in wrong] == [
        (422, "/locale"),
        (422, "/name"),
        (422, "/time_zone"),
        (422, "/email"),
    ]
    assert browser.get("/api/v1/profile").json == after
