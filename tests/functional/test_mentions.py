"""People call each other by name; who could not read it is neither called nor betrayed."""

import pytest

from statusportal.access.vocabulary import Right
from statusportal.app import create_app
from statusportal.identity.issuing import issue_personal_token
from tests.factories.town import build_town, grant


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


@pytest.fixture
def entry(call, town):
    return call(town.mette, "POST", f"/devices/{town.press}/entries", {"kind": "question", "title": "Why?"}).json["id"]


def say(call, actor, entry, body, **more):
    return call(actor, "POST", f"/entries/{entry}/comments", {"body": body, **more})


def names(call, actor, entry, query=""):
    answer = call(actor, "GET", f"/entries/{entry}/people{query}")
    return [one["name"] for one in answer.json["items"]] if answer.status_code == 200 else answer.status_code


def test_list_of_who_may_be_called_tells_of_nobody_new(works, call, town, entry):
    before = names(call, town.mette, entry)
    say(call, town.engineer, entry, "We look.")
    say(call, town.support, entry, "Old customer.", audience="internal")

    assert before == ["Mads", "Mette"]
    assert names(call, town.mette, entry) == ["Jonas", "Mads", "Mette"]
    assert names(call, town.mette, entry, "?q=jo") == ["Jonas"]
    assert names(call, town.engineer, entry) == ["Aisha", "Jonas", "Mads", "Mette", "Pia"]
    assert names(call, town.engineer, entry, "?audience=internal") == ["Aisha", "Jonas", "Pia"]
    assert names(call, town.bent, entry) == 404


def test_call_reaches_who_may_read_it_and_any_other_name_stays_text(works, call, town, entry):
    said = say(call, town.mette, entry, "@Mads and @Mette, not @Bent, nor @Aisha").json
    inside = say(call, town.engineer, entry, "@Aisha, but not @Mads", audience="internal").json

    assert (said["mentions"], inside["mentions"]) == (["Mads"], ["Aisha"])
    assert say(call, town.mette, entry, "@Bent @Nobody").json["mentions"] == []


def test_who_was_let_in_calls_and_is_called_where_it_is_shared(works, call, town, entry):
    call(town.mette, "PATCH", f"/entries/{entry}", {"audience": "shared"})
    guest = grant(works, town, town.press, Right.VIEW | Right.COMMENT)
    say(call, town.mette, entry, "For all who read it.")
    say(call, guest, entry, "We have that too.")

    assert names(call, guest, entry) == ["Guest", "Mette"]
    assert say(call, town.mette, entry, "@Guest which one?").json["mentions"] == ["Guest"]
    assert say(call, town.mette, entry, "@Guest again", audience="organisation").json["mentions"] == []


def test_edit_calls_who_is_new_in_it(works, call, town, entry):
    comment = say(call, town.mette, entry, "@Mads").json["id"]
    say(call, town.engineer, entry, "We look.")

    edited = call(town.mette, "PATCH", f"/comments/{comment}", {"body": "@Mads @Jonas"}).json

    assert edited["mentions"] == ["Jonas", "Mads"]
