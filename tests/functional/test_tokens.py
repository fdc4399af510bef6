"""A personal token is made after a proof, shown once, held to its scopes on every path, and revoked."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole
from statusportal.app import create_app
from statusportal.http.policies import Door, declared_routes
from statusportal.identity.actors import actor_of_token
from statusportal.identity.issuing import issue_personal_token
from statusportal.identity.models import PersonalToken
from statusportal.identity.proving import PROOF_HOLDS
from statusportal.live.seeing import actor_sees, versions_of
from statusportal.live.topics import device_topic, entry_topic
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import actions, browser_of, parts, shown_secret, words
from tests.factories.doors import build_door, filled

NOBODYS = "audit:view"


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def mette(works):
    return make_person(works, make_organisation(works, "alpha"), MemberRole.CUSTOMER_ADMIN, password=PASSWORD)


def scoped(works, person, *scopes):
    with works.writing(actor_for(works, person)) as work:
        return issue_personal_token(work, "script", scopes, None)[1]


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


def test_token_is_made_on_the_page_shown_once_and_revoked(app, works, mette):
    browser = browser_of(app, mette)

    made = browser.send(
        "/profile/tokens", "/profile/tokens", name="Nightly", expires="30", scopes=["device:view", "entry:view"]
    )
    secret = shown_secret(made.text)
    inside = app.test_client().get("/api/v1/devices", headers=bearer(secret))
    again = browser.get("/profile/tokens").text
    revoked = browser.send(actions(again, "/revoke")[0], "/profile/tokens")
    outside = app.test_client().get("/api/v1/devices", headers=bearer(secret))

    assert (made.status_code, inside.status_code) == (201, 200)
    assert ("Nightly" in words(again), secret in again) == (True, False)
    assert (revoked.status_code, outside.status_code) == (303, 401)
    with works.reading(SYSTEM) as work:
        row = work.session.query(PersonalToken).one()
        assert sorted(row.scopes) == ["device:view", "entry:view"]
        assert row.expires_at - row.created_at == timedelta(days=30)


def test_page_offers_what_its_reader_may_do_and_nothing_else(app, mette):
    page = browser_of(app, mette).get("/profile/tokens").text

    offered = {one["value"] for tag, one in parts(page) if tag == "input" and one.get("name") == "scopes"}

    assert {"device:view", "member:invite"} <= offered
    assert offered & {NOBODYS, "staff:administer", "telemetry:send"} == set()


def test_page_asks_for_a_proof_when_the_last_is_old(app, clock, mette):
    browser = browser_of(app, mette)
    clock.move(PROOF_HOLDS + timedelta(seconds=1))

    page = browser.get("/profile/tokens").text
    refused = browser.send("/profile/tokens", "/profile/tokens", name="x", expires="30")
    browser.send("/confirm", "/confirm?next=/profile/tokens", password=PASSWORD, next_="/profile/tokens")
    made = browser.send("/profile/tokens", "/profile/tokens", name="x", expires="30")

    assert ("Make the token" in words(page), "Show that it is you" in words(page)) == (False, True)
    assert (refused.status_code, refused.location.partition("?")[0]) == (303, "/confirm")
    assert made.status_code == 201


def test_wrong_wishes_stand_at_their_fields(app, mette):
    answer = browser_of(app, mette).send("/profile/tokens", "/profile/tokens", name="", expires="30", scopes="all")

    assert answer.status_code == 422
    assert "Must not be empty." in words(answer.text)


def test_programs_make_list_and_revoke(app, mette):
    client = app.test_client()
    client.post("/api/v1/session", json={"email": mette.email, "password": PASSWORD})
    csrf = {"X-CSRFToken": client.get("/api/v1/session").json["csrf_token"]}
    wish = {"name": "Nightly", "scopes": ["entry:view"], "expires_at": "2027-01-01T00:00:00Z"}

    made = client.post("/api/v1/tokens", json=wish, headers=csrf | {"Idempotency-Key": "k"})
    again = client.post("/api/v1/tokens", json=wish, headers=csrf | {"Idempotency-Key": "k"})
    app.test_client().get("/api/v1/entries", headers=bearer(made.json["token"]))
    listed = client.get("/api/v1/tokens").json["items"]
    revoked = client.delete(f"/api/v1/tokens/{made.json['id']}", headers=csrf)

    assert (made.status_code, again.status_code, revoked.status_code) == (201, 409, 204)
    assert [(one["name"], one["scopes"], one["used_at"] is None) for one in listed] == [
        ("Nightly", ["entry:view"], False)
    ]
    assert "token" not in listed[0]
    assert client.get("/api/v1/tokens").json["items"] == []


def test_secret_of_a_token_is_kept_nowhere(app, works, mette):
    client = app.test_client()
    client.post("/api/v1/session", json={"email": mette.email, "password": PASSWORD})
    csrf = {"X-CSRFToken": client.get("/api/v1/session").json["csrf_token"]}

    answer = client.post("/api/v1/tokens", json={"name": "x"}, headers=csrf | {"Idempotency-Key": "k"})

    with works.reading(SYSTEM) as work:
        stored = [
            str(work.session.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608 - the names are ours
            for table in ("personal_token", "safe_retry", "audit_record", "outbox_message")
        ]
    assert answer.json["token"].startswith("spp_")
    assert [one for one in stored if answer.json["token"] in one] == []


def test_tokens_of_others_are_missing(app, works, mette):
    other = make_person(works, make_organisation(works, "beta"))
    with works.writing(actor_for(works, other)) as work:
        foreign = issue_personal_token(work, "theirs", [], None)[0]
    browser = browser_of(app, mette)

    answer = browser.send(f"/profile/tokens/{foreign.id}/revoke", "/profile/tokens")

    assert (answer.status_code, "theirs" in browser.get("/profile/tokens").text) == (404, False)
    with works.reading(SYSTEM) as work:
        assert work.session.get_one(PersonalToken, foreign.id).revoked_at is None


@pytest.fixture
def door(works):
    return build_door(works)


def test_no_route_opens_to_a_token_that_was_made_for_something_else(works, door):
    door.tokens["scoped"] = scoped(works, door.people["admin"], NOBODYS)
    open_, tried = [], 0

    for rule, method, policy in declared_routes(door.app):
        # A token is no link: behind that door it finds nothing, like anybody without one.
        is_no_door_for_tokens = policy.door in {Door.PUBLIC, Door.MACHINE, Door.LINK}
        if is_no_door_for_tokens or policy.for_any_token or NOBODYS in policy.permissions:
            continue
        tried += 1
        answer = door.visitor("scoped").ask(method, filled(rule, door.things))
        if answer.status_code != 403:
            open_.append((method, rule, answer.status_code))

    assert tried > 50
    assert open_ == []


def test_token_made_for_entries_reads_no_samples_and_the_other_way_round(works, door):
    device, entry = door.things["device_id"], door.things["entry_id"]
    words_ = (f"/api/v1/devices/{device}/entries", f"/api/v1/entries/{entry}", "/api/v1/search?q=hot")
    samples = (f"/api/v1/devices/{device}/signals", f"/api/v1/devices/{device}/telemetry?signal=temperature")

    door.tokens["entries"] = scoped(works, door.people["customer"], "entry:view")
    door.tokens["samples"] = scoped(works, door.people["customer"], "telemetry:view")
    answers = {
        name: [door.visitor(name).ask("GET", one).status_code for one in (*words_, *samples)]
        for name in ("entries", "samples")
    }

    assert answers == {"entries": [200, 200, 200, 403, 403], "samples": [403, 403, 403, 200, 200]}


def test_page_of_a_device_shows_a_token_only_what_it_is_for(works, door):
    address = f"/devices/{door.things['device_id']}"
    sent = door.visitor("machine").ask("POST", "/api/v1/telemetry", json={"temperature": 88.25})
    assert sent.json["accepted"] == 1

    shown = {}
    for scopes in (("device:view",), ("device:view", "telemetry:view"), ("device:view", "entry:view")):
        door.tokens["scoped"] = scoped(works, door.people["customer"], *scopes)
        page = words(door.visitor("scoped").ask("GET", address).text)
        shown[scopes[-1]] = ("88.2" in page, "Why so hot?" in page)

    assert shown == {"device:view": (False, False), "telemetry:view": (True, False), "entry:view": (False, True)}


def test_open_sockets_hold_a_token_to_its_scopes(works, door):
    device, entry = UUID(door.things["device_id"]), UUID(door.things["entry_id"])
    about_device, about_entry = {"device_id": str(device)}, {"device_id": str(device), "entry_id": str(entry)}

    seen = {}
    for scope in ("device:view", "entry:view", "telemetry:view"):
        secret = scoped(works, door.people["customer"], scope)
        with works.reading(SYSTEM) as work:
            actor = actor_of_token(work, secret)
        with works.reading(actor) as work:
            kinds = sorted(one.kind for one in versions_of(work, [device_topic(device), entry_topic(entry)]))
            seen[scope] = (kinds, actor_sees(work, about_device), actor_sees(work, about_entry))

    assert seen == {
        "device:view": (["device"], True, False),
        "entry:view": (["entry"], False, True),
        "telemetry:view": ([], False, False),
    }


def test_use_of_a_token_is_noted_once_an_hour(app, works, clock, mette):
    secret = scoped(works, mette)
    client, noted = app.test_client(), []

    for minutes in (0, 59, 1):
        clock.move(timedelta(minutes=minutes))
        client.get("/api/v1/devices", headers=bearer(secret))
        with works.reading(SYSTEM) as work:
            noted.append(work.session.query(PersonalToken.used_at).scalar())

    assert noted[0] == noted[1] < noted[2] == clock.now()
