"""Hostile text, wrong parents, lost rights and loops: each gets a clear answer, and nothing is lost or betrayed."""

from uuid import UUID

import pytest

from statusportal.access.vocabulary import MemberRole
from statusportal.accounts.models import Person
from statusportal.app import create_app
from statusportal.entries.queries import entry_for
from statusportal.sharing.service import revoke_link
from statusportal.sharing.vocabulary import LinkScope
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import actions, browser_of, field, parts
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device
from tests.factories.links import make_link

RLO, ZERO, TOWER = "\u202e", "\u200b", "e" + "\u0301" * 400
HOSTILE = {
    "turned": f"Do not {RLO}neeps{RLO} it \u2066\u2067\u2069",
    "invisible": f"{ZERO}w{ZERO}o{ZERO}r{ZERO}d\ufeff\u2060",
    "tower": f"Z{TOWER}a{TOWER}lgo",
    "long word": "W" * 20_000,
    "deep quotation": "> " * 5_000 + "x",
    "brackets": "[" * 10_000,
    "stars": "*a_" * 6_000,
    "calls": "@" * 20_000,
    "table": "|a" * 3_000 + "|\n" + "|-" * 3_000 + "|",
}


@pytest.fixture
def scene(settings, works):
    alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
    device, other = make_device(works, alpha), make_device(works, beta)
    app = create_app(settings, works)
    mette = make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, name="Mette", password=PASSWORD)
    bent = make_person(works, beta, MemberRole.CUSTOMER_ADMIN, name="Bent")
    doors = {"mette": Visitor(app.test_client(), token_of(works, mette))}
    doors["bent"] = Visitor(app.test_client(), token_of(works, bent))
    question = {"kind": "question", "title": "Why?"}
    entry = doors["mette"].ask("POST", f"/api/v1/devices/{device.id}/entries", json=question).json["id"]
    foreign = doors["bent"].ask("POST", f"/api/v1/devices/{other.id}/entries", json=question).json["id"]
    return app, works, mette, doors, entry, foreign


def test_hostile_text_is_kept_as_typed_and_shown_without_harm(scene):
    app, _, mette, doors, entry, _ = scene
    said = {}
    for name, text in HOSTILE.items():
        answer = doors["mette"].ask("POST", f"/api/v1/entries/{entry}/comments", json={"body": text})
        said[name] = (answer.status_code, answer.json["body_markdown"] == text.strip())

    page = browser_of(app, mette).get(f"/entries/{entry}")

    assert said == dict.fromkeys(HOSTILE, (201, True))
    assert page.status_code == 200
    assert [tag for tag, _ in parts(page.text) if tag in {"object", "embed", "base"}] == []


def test_parent_of_another_entry_is_a_fault_of_the_field_and_betrays_nothing(scene):
    _, _, _, doors, entry, foreign = scene
    theirs = doors["bent"].ask("POST", f"/api/v1/entries/{foreign}/comments", json={"body": "Ours"}).json["id"]
    address = f"/api/v1/entries/{entry}/comments"

    answers = [
        doors["mette"].ask("POST", address, json={"body": "x", "parent_id": parent})
        for parent in (theirs, entry, "00000000-0000-7000-8000-000000000000")
    ]

    assert {(one.status_code, one.json["errors"][0]["pointer"]) for one in answers} == {(422, "/parent_id")}
    assert len({one.text for one in answers}) == 1
    assert doors["mette"].ask("GET", address).json["items"] == []


def test_people_who_call_each_other_call_once_a_comment(scene):
    _, works, mette, doors, entry, _ = scene
    address = f"/api/v1/entries/{entry}/comments"
    parent = None
    for _turn in range(6):
        body = {"body": "@Mette @mette @METTE look", "parent_id": parent}
        said = doors["mette"].ask("POST", address, json=body)
        parent = said.json["id"]

    assert said.json["mentions"] == []
    with works.reading(actor_for(works, mette)) as work:
        assert work.session.get_one(Person, mette.id).name == "Mette"


def test_words_by_a_link_that_ended_are_refused_as_missing(scene):
    app, works, mette, _, entry, _ = scene
    maker = actor_for(works, mette)
    with works.reading(maker) as work:
        thing = entry_for(work, UUID(entry))
    link, token = make_link(works, maker, thing, LinkScope.COMMENT)
    guest = app.test_client()
    opened = guest.get(f"/s/{token}")
    page = guest.get(opened.location)
    form = {"name": "Ann", "body": "Hello", "csrf_token": field(page.text, "csrf_token")}
    action = actions(page.text, "/comments")[0]

    first = guest.post(action, data=form)
    with works.writing(maker) as work:
        revoke_link(work, link.id)
    late = guest.post(action, data={**form, "body": "Still here?"})

    assert (first.status_code, late.status_code) == (303, 404)
    assert "Still here?" not in browser_of(app, mette).get(f"/entries/{entry}").text
