"""Who guesses at secrets is stopped for a minute, on every door alike; who has a right one is not."""

import msgspec
import pytest

from statusportal.access.vocabulary import MemberRole
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import browser_of
from tests.factories.letters import app_of

MOST = 3
LONG = {"password": "a long walk by the sea"}


@pytest.fixture
def app(works):
    works.settings = msgspec.structs.replace(works.settings, secret_tries_per_minute=MOST)
    return app_of(works)


GUESSES = {
    "invitation": lambda client: client.get("/invitations/spi_guess"),
    "reset": lambda client: client.get("/reset/spw_guess"),
    "label": lambda client: client.get("/p/guess"),
    "badge": lambda client: client.get("/badge/guess.svg"),
    "reset by a program": lambda client: client.post("/api/v1/reset", json={"secret": "guess", **LONG}),
    "joining": lambda client: client.post("/api/v1/invitations/accept", json={"secret": "guess", **LONG}),
    "token": lambda client: client.get("/api/v1/devices", headers={"Authorization": "Bearer guess"}),
}


def test_every_door_refuses_more_guesses_of_one_address(app):
    client = app.test_client()
    for number, (name, guess) in enumerate(GUESSES.items()):
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"

        *wrong, refused = [guess(client) for _ in range(MOST + 1)]

        assert {one.status_code for one in wrong} <= {401, 404, 409}, name
        assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (429, True), name
        if name in {"token", "joining", "reset by a program"}:
            assert refused.content_type == "application/problem+json"


def test_right_token_stays_welcome_beside_a_wrong_one_at_its_address(app, works):
    alpha = make_organisation(works, "alpha")
    browser = browser_of(app, make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD))
    headers = {"X-CSRFToken": browser.client.get("/api/v1/session").json["csrf_token"]}
    secret = browser.client.post("/api/v1/tokens", json={"name": "Mine"}, headers=headers).json["token"]
    client, right = app.test_client(), {"Authorization": f"Bearer {secret}"}

    before = [client.get("/api/v1/devices", headers=right).status_code for _ in range(MOST + 1)]
    wrong = [GUESSES["token"](client).status_code for _ in range(MOST + 1)]
    after = client.get("/api/v1/devices", headers=right).status_code

    assert (before, wrong, after) == ([200] * (MOST + 1), [401] * MOST + [429], 200)
    assert browser.get("/profile").status_code == 200
