"""People say one word to what others said; it counts once, shows who said it to nobody, and goes with its person."""

import pytest

from statusportal.access.vocabulary import Right
from statusportal.app import create_app
from statusportal.identity.issuing import issue_personal_token
from tests.factories.town import build_town, grant

NOBODY = "00000000-0000-7000-8000-000000000000"


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


def begin(call, town, **more):
    entry = call(town.mette, "POST", f"/devices/{town.press}/entries", {"kind": "question", "title": "Why?"}).json
    said = call(town.engineer, "POST", f"/entries/{entry['id']}/comments", {"body": "Turn the valve.", **more}).json
    return entry["id"], said["id"]


def test_reactions_count_once_a_person_and_each_sees_which_are_theirs(call, town):
    entry_id, comment_id = begin(call, town)
    address = f"/comments/{comment_id}/reactions"

    first = call(town.mette, "PUT", f"{address}/worked")
    again = call(town.mette, "PUT", f"{address}/worked")
    call(town.mads, "PUT", f"{address}/worked")
    call(town.mads, "PUT", f"{address}/helpful")
    seen = {
        name: call(actor, "GET", f"/entries/{entry_id}/comments").json["items"][0]
        for name, actor in (("mads", town.mads), ("engineer", town.engineer))
    }
    taken = [call(town.mads, "DELETE", f"{address}/worked").status_code for _ in range(2)]

    assert first.json == again.json == {"reactions": {"worked": 1}, "my_reactions": ["worked"]}
    assert {name: (one["reactions"], one["my_reactions"]) for name, one in seen.items()} == {
        "mads": ({"helpful": 1, "worked": 2}, ["helpful", "worked"]),
        "engineer": ({"helpful": 1, "worked": 2}, []),
    }
    assert taken == [204, 204]
    assert call(town.mads, "GET", f"/comments/{comment_id}").json["reactions"] == {"helpful": 1, "worked": 1}


def test_what_cannot_be_reacted_to_says_why(call, town):
    entry_id, comment_id = begin(call, town)
    internal = begin(call, town, audience="internal")[1]
    call(town.engineer, "PATCH", f"/entries/{entry_id}", {"lifecycle": "investigating"})
    line = call(town.mette, "GET", f"/entries/{entry_id}/comments").json["items"][1]["id"]

    def react(actor, comment, name="helpful"):
        return call(actor, "PUT", f"/comments/{comment}/reactions/{name}").status_code

    refused = {
        "one's own": react(town.engineer, comment_id),
        "the portal's": react(town.mette, line),
        "of another name": react(town.mette, comment_id, "wrong"),
        "a stranger's": react(town.bent, comment_id),
        "an internal one": react(town.mette, internal),
        "nobody's": react(town.mette, NOBODY),
    }
    call(town.engineer, "DELETE", f"/comments/{comment_id}")
    gone = call(town.mette, "PUT", f"/comments/{comment_id}/reactions/thanks")

    assert refused == {
        "one's own": 409,
        "the portal's": 409,
        "of another name": 404,
        "a stranger's": 404,
        "an internal one": 404,
        "nobody's": 404,
    }
    assert (gone.status_code, gone.json["detail"]) == (409, "This comment was deleted.")


def test_deleted_comment_shows_no_count_and_a_reader_without_the_right_to_talk_only_reads(works, call, town):
    entry_id, comment_id = begin(call, town)
    call(town.mette, "PATCH", f"/entries/{entry_id}", {"audience": "shared"})
    shared = call(town.engineer, "POST", f"/entries/{entry_id}/comments", {"body": "Ask", "audience": "shared"}).json
    guest = grant(works, town, town.press, Right.VIEW)
    call(town.mette, "PUT", f"/comments/{comment_id}/reactions/thanks")
    call(town.mette, "PUT", f"/comments/{shared['id']}/reactions/thanks")

    refused = call(guest, "PUT", f"/comments/{shared['id']}/reactions/thanks").status_code
    read = call(guest, "GET", f"/comments/{shared['id']}").json["reactions"]
    hidden = call(guest, "GET", f"/comments/{comment_id}").status_code
    call(town.engineer, "DELETE", f"/comments/{comment_id}")

    assert (refused, read, hidden) == (403, {"thanks": 1}, 404)
    assert call(town.mette, "GET", f"/comments/{comment_id}").json["reactions"] == {}
