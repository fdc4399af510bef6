"""What is new is new to each person by themselves, the same on every screen, and theirs to take away and put back."""

import pytest

from statusportal.app import create_app
from statusportal.identity.issuing import issue_personal_token
from tests.factories.town import build_town, later


@pytest.fixture
def town(works):
    return build_town(works)


@pytest.fixture
def call(settings, works, town):
    client = create_app(settings, works).test_client()
    tokens = {}

    def ask(actor, method, path, json=None):
        if actor.person_id not in tokens:
            with works.writing(actor) as work:
                tokens[actor.person_id] = issue_personal_token(work, "test", (), None)[1]
        headers = {"Authorization": f"Bearer {tokens[actor.person_id]}"}
        return client.open(f"/api/v1{path}", method=method, json=json, headers=headers)

    return ask


def unread(call, actor):
    """Return what is new by entry title, and by device name, less what has none."""
    entries = call(actor, "GET", "/entries").json["items"]
    devices = call(actor, "GET", "/devices").json["items"]
    return (
        {one["title"]: one["unread"] for one in entries if one["unread"]},
        {one["name"]: one["unread"] for one in devices if one["unread"]},
    )


def test_everything_is_read_at_once_and_one_entry_is_put_back(call, town, clock):
    ids = {}
    for title, device in (("Hot", town.press), ("Loud", town.press), ("Wet", town.mill)):
        asked = {"kind": "question", "title": title}
        ids[title] = call(town.mads, "POST", f"/devices/{device}/entries", asked).json["id"]
        call(town.engineer, "POST", f"/entries/{ids[title]}/comments", {"body": "We look."})
        call(town.engineer, "POST", f"/entries/{ids[title]}/comments", {"body": "Inside", "audience": "internal"})
        later(clock)
    call(town.mads, "POST", f"/entries/{ids['Wet']}/comments", {"body": "Please do."})

    before = {name: unread(call, actor) for name, actor in (("mette", town.mette), ("mads", town.mads))}
    marked = call(town.mette, "PUT", "/read").status_code
    after = {name: unread(call, actor) for name, actor in (("mette", town.mette), ("mads", town.mads))}
    back = call(town.mette, "DELETE", f"/entries/{ids['Wet']}/read").status_code
    foreign = call(town.bent, "DELETE", f"/entries/{ids['Wet']}/read").status_code

    assert before["mette"] == ({"Hot": 1, "Loud": 1, "Wet": 2}, {"Press": 2, "Mill": 2})
    assert (marked, after["mette"], after["mads"]) == (204, ({}, {}), before["mads"])
    assert (back, foreign) == (204, 404)
    assert unread(call, town.mette) == ({"Wet": 1}, {"Mill": 1})
    call(town.engineer, "POST", f"/entries/{ids['Hot']}/comments", {"body": "Once more."})
    assert unread(call, town.mette) == ({"Hot": 1, "Wet": 1}, {"Press": 1, "Mill": 1})
