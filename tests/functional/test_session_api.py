"""Signing in, being somebody, and signing out through the API, as a browser and as a script see it."""

from datetime import timedelta

import pytest

from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.service import disable_person
from statusportal.app import create_app
from statusportal.identity.issuing import issue_personal_token
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person, make_staff_actor

ANN = "ann@example.com"
REFUSAL = (
    b'{"type":"about:blank","title":"Not signed in","status":401,'
    b'"detail":"Address and password do not belong together."}'
)


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def browser(app):
    return app.test_client()


def sign_in(client, email=ANN, password=PASSWORD, **headers):
    return client.post("/api/v1/session", json={"email": email, "password": password}, headers=headers)


def csrf_of(client):
    return {"X-CSRFToken": client.get("/api/v1/session").json["csrf_token"]}


def test_signed_in_person_reads_who_they_are(works, browser):
    alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
    make_person(works, beta, name="Bo")
    ann = make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, email=ANN, name="Ann", password=PASSWORD)

    answer = sign_in(browser, email=" Ann@Example.COM ")
    me = browser.get("/api/v1/session").json

    assert (answer.status_code, answer.data) == (204, b"")
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("portal=", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert (me["person"]["id"], me["person"]["name"], me["person"]["email"]) == (str(ann.id), "Ann", ANN)
    assert (me["staff_role"], me["permissions"]) == (None, [])
    assert [(one["slug"], one["role"]) for one in me["organisations"]] == [("alpha", "customer_admin")]
    assert "member:invite" in me["organisations"][0]["permissions"]
    assert "audit:view" not in me["organisations"][0]["permissions"]


def test_staff_reads_what_they_may_do_everywhere(works, browser):
    make_person(works, email=ANN, password=PASSWORD, staff_role=StaffRole.ADMIN)

    sign_in(browser)

    me = browser.get("/api/v1/session").json
    assert (me["staff_role"], me["organisations"]) == ("admin", [])
    assert {"audit:view", "member:invite", "staff:administer"} <= set(me["permissions"])


def test_refusals_look_the_same(works, browser):
    make_person(works, email=ANN, password=PASSWORD)
    make_person(works, email="no-password@example.com")
    disabled = make_person(works, email="gone@example.com", password=PASSWORD)
    with works.writing(make_staff_actor(works, StaffRole.ADMIN)) as work:
        disable_person(work, disabled.id)

    answers = [
        sign_in(browser, ANN, "wrong password, this"),
        sign_in(browser, "nobody@example.com"),
        sign_in(browser, "no-password@example.com"),
        sign_in(browser, "gone@example.com"),
        sign_in(browser, "x\x00y", "\x00"),
    ]

    assert {(one.status_code, one.data, one.headers["Content-Type"]) for one in answers} == {
        (
            401,
            REFUSAL,
            "application/problem+json",
        )
    }
    assert all("Set-Cookie" not in one.headers for one in answers)


def test_wrong_content_names_its_fields(browser):
    missing = browser.post("/api/v1/session", json={"email": ANN})
    unknown = browser.post("/api/v1/session", json={"email": ANN, "password": "x", "admin": True})
    form = browser.post("/api/v1/session", data={"email": ANN, "password": "x"})
    broken = browser.post("/api/v1/session", data=b"[" * 100_000, content_type="application/json")

    assert (missing.status_code, [one["pointer"] for one in missing.json["errors"]]) == (422, ["/password"])
    assert (unknown.status_code, [one["pointer"] for one in unknown.json["errors"]]) == (422, ["/admin"])
    assert (broken.status_code, form.status_code) == (400, 415)


def test_tries_are_limited_by_address_and_account(works, browser, app):
    make_person(works, email=ANN, password=PASSWORD)
    make_person(works, email="bo@example.com", password=PASSWORD)

    wrong = [sign_in(browser, ANN, "wrong password, this").status_code for _ in range(11)]
    right = sign_in(browser)
    other_account = sign_in(browser, "bo@example.com")
    other_address = app.test_client().post(
        "/api/v1/session", json={"email": ANN, "password": PASSWORD}, environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )

    assert wrong == [401] * 10 + [429]
    assert (right.status_code, int(right.headers["Retry-After"])) == (429, 60)
    assert [other_account.status_code, other_address.status_code] == [204, 204]


def test_right_passwords_are_not_counted(works, browser):
    make_person(works, email=ANN, password=PASSWORD)

    assert [sign_in(browser).status_code for _ in range(12)] == [204] * 12


def test_sign_out_ends_the_session_for_a_copy_of_its_cookie_too(works, browser, app):
    make_person(works, email=ANN, password=PASSWORD)
    sign_in(browser)
    copied = browser.get_cookie("portal").value
    thief = app.test_client()
    thief.set_cookie("portal", copied)
    assert thief.get("/api/v1/session").status_code == 200

    ended = browser.delete("/api/v1/session", headers=csrf_of(browser))

    assert ended.status_code == 204
    assert thief.get("/api/v1/session").status_code == 401
    assert browser.get("/api/v1/session").status_code == 401


def test_sign_out_everywhere_ends_my_sessions_and_nobody_elses(works, app):
    make_person(works, email=ANN, password=PASSWORD)
    make_person(works, email="bo@example.com", password=PASSWORD)
    here, there, bo = app.test_client(), app.test_client(), app.test_client()
    sign_in(here)
    sign_in(there)
    sign_in(bo, "bo@example.com")

    assert here.delete("/api/v1/sessions", headers=csrf_of(here)).status_code == 204

    assert [one.get("/api/v1/session").status_code for one in (here, there, bo)] == [401, 401, 200]


def test_unsafe_call_by_cookie_needs_the_token_and_our_origin(works, browser):
    make_person(works, email=ANN, password=PASSWORD)
    foreign = sign_in(browser, Origin="https://evil.example")
    assert foreign.status_code == 403
    sign_in(browser)
    csrf = csrf_of(browser)

    without = browser.delete("/api/v1/session")
    elsewhere = browser.delete("/api/v1/session", headers={**csrf, "Origin": "https://evil.example"})

    assert [without.status_code, elsewhere.status_code] == [400, 403]
    assert browser.get("/api/v1/session").status_code == 200


def test_session_slides_while_it_is_used_and_then_ends(works, browser, clock, settings):
    make_person(works, email=ANN, password=PASSWORD)
    sign_in(browser)
    almost = timedelta(days=settings.session_days) - timedelta(hours=1)

    clock.move(almost)
    assert browser.get("/api/v1/session").status_code == 200
    clock.move(almost)
    assert browser.get("/api/v1/session").status_code == 200
    clock.move(timedelta(days=settings.session_days))
    assert browser.get("/api/v1/session").status_code == 401


def test_token_speaks_for_its_person_within_its_scopes(works, app):
    ann = make_person(works, email=ANN, staff_role=StaffRole.ADMIN)
    with works.writing(actor_for(works, ann)) as work:
        secret = issue_personal_token(work, "script", ["device:rename"], None)[1]
    client = app.test_client()
    bearer = {"Authorization": f"Bearer {secret}"}

    me = client.get("/api/v1/session", headers=bearer).json
    ended = client.delete("/api/v1/session", headers=bearer)
    wrong = client.get("/api/v1/session", headers={"Authorization": "Bearer spp_wrong"})

    assert (me["permissions"], me["csrf_token"]) == (["device:rename"], None)
    assert [ended.status_code, wrong.status_code] == [403, 401]
