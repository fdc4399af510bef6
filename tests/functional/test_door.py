"""The door of every request: who enters, from where, and where one is sent who may not."""

from urllib.parse import unquote

import msgspec
import pytest
from flask import Flask

from statusportal.app import create_app
from statusportal.foundation.clock import SystemClock
from statusportal.http.policies import PolicyMissing, declared_routes, refuse_undeclared
from statusportal.http.policies import public as declared_public
from statusportal.live.attach import refuse_undeclared_events
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import Browser, hidden_token
from tests.factories.fleet import make_device

ANN = "ann@example.com"
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/%09/evil.example\n",
    "javascript:alert(1)",
    "https:evil.example",
    "evil.example",
    "/..//evil.example",
    "http://localhost@evil.example/",
)


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def browser(works, app, alpha):
    browser = Browser(app)
    browser.sign_in(make_person(works, alpha, email=ANN, password=PASSWORD))
    return browser


def raw(app, address):
    """Ask for a path exactly as it stands; the client itself would read a host into two slashes."""
    return app.test_client().get("/", environ_overrides={"PATH_INFO": unquote(address), "REQUEST_URI": address})


def allowed(answer):
    return sorted(answer.headers["Allow"].split(", "))


def csrf_of(client):
    return client.get("/api/v1/session").json["csrf_token"]


def test_every_route_declares_its_policy(app):
    assert [(method, rule) for rule, method, policy in declared_routes(app) if policy is None] == []


OPEN_DOORS = [
    ("GET", "/api/docs"),
    ("GET", "/api/openapi.json"),
    ("GET", "/badge/<device_id>.svg"),
    ("GET", "/calendar/<token>.ics"),
    ("GET", "/forgotten"),
    ("GET", "/healthz"),
    ("GET", "/invitation"),
    ("GET", "/invitations/<token>"),
    ("GET", "/metrics"),
    ("GET", "/p/<label>"),
    ("GET", "/readyz"),
    ("GET", "/reset"),
    ("GET", "/reset/<secret>"),
    ("GET", "/s/<token>"),
    ("GET", "/sign-in"),
    ("GET", "/sign-in/at/<slug>"),
    ("GET", "/sign-in/at/<slug>/callback"),
    ("GET", "/sign-in/elsewhere"),
    ("GET", "/sign-in/link"),
    ("GET", "/sign-in/passkey"),
    ("GET", "/sign-in/second"),
    ("GET", "/static/<path:filename>"),
    ("GET", "/stop/<secret>"),
    ("POST", "/api/v1/forgotten"),
    ("POST", "/api/v1/invitations/accept"),
    ("POST", "/api/v1/reset"),
    ("POST", "/api/v1/session"),
    ("POST", "/api/v1/session/passkey"),
    ("POST", "/api/v1/session/passkey/begin"),
    ("POST", "/api/v1/stop/<secret>"),
    ("POST", "/forgotten"),
    ("POST", "/invitation"),
    ("POST", "/preferences/language"),
    ("POST", "/preferences/theme"),
    ("POST", "/reset"),
    ("POST", "/sign-in"),
    ("POST", "/sign-in/elsewhere"),
    ("POST", "/sign-in/join"),
    ("POST", "/sign-in/passkey"),
    ("POST", "/sign-in/second"),
    ("POST", "/stop/<secret>"),
]


def test_open_doors_are_few_and_each_says_why(app):
    open_doors = {
        (method, rule): policy.reason for rule, method, policy in declared_routes(app) if policy.door == "public"
    }

    assert sorted(open_doors) == OPEN_DOORS
    assert [key for key, reason in open_doors.items() if len(reason) < 20] == []


def test_app_with_an_undeclared_route_does_not_start():
    app = Flask("undeclared", static_folder=None)
    app.add_url_rule("/fine", "fine", declared_public("for the test")(lambda: "fine"))
    app.add_url_rule("/forgotten", "forgotten", lambda: "everything", methods=["GET", "POST"])

    with pytest.raises(PolicyMissing, match=r"GET /forgotten, POST /forgotten$"):
        refuse_undeclared(app)


def test_app_with_an_undeclared_socket_event_does_not_start():
    class Namespace:
        namespace = "/live"

        @declared_public("for the test")
        def on_connect(self):
            return True

        def on_everything(self):
            return "everything"

    with pytest.raises(PolicyMissing, match=r": /live everything$"):
        refuse_undeclared_events([Namespace()])


def test_anonymous_reader_is_sent_to_sign_in_and_comes_back(app, works, alpha):
    device = make_device(works, alpha, "A-1")
    client = app.test_client()
    wanted = f"/devices/{device.id}?signal=heat"

    first, root, call = client.get(wanted), client.get("/"), client.get("/api/v1/devices")

    assert (first.status_code, first.location) == (303, f"/sign-in?next=/devices/{device.id}?signal%3Dheat")
    assert (root.status_code, root.location) == (303, "/sign-in?next=/")
    assert (call.status_code, call.headers["WWW-Authenticate"]) == (401, "Bearer")
    browser = Browser(app)
    signed_in = browser.sign_in(make_person(works, alpha, email=ANN, password=PASSWORD), wanted)
    assert (signed_in.status_code, signed_in.location) == (303, wanted)
    assert browser.get(wanted).status_code == 200


@pytest.mark.parametrize("name", ["sign-in", "theme", "language"])
def test_nobody_is_sent_off_the_site(app, works, alpha, name):
    person = make_person(works, alpha, email=ANN, password=PASSWORD)
    fields = {"sign-in": {"email": person.email, "password": PASSWORD}, "theme": {"theme": "dark"}}
    address = "/sign-in" if name == "sign-in" else f"/preferences/{name}"

    for wanted in ELSEWHERE:
        browser = Browser(app)
        answer = browser.send(address, next=wanted, **fields.get(name, {"locale": "da"}))
        assert (answer.status_code, answer.location) == (303, "/" if ".." not in wanted else wanted), wanted


def test_form_without_its_token_is_refused(browser, app):
    without = browser.client.post("/profile", data={"name": "Mallory"})
    wrong = browser.client.post("/profile", data={"name": "Mallory", "csrf_token": "x"})
    others = hidden_token(Browser(app).get("/sign-in").text)
    foreign = browser.client.post("/profile", data={"name": "Mallory", "csrf_token": others})

    assert [without.status_code, wrong.status_code, foreign.status_code] == [400, 400, 400]
    assert browser.client.get("/api/v1/session").json["person"]["name"] != "Mallory"


def test_sign_in_form_without_its_token_is_refused(app, works, alpha):
    make_person(works, alpha, email=ANN, password=PASSWORD)

    answer = app.test_client().post("/sign-in", data={"email": ANN, "password": PASSWORD})

    assert answer.status_code == 400
    assert [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("portal=")] == []


def test_other_sites_change_nothing(browser, works, alpha):
    device = make_device(works, alpha, "A-1")
    address, wanted = f"/api/v1/devices/{device.id}/entries", {"kind": "question", "title": "Forged"}
    csrf = {"X-CSRFToken": csrf_of(browser.client)}
    foreign = (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    )

    refused = [browser.client.post(address, json=wanted, headers=csrf | more).status_code for more in foreign]
    plain = browser.client.post(
        address, data=b'{"kind":"question","title":"x"}', content_type="text/plain", headers=csrf
    )
    ours = browser.client.post(address, json=wanted, headers=csrf | {"Origin": "http://localhost"})

    assert refused == [403] * len(foreign)
    assert (plain.status_code, ours.status_code) == (415, 201)
    assert len(browser.client.get("/api/v1/entries").json["items"]) == 1


def test_call_by_token_needs_no_csrf_token(app, works, alpha, browser):
    device = make_device(works, alpha, "A-1")
    address, wanted = f"/api/v1/devices/{device.id}/entries", {"kind": "question", "title": "Why?"}

    by_cookie = browser.client.post(address, json=wanted)
    with_token = browser.client.post(address, json=wanted, headers={"X-CSRFToken": csrf_of(browser.client)})

    assert (by_cookie.status_code, by_cookie.content_type) == (400, "application/problem+json")
    assert with_token.status_code == 201


def test_wrong_method_names_the_right_ones(browser):
    api, page = browser.client.delete("/api/v1/devices"), browser.client.put("/profile")

    assert (api.status_code, api.content_type, allowed(api)) == (
        405,
        "application/problem+json",
        ["GET", "HEAD", "OPTIONS"],
    )
    assert (page.status_code, allowed(page)) == (405, ["GET", "HEAD", "OPTIONS", "POST"])


def test_redirect_of_doubled_slashes_stays_here(app):
    addresses = ("//evil.example", "//evil.example/..", "//evil.example//a", "/\\evil.example//", "///evil.example/%2f")

    places = [raw(app, address).headers.get("Location", "") for address in addresses]

    assert [one for one in places if not one.startswith(("http://localhost/", "/sign-in"))] == [""] * places.count("")


def test_request_limit_is_said_with_when_to_come_back(works, alpha, clock):
    clock.set(SystemClock().now())
    works.settings = msgspec.structs.replace(works.settings, requests_per_minute=5)
    browser = Browser(create_app(works.settings, works))
    browser.sign_in(make_person(works, alpha, email=ANN, password=PASSWORD))

    answers = [browser.client.get("/api/v1/session") for _ in range(8)]
    page = browser.get("/profile")

    assert [one.status_code for one in answers] == [200] * 5 + [429] * 3
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61
    assert (page.status_code, "Retry-After" in page.headers) == (429, True)


def test_supervisor_needs_no_account(app):
    client = app.test_client()

    answers = [client.get(address) for address in ("/healthz", "/readyz", "/metrics")]

    assert [one.status_code for one in answers] == [200, 200, 200]
    assert [one.text for one in answers[:2]] == ["ok\n", "ready\n"]
    assert "alpha" not in answers[2].text
