"""What every answer looks like: problems that name the field, headers, cookies, and safe retry."""

import json
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import func, select

from statusportal.access.actor import SYSTEM
from statusportal.app import create_app
from statusportal.entries.models import StatusEntry
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import Browser, parts
from tests.factories.doors import token_of
from tests.factories.fleet import make_device

ASKED = {"kind": "question", "title": "Why?"}
HUGE_IDS = ("9" * 40, "18446744073709551616", "-1", "0x10", "00000000-0000-0000-0000-00000000000g", "x" * 2_000)


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def person(works, alpha):
    return make_person(works, alpha, email="ann@example.com", password=PASSWORD)


@pytest.fixture
def device(works, alpha):
    return make_device(works, alpha, "A-1")


@pytest.fixture
def call(works, app, person):
    client, bearer = app.test_client(), {"Authorization": f"Bearer {token_of(works, person)}"}

    def ask(method, address, headers=None, **more):
        return client.open(f"/api/v1{address}", method=method, headers=bearer | (headers or {}), **more)

    return ask


def count_entries(works):
    with works.reading(SYSTEM) as work:
        return work.session.scalar(select(func.count()).select_from(StatusEntry))


def pointers(answer):
    assert answer.content_type == "application/problem+json"
    return answer.status_code, sorted(one["pointer"] for one in answer.json.get("errors", []))


def test_wrong_content_is_named_field_by_field(call, device, works):
    address = f"/devices/{device.id}/entries"

    answers = {
        name: pointers(call("POST", address, **sent))
        for name, sent in {
            "nothing": {"json": {}},
            "unknown": {"json": {**ASKED, "author/name": "x", "organisation_id": str(uuid4())}},
            "types": {"json": {"kind": 7, "title": ["a"], "body": {"a": 1}, "audience": "everybody"}},
            "a list": {"json": [ASKED]},
            "text": {"data": "kind=question", "content_type": "text/plain"},
            "form": {"data": ASKED},
            "broken": {"data": b'{"kind": "question"', "content_type": "application/json"},
            "brackets": {"data": b"[" * 100_000, "content_type": "application/json"},
            "no UTF-8": {"data": b'{"title": "\xff\xfe"}', "content_type": "application/json"},
            "not a number": {"data": b'{"title": NaN}', "content_type": "application/json"},
            "NUL": {"json": {**ASKED, "title": "a\x00b"}},
            "lone surrogate": {"data": b'{"kind":"question","title":"\\ud800"}', "content_type": "application/json"},
            "long": {"json": {**ASKED, "title": "x" * 1_000_000}},
        }.items()
    }

    assert answers == {
        "nothing": (422, ["/kind", "/title"]),
        "unknown": (422, ["/author~1name", "/organisation_id"]),
        "types": (422, ["/audience", "/body", "/kind", "/title"]),
        "a list": (422, [""]),
        "text": (415, []),
        "form": (415, []),
        "broken": (400, []),
        "brackets": (400, []),
        "no UTF-8": (400, []),
        "not a number": (400, []),
        "NUL": (422, ["/title"]),
        "lone surrogate": (400, []),
        "long": (422, ["/title"]),
    }
    assert count_entries(works) == 0


def test_body_over_the_limit_is_too_large(works, settings, call, device):
    call("GET", "/devices")
    body = b'{"title": "' + b"x" * settings.attachment_bytes + b'"}'

    answer = call("POST", f"/devices/{device.id}/entries", data=body, content_type="application/json")

    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")


def test_query_is_as_strict_as_a_body(call):
    answers = [
        pointers(call("GET", f"/devices?{query}"))
        for query in (
            "limit=0",
            "limit=201",
            "limit=x",
            f"limit={'9' * 5_000}",
            "cursor=!",
            "heatlh=failure",
            "health=bad",
        )
    ]

    assert answers == [
        *[(422, ["/limit"])] * 4,
        (422, ["/cursor"]),
        (422, ["/heatlh"]),
        (422, ["/health"]),
    ]


@pytest.mark.parametrize("address", ["/devices/{}", "/entries/{}", "/comments/{}", "/devices/{}/telemetry"])
def test_odd_ids_are_missing(call, address):
    answers = {(one.status_code, one.data) for odd in HUGE_IDS if (one := call("GET", address.format(odd)))}

    assert answers == {(404, b'{"type":"about:blank","title":"Not found","status":404}')}


def test_retry_with_the_same_key_has_one_effect(call, device, works):
    address, key = f"/devices/{device.id}/entries", {"Idempotency-Key": "k-1"}

    first = call("POST", address, key, json=ASKED)
    again = call("POST", address, key, json=ASKED)
    other = call("POST", address, key, json={**ASKED, "title": "Something else"})
    elsewhere = call("POST", f"/entries/{first.json['id']}/comments", key, json={"body": "Words"})

    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.data, first.headers["Location"], first.headers["ETag"]) == (
        again.data,
        again.headers["Location"],
        again.headers["ETag"],
    )
    assert [other.status_code, elsewhere.status_code] == [409, 409]
    assert count_entries(works) == 1


def test_key_of_one_person_is_not_the_key_of_another(call, device, works, alpha, app):
    bob = {"Authorization": f"Bearer {token_of(works, make_person(works, alpha))}", "Idempotency-Key": "k-1"}
    address = f"/devices/{device.id}/entries"

    first = call("POST", address, {"Idempotency-Key": "k-1"}, json=ASKED)
    second = app.test_client().post(f"/api/v1{address}", json=ASKED, headers=bob)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["id"] != second.json["id"]


def test_refused_call_leaves_its_key_free(call, device, works):
    address, key = f"/devices/{device.id}/entries", {"Idempotency-Key": "k-1"}

    refused = call("POST", address, key, json={**ASKED, "title": ""})
    mended = call("POST", address, key, json=ASKED)

    assert [refused.status_code, mended.status_code] == [422, 201]
    assert count_entries(works) == 1


def test_crash_between_act_and_answer_is_stated_on_the_next_try(app, call, device, works):
    def fall_over(_response):
        raise KeyboardInterrupt

    address, key = f"/devices/{device.id}/entries", {"Idempotency-Key": "k-1"}
    # Functions after a request run last to first.
    app.after_request_funcs[None].append(fall_over)
    with pytest.raises(KeyboardInterrupt):
        call("POST", address, key, json=ASKED)
    app.after_request_funcs[None].remove(fall_over)

    again = call("POST", address, key, json=ASKED)

    assert (again.status_code, again.json["title"]) == (409, "Conflict")
    assert "was carried out before" in again.json["detail"]
    assert count_entries(works) == 1


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_unusable_key_is_named(call, device, key, works):
    answer = call("POST", f"/devices/{device.id}/entries", {"Idempotency-Key": key}, json=ASKED)

    assert pointers(answer) == (422, ["/Idempotency-Key"])
    assert count_entries(works) == 0


def test_double_click_posts_a_form_once(app, works, person, device):
    browser = Browser(app)
    browser.sign_in(person)
    fields = {"kind": "question", "title": "Why?", "body": "", "idempotency_key": "click-1"}

    answers = [browser.send(f"/devices/{device.id}/ask", "/profile", **fields) for _ in range(2)]

    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert count_entries(works) == 1


def test_every_answer_is_dressed(app, call, device):
    client = app.test_client()
    answers = [client.get("/sign-in"), client.get("/nowhere"), call("GET", "/devices"), call("GET", "/nowhere")]

    for answer in answers:
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
        assert (policy["default-src"], policy["style-src"], policy["object-src"]) == ("'none'", "'self'", "'none'")
        assert (policy["frame-ancestors"], policy["base-uri"], policy["form-action"]) == ("'none'", "'none'", "'self'")
        scripts = [one for tag, one in parts(answer.text) if tag == "script"]
        run = " ".join(f"'nonce-{one['nonce']}'" for one in scripts)
        assert policy["script-src"] == (f"{run} 'strict-dynamic'" if scripts else "'none'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
    dynamic = [answers[0], answers[2]]
    assert [one.headers["Cache-Control"] for one in dynamic] == ["no-store"] * 2


def test_secure_cookies_are_bound_to_the_host(works, settings, person):
    works.settings = msgspec.structs.replace(settings, secure_cookies=True, public_url="https://portal.example")
    client = create_app(works.settings, works).test_client()

    page = client.get("/sign-in", base_url="https://portal.example")
    answer = client.post(
        "/api/v1/session", json={"email": person.email, "password": PASSWORD}, base_url="https://portal.example"
    )

    cookies = [*page.headers.getlist("Set-Cookie"), *answer.headers.getlist("Set-Cookie")]
    assert {one.split("=")[0] for one in cookies} == {"__Host-portal", "__Host-portal_form"}
    for one in cookies:
        flags = {part.strip() for part in one.split(";")[1:]}
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= flags
        assert not any(flag.startswith("Domain") for flag in flags)
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_host_header_is_not_believed_where_it_matters(app, person, works, device):
    client = app.test_client()
    entered = {"email": person.email, "password": PASSWORD}

    closed = client.get("/profile", headers={"Host": "evil.example"})
    forged = client.post("/api/v1/session", json=entered, headers={"Origin": "https://evil.example"})
    forwarded = client.get("/profile", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})

    assert closed.status_code == 400
    assert forwarded.location == "/sign-in?next=/profile"
    assert forged.status_code == 403
    assert "Strict-Transport-Security" not in forwarded.headers


def test_problem_is_json_that_a_program_reads(call):
    problem = json.loads(call("GET", f"/devices/{uuid4()}").data)

    assert problem == {"type": "about:blank", "title": "Not found", "status": 404}
