"""A customer asks, somebody answers, it is accepted and applied, and the machine itself says whether it held."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from devices.reading import Reading
from statusportal.access.vocabulary import Right
from statusportal.answers.models import AcceptedAnswer
from statusportal.app import create_app
from statusportal.foundation.clock import to_ms
from statusportal.identity.issuing import issue_personal_token
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.jobs.keeping_time import status_round
from statusportal.work import Works
from tests.factories.browsing import words
from tests.factories.town import build_town, grant

DAY = timedelta(days=1)


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
        address = path if path.startswith("/entries/") and method == "PAGE" else f"/api/v1{path}"
        return client.open(address, method="GET" if method == "PAGE" else method, json=json, headers=headers)

    return ask


def measure(works, town, heat):
    """Let the press send its heat of now, and have it followed and settled."""
    now = to_ms(works.clock.now())
    store_readings(works, Source("credential:test", town.alpha, town.press), [Reading(None, "heat", now, heat)])
    status_round(works, follow_once)


def overheat(works, town, call):
    """Let the press run hot and well again, and return its entry with an answer by the engineer."""
    measure(works, town, 81.0)
    works.clock.move(timedelta(minutes=5))
    measure(works, town, 70.0)
    entry = call(town.mette, "GET", "/entries?code=T-1").json["items"][0]
    said = call(town.engineer, "POST", f"/entries/{entry['id']}/comments", {"body": "Turn the **valve**."}).json
    return entry["id"], said["id"]


def lines(call, actor, entry_id):
    items = call(actor, "GET", f"/entries/{entry_id}/comments").json["items"]
    return [one["body_markdown"] for one in items if one["kind"] == "system"]


def ask_and_answer(call, town):
    entry = call(town.mads, "POST", f"/devices/{town.press}/entries", {"kind": "question", "title": "Why?"}).json
    said = call(town.engineer, "POST", f"/entries/{entry['id']}/comments", {"body": "Turn the valve."}).json
    return entry["id"], said["id"]


def test_answer_is_accepted_and_unaccepted(call, town):
    entry_id, comment_id = ask_and_answer(call, town)
    before = call(town.mads, "GET", f"/entries/{entry_id}").json
    accepted = [call(town.mads, "POST", f"/comments/{comment_id}/accept") for _ in range(2)]
    after = call(town.mads, "GET", f"/entries/{entry_id}").json
    comment = call(town.mette, "GET", f"/comments/{comment_id}").json
    page = words(call(town.mads, "PAGE", f"/entries/{entry_id}").text)
    said = lines(call, town.mette, entry_id)
    taken = [call(town.mette, "DELETE", f"/comments/{comment_id}/accept").status_code for _ in range(2)]

    assert [one.json for one in accepted] == [{"by": "customer", "at": "2026-11-18T12:00:00.000Z"}] * 2
    assert comment["accepted"] == accepted[0].json
    assert (before["is_answered"], after["is_answered"]) == (False, True)
    assert after["version"] > before["version"]
    assert "What fixed it Go to the answer Turn the valve. Answered by Jonas, accepted by Customer" in page
    assert said == ["This was accepted as the answer."]
    assert taken == [204, 204]
    assert call(town.mette, "GET", f"/comments/{comment_id}").json["accepted"] is None
    assert call(town.mette, "GET", f"/entries/{entry_id}").json["is_answered"] is False


def test_only_asker_owner_and_expert_say_what_answers(works, call, town):
    guest = grant(works, town, town.press, Right.VIEW | Right.COMMENT)
    entry_id, comment_id = ask_and_answer(call, town)
    asked = call(guest, "POST", f"/devices/{town.press}/entries", {"kind": "question", "title": "Loud?"}).json["id"]
    own = call(town.mette, "POST", f"/entries/{asked}/comments", {"body": "It always was."}).json["id"]

    answers = {
        name: call(actor, "POST", f"/comments/{comment_id}/accept").status_code
        for name, actor in (("engineer", town.engineer), ("guest", guest), ("stranger", town.bent))
    }

    assert answers == {"engineer": 403, "guest": 403, "stranger": 404}
    assert call(guest, "POST", f"/comments/{own}/accept").json["by"] == "customer"
    assert call(town.mette, "POST", f"/comments/{comment_id}/accept").json["by"] == "customer_admin"
    assert call(town.mette, "GET", f"/entries/{entry_id}").json["is_answered"] is True


def test_nothing_that_is_no_answer_is_accepted(works, call, town):
    entry_id, comment_id = ask_and_answer(call, town)
    inside = {"body": "They forgot the oil.", "audience": "internal"}
    internal = call(town.engineer, "POST", f"/entries/{entry_id}/comments", inside).json["id"]
    call(town.mads, "POST", f"/comments/{comment_id}/accept")
    system = call(town.mads, "GET", f"/entries/{entry_id}/comments").json["items"][-1]["id"]
    call(town.engineer, "DELETE", f"/comments/{comment_id}")

    refused = [call(town.mads, "POST", f"/comments/{one}/accept").status_code for one in (internal, system, comment_id)]

    assert refused == [404, 409, 409]
    assert call(town.mads, "GET", f"/entries/{entry_id}").json["is_answered"] is False
    with works.reading(town.mette) as work:
        assert work.session.scalars(select(AcceptedAnswer)).all() == []


def test_answer_for_the_organisation_answers_nothing_for_a_guest(works, call, town):
    guest = grant(works, town, town.press, Right.VIEW)
    entry = {"kind": "question", "title": "Why?", "audience": "shared"}
    entry_id = call(town.mads, "POST", f"/devices/{town.press}/entries", entry).json["id"]
    narrow = {"body": "Ask Søren in hall 4.", "audience": "organisation"}
    comment_id = call(town.mette, "POST", f"/entries/{entry_id}/comments", narrow).json["id"]
    call(town.mads, "POST", f"/comments/{comment_id}/accept")

    seen = call(guest, "GET", f"/entries/{entry_id}").json
    page = call(guest, "PAGE", f"/entries/{entry_id}").text

    assert (seen["is_answered"], lines(call, guest, entry_id)) == (False, [])
    assert ("Søren" in page, "What fixed it" in page) == (False, False)
    assert call(town.mette, "GET", f"/entries/{entry_id}").json["is_answered"] is True


def test_applied_fix_is_confirmed_by_the_machine_after_a_week(works, call, town):
    entry_id, comment_id = overheat(works, town, call)
    early = call(town.mette, "POST", f"/entries/{entry_id}/fixes", {"comment": comment_id})
    call(town.mette, "POST", f"/comments/{comment_id}/accept")
    applied = call(town.engineer, "POST", f"/entries/{entry_id}/fixes", {"comment": comment_id})
    watched = words(call(town.mette, "PAGE", f"/entries/{entry_id}").text)
    for _ in range(6):
        works.clock.move(DAY)
        measure(works, town, 70.0)
    pending = call(town.mette, "GET", f"/entries/{entry_id}/fixes").json["items"][0]["state"]
    works.clock.move(DAY)
    status_round(works, follow_once)
    silent = call(town.mette, "GET", f"/entries/{entry_id}/fixes").json["items"][0]["state"]
    works.clock.move(timedelta(hours=1))
    again = Works(works.engine, works.clock, works.wiring, works.settings)
    measure(again, town, 70.0)
    fix = call(town.mette, "GET", f"/entries/{entry_id}/fixes").json["items"][0]
    page = words(call(town.mette, "PAGE", f"/entries/{entry_id}").text)

    assert (early.status_code, applied.status_code, applied.json["role"]) == (409, 201, "engineer")
    assert "clear for 7 days, it confirms the fix" in watched
    assert (pending, silent, fix["state"]) == ("watched", "watched", "confirmed")
    assert fix["proof"]["samples"] == 7
    assert (fix["proof"]["from"], fix["proof"]["to"]) == (fix["applied_at"], fix["due_at"])
    assert "Confirmed by the machine. Clear for 7 d, through 7 samples." in page
    assert lines(call, town.mette, entry_id)[-1] == "Confirmed by the machine: the fix held for 7 days."


def test_relapse_within_the_week_reopens_the_entry_and_says_so(works, call, town):
    entry_id, comment_id = overheat(works, town, call)
    call(town.mette, "POST", f"/comments/{comment_id}/accept")
    call(town.mette, "POST", f"/entries/{entry_id}/fixes", {"comment": comment_id})
    for _ in range(3):
        works.clock.move(DAY)
        measure(works, town, 70.0)
    over = call(town.mette, "GET", f"/entries/{entry_id}").json["lifecycle"]
    works.clock.move(timedelta(hours=2))
    measure(works, town, 85.0)

    entry = call(town.mette, "GET", f"/entries/{entry_id}").json
    fix = call(town.mette, "GET", f"/entries/{entry_id}/fixes").json["items"][0]
    assert (over, entry["lifecycle"], fix["state"], fix["proof"]) == ("resolved", "open", "relapsed", None)
    assert len(call(town.mette, "GET", "/entries?code=T-1").json["items"]) == 1
    assert lines(call, town.mette, entry_id)[-1] == "The fix did not hold: it came back after 74 hours."
    page = words(call(town.mette, "PAGE", f"/entries/{entry_id}").text)
    assert "What was tried" in page
    assert "Confirmed by the machine" not in page


def test_word_of_a_customer_outweighs_the_machine(works, call, town):
    entry_id, comment_id = overheat(works, town, call)
    call(town.mette, "POST", f"/comments/{comment_id}/accept")
    call(town.mette, "POST", f"/entries/{entry_id}/fixes", {"comment": comment_id})
    works.clock.move(2 * DAY)
    measure(works, town, 70.0)
    call(town.mads, "PATCH", f"/entries/{entry_id}", {"lifecycle": "open"})

    fix = call(town.mette, "GET", f"/entries/{entry_id}/fixes").json["items"][0]
    assert fix["state"] == "relapsed"
    assert lines(call, town.mette, entry_id)[-1] == "The fix did not help: somebody says that it is still broken."


def test_fix_is_taken_back_and_another_takes_its_place(works, call, town):
    entry_id, comment_id = overheat(works, town, call)
    second = call(town.engineer, "POST", f"/entries/{entry_id}/comments", {"body": "Change the fan."}).json["id"]
    for one in (comment_id, second):
        call(town.mette, "POST", f"/comments/{one}/accept")
        call(town.mette, "POST", f"/entries/{entry_id}/fixes", {"comment": one})
    listed = [one["comment"] for one in call(town.mette, "GET", f"/entries/{entry_id}/fixes").json["items"]]
    gone = call(town.mette, "DELETE", f"/entries/{entry_id}/fixes").status_code
    call(town.mette, "POST", f"/entries/{entry_id}/fixes", {"comment": second})
    call(town.mette, "DELETE", f"/comments/{second}/accept")
    question, answer = ask_and_answer(call, town)
    call(town.mads, "POST", f"/comments/{answer}/accept")

    assert (listed, gone) == ([second], 204)
    assert call(town.mette, "GET", f"/entries/{entry_id}/fixes").json == {"items": []}
    assert call(town.mads, "POST", f"/entries/{question}/fixes", {"comment": answer}).status_code == 409
    assert call(town.mads, "POST", f"/entries/{entry_id}/fixes", {"comment": answer}).status_code == 404
