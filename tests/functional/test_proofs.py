"""What is grave asks again who is there; a session ends after silence, and at last whatever happens."""

from datetime import timedelta

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.app import create_app
from statusportal.identity.actors import actor_of_session, actor_of_token
from statusportal.identity.errors import ProofNeeded
from statusportal.identity.issuing import issue_personal_token
from statusportal.identity.proving import PROOF_HOLDS
from statusportal.identity.signing_in import sign_in, touch_sign_in
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import browser_of, words

LATER = PROOF_HOLDS + timedelta(seconds=1)


@pytest.fixture
def mette(works):
    return make_person(works, make_organisation(works, "alpha"), password=PASSWORD, name="Mette Kragh")


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


def entered(works, person):
    with works.writing(SYSTEM) as work:
        return sign_in(work, person.email, PASSWORD, "Browser", "127.0.0.1")


def is_open(works, secret):
    with works.reading(SYSTEM) as work:
        return actor_of_session(work, secret) is not None


def test_token_is_made_only_soon_after_a_proof(works, clock, mette):
    _, secret = entered(works, mette)
    with works.reading(SYSTEM) as work:
        actor = actor_of_session(work, secret)

    clock.move(PROOF_HOLDS)
    with works.writing(actor) as work:
        issue_personal_token(work, "in time", [], None)
    clock.move(timedelta(seconds=1))

    with works.writing(actor) as work, pytest.raises(ProofNeeded):
        issue_personal_token(work, "too late", [], None)


def test_token_makes_no_token(works, app, mette):
    with works.writing(actor_for(works, mette)) as work:
        _, secret = issue_personal_token(work, "script", [], None)
        actor = actor_of_token(work, secret)
    headers = {"Authorization": f"Bearer {secret}"}

    answer = app.test_client().post("/api/v1/session/proof", json={"password": PASSWORD}, headers=headers)

    assert answer.status_code == 409
    with works.writing(actor) as work, pytest.raises(ProofNeeded):
        issue_personal_token(work, "its child", [], None)


def test_programs_prove_again_in_their_session(app, clock, mette):
    client = app.test_client()
    client.post("/api/v1/session", json={"email": mette.email, "password": PASSWORD})
    csrf = {"X-CSRFToken": client.get("/api/v1/session").json["csrf_token"]}
    before = client.get("/api/v1/sessions").json["items"][0]["proved_at"]
    clock.move(LATER)

    wrong = client.post("/api/v1/session/proof", json={"password": "not this one, no"}, headers=csrf)
    between = client.get("/api/v1/sessions").json["items"][0]["proved_at"]
    right = client.post("/api/v1/session/proof", json={"password": PASSWORD}, headers=csrf)
    after = client.get("/api/v1/sessions").json["items"][0]["proved_at"]

    assert (wrong.status_code, wrong.json["errors"][0]["pointer"], between) == (422, "/password", before)
    assert (right.status_code, after > before) == (204, True)


def test_page_asks_again_and_leads_back(app, mette):
    browser = browser_of(app, mette)

    wrong = browser.send("/confirm", "/confirm?next=/profile", password="not this one, no", next_="/profile")
    right = browser.send("/confirm", "/confirm?next=/profile", password=PASSWORD, next_="/profile")
    outside = browser.send("/confirm", "/confirm", password=PASSWORD, next_="//elsewhere.example/")

    assert (wrong.status_code, "Is not your present password." in words(wrong.text)) == (422, True)
    assert (right.status_code, right.location) == (303, "/profile")
    assert (outside.status_code, outside.location) == (303, "/")


def test_proofs_are_tried_a_few_times_a_minute(app, mette, settings):
    browser = browser_of(app, mette)

    answers = [
        browser.send("/confirm", "/confirm", password="not this one, no").status_code
        for _ in range(settings.sign_in_tries_per_minute + 1)
    ]

    assert answers == [422] * settings.sign_in_tries_per_minute + [429]


def test_session_that_nobody_uses_ends(works, clock, mette, settings):
    _, secret = entered(works, mette)

    clock.move(timedelta(days=settings.session_days) - timedelta(seconds=1))
    still = is_open(works, secret)
    clock.move(timedelta(seconds=1))

    assert (still, is_open(works, secret)) == (True, False)


def test_session_in_daily_use_ends_at_last(works, clock, mette, settings):
    row, secret = entered(works, mette)

    for _ in range(settings.session_longest_days - 1):
        clock.move(timedelta(days=1))
        with works.writing(SYSTEM) as work:
            touch_sign_in(work, row.id)
    still = is_open(works, secret)
    clock.move(timedelta(days=1))

    assert (still, is_open(works, secret)) == (True, False)


def test_only_my_own_sessions_are_listed_and_ended(app, works, mette):
    other = make_person(works, make_organisation(works, "beta"), password=PASSWORD)
    foreign, _ = entered(works, other)
    lost, lost_secret = entered(works, mette)
    client = app.test_client()
    client.post("/api/v1/session", json={"email": mette.email, "password": PASSWORD})
    csrf = {"X-CSRFToken": client.get("/api/v1/session").json["csrf_token"]}

    listed = client.get("/api/v1/sessions").json["items"]
    refused = client.delete(f"/api/v1/sessions/{foreign.id}", headers=csrf)
    ended = client.delete(f"/api/v1/sessions/{lost.id}", headers=csrf)

    assert {one["id"]: one["is_current"] for one in listed}.items() >= {(str(lost.id), False)}
    assert (len(listed), str(foreign.id) in str(listed)) == (2, False)
    assert (refused.status_code, ended.status_code, is_open(works, lost_secret)) == (404, 204, False)
