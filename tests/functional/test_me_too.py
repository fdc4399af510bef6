"""Somebody elsewhere has the same: it is counted, and nobody learns whose machine it is."""

import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import Right
from statusportal.app import create_app
from statusportal.fleet.models import AccessGrant, Device, Ownership
from statusportal.identity.issuing import issue_personal_token
from statusportal.me_too.models import MeToo
from tests.factories.browsing import words
from tests.factories.town import BEGUN, build_town, later

SECRETS = ("Lathe", "LA-300", "Beta", "beta", "Bent", "9.9-rare", "workshop")


@pytest.fixture
def town(works):
    town = build_town(works)
    with works.writing(SYSTEM) as work:
        ownership = work.session.scalars(select(Ownership).where(Ownership.device_id == town.press)).one()
        shared = {"organisation_id": town.alpha, "device_id": town.press, "ownership_id": ownership.id}
        rights = (Right.VIEW | Right.COMMENT).value
        for one in (town.beta, town.gamma):
            work.session.add(
                AccessGrant(**shared, to_organisation_id=one, rights=rights, from_at=BEGUN, created_at=BEGUN)
            )
        work.session.get_one(Device, town.lathe).firmware = "9.9-rare"
        work.session.get_one(Device, town.mill).firmware = "4.2"
    return town


@pytest.fixture
def call(settings, works, town):
    client = create_app(settings, works).test_client()
    tokens = {}

    def ask(actor, method, path, json=None, *, page=False):
        if actor.person_id not in tokens:
            with works.writing(actor) as work:
                tokens[actor.person_id] = issue_personal_token(work, "test", (), None)[1]
        headers = {"Authorization": f"Bearer {tokens[actor.person_id]}"}
        return client.open(path if page else f"/api/v1{path}", method=method, json=json, headers=headers)

    return ask


def entry_of(call, town):
    asked = {"kind": "question", "title": "Why so loud?", "audience": "shared"}
    return call(town.mette, "POST", f"/devices/{town.press}/entries", asked).json["id"]


def test_me_too_from_elsewhere_is_a_number_and_nothing_more(works, call, town):
    entry_id = entry_of(call, town)
    said = call(town.bent, "PUT", f"/entries/{entry_id}/me-too", {"device": str(town.lathe), "site_type": "workshop"})
    call(town.bent, "PUT", f"/entries/{entry_id}/me-too", {"device": str(town.lathe)})
    call(town.mette, "PUT", f"/entries/{entry_id}/me-too", {"device": str(town.mill)})

    seen = {name: call(actor, "GET", f"/entries/{entry_id}/me-too").json for name, actor in people(town)}
    assert said.json["device"] == str(town.lathe)
    assert said.json["snapshot"]["values"] == []
    assert {name: (one["count"], one["mine"]) for name, one in seen.items()} == {
        "bent": (2, [str(town.lathe)]),
        "mette": (2, [str(town.mill)]),
        "guest": (2, []),
        "engineer": (2, []),
    }
    assert (seen["guest"]["machines"], len(seen["engineer"]["machines"])) == ([], 2)
    assert seen["guest"]["by_firmware"] == seen["guest"]["by_site_type"] == []
    assert seen["mette"]["by_firmware"] == [{"firmware": "4.2", "count": 1}]
    assert [one["firmware"] for one in seen["engineer"]["by_firmware"]] == ["4.2", "9.9-rare"]
    for path in (f"/entries/{entry_id}", "/entries", f"/entries/{entry_id}/me-too", "/search?q=loud"):
        told = call(town.mette, "GET", path).text
        assert [secret for secret in (*SECRETS, str(town.lathe), str(town.beta)) if secret in told] == []
    page = call(town.mette, "GET", f"/entries/{entry_id}", page=True).text
    assert "2 other machines have the same" in words(page)
    assert [secret for secret in (*SECRETS[:6], str(town.lathe)) if secret in page] == []


def people(town):
    return (("bent", town.bent), ("mette", town.mette), ("guest", town.guest), ("engineer", town.engineer))


def test_me_too_is_said_with_a_machine_of_ones_own_and_of_the_same_model(call, town):
    entry_id = entry_of(call, town)
    address = f"/entries/{entry_id}/me-too"
    wrong = {
        "stranger's": (town.bent, town.mill),
        "the entry's own": (town.mette, town.press),
        "nobody's": (town.mette, "00000000-0000-7000-8000-000000000000"),
        "the operator's": (town.engineer, town.lathe),
        "granted": (town.guest, town.press),
    }

    answers = {name: call(actor, "PUT", address, {"device": str(device)}) for name, (actor, device) in wrong.items()}

    assert {name: one.status_code for name, one in answers.items()} == dict.fromkeys(wrong, 422)
    assert {one.json["errors"][0]["pointer"] for one in answers.values()} == {"/device"}
    assert answers["stranger's"].json["errors"] == answers["nobody's"].json["errors"]
    assert call(town.mette, "GET", address).json["count"] == 0


def test_me_too_is_taken_back_and_said_on_the_page(call, town):
    entry_id = entry_of(call, town)
    address = f"/entries/{entry_id}/me-too"
    before = call(town.bent, "GET", f"/entries/{entry_id}").json["version"]
    call(town.bent, "PUT", address, {"device": str(town.lathe)})
    during = call(town.bent, "GET", f"/entries/{entry_id}").json
    page = words(call(town.bent, "GET", address, page=True).text)
    taken = [call(town.bent, "DELETE", address, {"device": str(town.lathe)}).status_code for _ in range(2)]

    assert during["me_too"] == {"count": 1, "mine": [str(town.lathe)]}
    assert during["version"] > before
    assert "Lathe LA-300 You said that it has the same. Take it back" in page
    assert taken == [204, 204]
    assert call(town.bent, "GET", f"/entries/{entry_id}").json["me_too"] == {"count": 0, "mine": []}


def test_me_too_of_a_former_owner_stays_with_their_time(works, call, town, clock):
    entry_id = entry_of(call, town)
    call(town.bent, "PUT", f"/entries/{entry_id}/me-too", {"device": str(town.lathe)})
    later(clock, 60)
    with works.writing(SYSTEM) as work:
        owned = work.session.scalars(select(Ownership).where(Ownership.device_id == town.lathe)).one()
        owned.to_at = work.now
        work.session.flush()
        work.session.add(Ownership(organisation_id=town.alpha, device_id=town.lathe, from_at=work.now, to_at=None))
    later(clock, 60)

    mine = {
        name: call(actor, "GET", f"/entries/{entry_id}/me-too").json["mine"]
        for name, actor in (("bent", town.bent), ("mette", town.mette))
    }
    refused = call(town.bent, "DELETE", f"/entries/{entry_id}/me-too", {"device": str(town.lathe)})
    call(town.mette, "PUT", f"/entries/{entry_id}/me-too", {"device": str(town.lathe)})

    assert mine == {"bent": [str(town.lathe)], "mette": []}
    assert refused.status_code == 422
    assert call(town.mette, "GET", f"/entries/{entry_id}/me-too").json["count"] == 2
    with works.reading(SYSTEM) as work:
        assert {row.organisation_id for row in work.session.scalars(select(MeToo))} == {town.alpha, town.beta}
