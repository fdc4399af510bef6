"""Somebody makes a passkey, signs in with it alone, and nobody else gets in by what was overheard."""

import json
import re

import msgspec
import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.accounts.service import disable_person
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.proofs.models import Passkey
from statusportal.proofs.requiring import ask_for_second_proof
from statusportal.proofs.vocabulary import STEP_HOLDS
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.authenticator import Authenticator
from tests.factories.browsing import Browser, browser_of, field, words

HOME = "/profile/sign-in"


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def mette(works, alpha):
    return make_person(works, alpha, password=PASSWORD, name="Mette Kragh")


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


def api(client, method, address, **body):
    token = client.get("/api/v1/session").json["csrf_token"]
    return client.open(address, method=method, json=body or None, headers={"X-CSRFToken": token})


def signed_in(app, person):
    client = app.test_client()
    client.post("/api/v1/session", json={"email": person.email, "password": PASSWORD})
    return client


def add(client, device, name="Work phone"):
    begun = api(client, "POST", "/api/v1/session/passkeys/begin").json
    credential = device.make(begun["options"])
    return api(client, "POST", "/api/v1/session/passkeys", ceremony=begun["ceremony"], credential=credential, name=name)


def begun(client):
    return client.post("/api/v1/session/passkey/begin").json


def show(client, device):
    asked = begun(client)
    return client.post(
        "/api/v1/session/passkey", json={"ceremony": asked["ceremony"], "credential": device.show(asked["options"])}
    )


def acts(works):
    with works.reading(SYSTEM) as work:
        return work.session.scalars(select(AuditRecord.act)).all()


@pytest.fixture
def device(app, mette):
    device = Authenticator()
    assert add(signed_in(app, mette), device).status_code == 201
    return device


def test_passkey_is_made_named_shown_in_the_list_and_taken_away(app, works, mette):
    client, device = signed_in(app, mette), Authenticator()

    made = add(client, device)
    key = f"/api/v1/session/passkeys/{made.json['passkey']['id']}"
    renamed = api(client, "PATCH", key, name="Key on the ring")
    listed = client.get("/api/v1/session/passkeys").json["items"]
    removed = api(client, "DELETE", key)

    assert len(made.json["recovery_codes"]) == 10
    assert [one["name"] for one in listed] == ["Key on the ring"]
    assert (renamed.status_code, removed.status_code) == (204, 204)
    assert client.get("/api/v1/session/passkeys").json["items"] == []
    assert show(app.test_client(), device).status_code == 401
    assert {"passkey.added", "passkey.removed", "passkey.refused"} <= set(acts(works))


def test_passkey_is_asked_to_know_its_user_and_to_be_found_without_a_name(app, mette, device):
    made = api(signed_in_by(app, device), "POST", "/api/v1/session/passkeys/begin").json["options"]
    shown = begun(app.test_client())["options"]

    assert made["rp"]["id"] == shown["rpId"] == "localhost"
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert made["authenticatorSelection"]["userVerification"] == shown["userVerification"] == "required"
    assert len(made["excludeCredentials"]) == 1
    assert shown["allowCredentials"] == []


def signed_in_by(app, device):
    client = app.test_client()
    assert show(client, device).status_code == 204
    return client


def test_passkey_alone_is_enough_also_where_a_second_proof_is_asked(app, works, alpha, mette, device):
    with works.writing(SYSTEM) as work:
        ask_for_second_proof(work, alpha.id)

    client = signed_in_by(app, device)

    assert client.get("/api/v1/session").json["person"]["email"] == mette.email
    assert client.get("/api/v1/devices").status_code == 200


def test_password_alone_is_enough_no_more(app, mette, device):
    answer = app.test_client().post("/api/v1/session", json={"email": mette.email, "password": PASSWORD})

    assert (answer.status_code, answer.json["second_factor"]) == (401, ["code", "passkey"])


def test_answer_works_once_and_only_for_its_challenge(app, device):
    client = app.test_client()
    first, second = begun(client), begun(client)
    answer = device.show(first["options"])

    crossed = client.post("/api/v1/session/passkey", json={"ceremony": second["ceremony"], "credential": answer})
    right = client.post("/api/v1/session/passkey", json={"ceremony": first["ceremony"], "credential": answer})
    replayed = app.test_client().post(
        "/api/v1/session/passkey", json={"ceremony": first["ceremony"], "credential": answer}
    )
    spent = app.test_client().post(
        "/api/v1/session/passkey", json={"ceremony": second["ceremony"], "credential": device.show(second["options"])}
    )

    assert [one.status_code for one in (crossed, right, replayed, spent)] == [401, 204, 409, 409]


def test_challenge_expires(app, clock, device):
    client = app.test_client()
    asked = begun(client)
    clock.move(STEP_HOLDS)

    late = client.post(
        "/api/v1/session/passkey", json={"ceremony": asked["ceremony"], "credential": device.show(asked["options"])}
    )

    assert late.status_code == 409


@pytest.mark.parametrize(
    "spoilt",
    [
        {"origin": "https://portal.evil.example"},
        {"origin": "http://localhost.evil.example"},
        {"host": "evil.example"},
        {"verifies_user": False},
        {"counter": -1},
        {"credential_id": b"another key that nobody made"},
    ],
    ids=str,
)
def test_spoilt_answer_opens_nothing(app, works, device, spoilt):
    show(app.test_client(), device)
    for name, value in spoilt.items():
        setattr(device, name, value)

    answer = show(app.test_client(), device)

    assert (answer.status_code, "Set-Cookie" in answer.headers) == (401, False)
    assert "passkey.refused" in acts(works)


@pytest.mark.parametrize(
    "spoilt", [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"verifies_user": False}]
)
def test_spoilt_passkey_is_not_kept(app, works, mette, spoilt):
    answer = add(signed_in(app, mette), Authenticator(**spoilt))

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/credential")
    with works.reading(SYSTEM) as work:
        assert work.session.scalars(select(Passkey.id)).all() == []


@pytest.mark.parametrize(
    "odd", [{}, {"rawId": 7}, {"rawId": "é"}, {"rawId": "AA", "response": []}, {"id": "x" * 9_000}]
)
def test_odd_answer_is_refused_and_breaks_nothing(app, device, odd):
    client = app.test_client()

    answer = client.post("/api/v1/session/passkey", json={"ceremony": begun(client)["ceremony"], "credential": odd})

    assert answer.status_code == 401


def test_key_begun_by_one_is_not_kept_for_another(app, works, mette):
    other = make_person(works, password=PASSWORD)
    mine, theirs = signed_in(app, mette), signed_in(app, other)
    asked = api(mine, "POST", "/api/v1/session/passkeys/begin").json
    credential = Authenticator().make(asked["options"])

    answer = api(
        theirs, "POST", "/api/v1/session/passkeys", ceremony=asked["ceremony"], credential=credential, name="x"
    )

    assert answer.status_code == 409
    with works.reading(SYSTEM) as work:
        assert work.session.scalars(select(Passkey.id)).all() == []


def test_passkey_of_another_is_not_to_be_found(app, works, device):
    other = signed_in(app, make_person(works, password=PASSWORD))
    with works.reading(SYSTEM) as work:
        key = work.session.scalar(select(Passkey.id))

    foreign, missing = (
        api(other, "DELETE", f"/api/v1/session/passkeys/{one}") for one in (key, "01a21c6d-a061-7357-ae12-ec2924081e32")
    )

    assert (foreign.status_code, foreign.data) == (missing.status_code, missing.data)
    assert foreign.status_code == 404


def test_who_is_disabled_shows_a_passkey_in_vain(app, works, mette, device):
    with works.writing(SYSTEM) as work:
        disable_person(work, mette.id)

    assert show(app.test_client(), device).status_code == 401


def test_pages_make_a_passkey_and_take_it_after_a_password(app, mette):
    browser, device = browser_of(app, mette), Authenticator()
    made = browser.get(f"{HOME}/passkeys/new").text
    kept = browser.send(
        f"{HOME}/passkeys/new",
        HOME,
        ceremony=field(made, "ceremony"),
        credential=json.dumps(device.make(options_of(made))),
        name="Work phone",
    )
    other = Browser(app)
    other.sign_in(mette, next_="/profile")
    asked = other.get("/sign-in/passkey").text
    come_in = other.send(
        "/sign-in/passkey",
        "/sign-in/second",
        ceremony=field(asked, "ceremony"),
        credential=json.dumps(device.show(options_of(asked))),
    )

    assert kept.status_code == 201
    assert "Work phone" in words(kept.text)
    assert len(options_of(asked)["allowCredentials"]) == 1
    assert (come_in.status_code, come_in.location) == (303, "/profile")
    assert other.get("/sign-in/second").location == "/sign-in"


@pytest.mark.parametrize(
    "odd", ["", "{", "[]", "7", '"text"', '{"response": 7}', '{"id": "AA", "rawId": "AA", "response": {}}']
)
def test_odd_words_of_a_browser_are_refused_at_their_page(app, works, mette, odd):
    browser = browser_of(app, mette)
    made = browser.get(f"{HOME}/passkeys/new").text

    kept = browser.send(f"{HOME}/passkeys/new", HOME, ceremony=field(made, "ceremony"), credential=odd, name="x")
    asked = Browser(app).get("/sign-in/passkey").text
    come_in = Browser(app).send("/sign-in/passkey", "/sign-in", ceremony=field(asked, "ceremony"), credential=odd)

    assert (kept.status_code, come_in.status_code) == (422, 401)
    with works.reading(SYSTEM) as work:
        assert work.session.scalars(select(Passkey.id)).all() == []


def options_of(page):
    return json.loads(re.search(r'data-options="([^"]+)"', page)[1].replace("&#34;", '"').replace("&quot;", '"'))


def test_passkey_of_another_does_not_end_somebodys_step(app, works, mette, device):
    kim = make_person(works, password=PASSWORD)
    theirs = Authenticator()
    add(signed_in(app, kim), theirs)
    browser = Browser(app)
    browser.sign_in(mette)
    asked = browser.get("/sign-in/passkey").text

    answer = browser.send(
        "/sign-in/passkey",
        "/sign-in/second",
        ceremony=field(asked, "ceremony"),
        credential=json.dumps(theirs.show(options_of(asked))),
    )

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("public_url", "base_url", "host"),
    [
        ("https://status.example.com", "https://status.example.com", "status.example.com"),
        ("http://status.example.com", "http://status.example.com", None),
        ("https://192.0.2.7", "https://192.0.2.7", None),
        ("", "http://127.0.0.1:8000", None),
        ("", "http://localhost:8000", "localhost"),
    ],
)
def test_party_is_the_portals_own_host_and_only_where_browsers_allow(works, public_url, base_url, host):
    works.settings = msgspec.structs.replace(works.settings, public_url=public_url)
    app = create_app(works.settings, works)

    answer = app.test_client().post("/api/v1/session/passkey/begin", base_url=base_url)

    assert answer.json.get("options", {}).get("rpId") == host
    assert answer.status_code == (201 if host else 409)
