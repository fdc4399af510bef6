"""Class 26: finding out who has an account.

Seen at Grafana, GitLab and Home Assistant. A known and an unknown address are refused with the same bytes, and both
cost a password's hash: the time of it is what an onlooker could measure. Wherever somebody is named who may be here,
the answer has the same shape and the database is asked the same.
"""

import re

import pytest
from argon2 import PasswordHasher

from statusportal.identity import passwords
from tests.factories.browsing import hidden_token, parts
from tests.factories.queries import counted_queries
from tests.factories.steady import steady
from tests.holes.street import visitor


@pytest.fixture
def hashing(monkeypatch):
    """Count how often a password is hashed or compared: that is what takes time."""
    counted = []

    class Counting(PasswordHasher):
        def hash(self, *given, **more):
            counted.append("hash")
            return super().hash(*given, **more)

        def verify(self, *given):
            counted.append("verify")
            return super().verify(*given)

    monkeypatch.setattr(passwords, "_hasher", Counting(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(passwords, "_nobody", [])
    passwords.password_fits(None, "what nobody has is hashed once")
    counted.clear()
    return counted


def tried(world, email):
    client = world.app.test_client()
    api = client.post("/api/v1/session", json={"email": email, "password": "wrong and long enough"})
    token = hidden_token(client.get("/sign-in").text)
    page = client.post("/sign-in", data={"email": email, "password": "wrong and long enough", "csrf_token": token})
    text = steady(page.text).replace(email, "MAIL")
    return api.status_code, api.data, page.status_code, text


def test_known_and_unknown_addresses_are_refused_alike(world, hashing):
    people = world.people
    known = [tried(world, people[one].email) for one in ("customer/author", "admin", "disabled")]
    seen = len(hashing)
    unknown = [tried(world, f"nobody-{number}@example.com") for number in range(3)]

    assert {tuple(sorted(map(str, one))) for one in known} == {tuple(sorted(map(str, one))) for one in unknown}
    assert (known[0][0], known[0][2]) == (401, 401)
    assert len(hashing) == 2 * seen
    assert seen >= 6


def lookups(world):
    """Return every way to name somebody who may be here: who asks, how, and the body with a word for whom."""
    device, alpha = world.things["device_id"], world.things["organisation_id"]
    owner, nobody = visitor("customer_admin/owner"), visitor("anonymous")
    asked = {"organisation": alpha, "name": "New", "role": "customer"}
    return {
        "reset": (nobody, "/api/v1/forgotten", lambda word: {"email": word}),
        "grant": (owner, f"/api/v1/devices/{device}/grants", lambda word: {"to": word, "rights": ["VIEW"]}),
        "grant on a group": (
            owner,
            f"/api/v1/device-groups/{world.things['group_id']}/grants",
            lambda word: {"to": word, "rights": ["VIEW"]},
        ),
        "invitation": (owner, "/api/v1/invitations", lambda word: {**asked, "email": word}),
        "letter with a link": (
            owner,
            f"/api/v1/devices/{device}/share-links",
            lambda word: {"expires_at": world.things["in_a_week"], "email": word},
        ),
    }


@pytest.mark.parametrize("way", ["reset", "grant", "grant on a group", "invitation", "letter with a link"])
def test_naming_somebody_costs_and_tells_the_same_whether_they_are_here(world, state, way):
    """The work is counted, not timed: the same questions to the database, in the same order."""
    who, address, body = lookups(world)[way]
    known, unknown = world.people["customer_admin/stranger"].email, "nobody-here@example.com"
    told = []

    for word in (unknown, known, unknown):
        with counted_queries(world.works) as sent:
            answer = world.ask(who, "POST", address, json=body(word))
        shape = sorted(answer.json) if answer.json else answer.data
        told.append((answer.status_code, shape, [re.split(r"\sWHERE", one, maxsplit=1)[0] for one in sent]))
        state.go_on()

    assert told[0][0] in {201, 202}
    assert told[1] == told[2]


def test_password_fields_are_masked_and_may_be_pasted(world):
    client = world.app.test_client()
    invited = client.get(f"/invitations/{world.things['token']}", follow_redirects=True)
    pages = [client.get("/sign-in").text, invited.text]
    fields = [one for page in pages for tag, one in parts(page) if tag == "input" and "password" in one.get("name", "")]

    assert len(fields) >= 2
    assert {one["type"] for one in fields} == {"password"}
    assert {one.get("autocomplete") for one in fields} <= {"current-password", "new-password"}
    assert [one for one in fields if "onpaste" in one or "readonly" in one or "maxlength" in one] == []
