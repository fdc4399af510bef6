"""Entries, threads and search over HTTP, as the outward face promises them."""

import pytest

from statusportal.app import create_app
from statusportal.identity.issuing import issue_personal_token
from tests.factories.town import build_town, later

NOBODY = "00000000-0000-7000-8000-000000000000"
# What a search says beside its hits when there are none.
NOTHING_ELSE = {"facets": {}, "hints": [], "is_more": False, "suggestion": None}


@pytest.fixture
def town(works):
    return build_town(works)


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


class Caller:
    """Somebody with a personal token."""

    def __init__(self, app, works, actor):
        with works.writing(actor) as work:
            _, secret = issue_personal_token(work, "test", (), None)
        self._client = app.test_client()
        self._headers = {"Authorization": f"Bearer {secret}"}

    def __call__(self, method, path, json=None, **headers):
        return self._client.open(f"/api/v1{path}", method=method, json=json, headers={**self._headers, **headers})


@pytest.fixture
def mette(app, works, town):
    return Caller(app, works, town.mette)


@pytest.fixture
def engineer(app, works, town):
    return Caller(app, works, town.engineer)


@pytest.fixture
def bent(app, works, town):
    return Caller(app, works, town.bent)


def ask(caller, town, **more):
    body = {"kind": "question", "title": "Why?", "body": "**Hot**", **more}
    return caller("POST", f"/devices/{town.press}/entries", body)


def test_entry_has_the_fields_of_the_contract(mette, town):
    answer = ask(mette, town)
    entry = answer.json

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/entries/{entry['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert entry == {
        "id": entry["id"],
        "device": {"id": str(town.press), "name": "Press"},
        "kind": "question",
        "code": None,
        "title": "Why?",
        "headline": None,
        "body_markdown": "**Hot**",
        "body_html": "<p><strong>Hot</strong></p>\n",
        "health": None,
        "lifecycle": "open",
        "audience": "organisation",
        "author": {"name": "Mette", "role": "customer_admin"},
        "snapshot": None,
        "is_answered": False,
        "consent_wanted": None,
        "me_too": {"count": 0, "mine": []},
        "comment_count": 0,
        "unread": 0,
        "opened_at": "2026-11-18T12:00:00.000Z",
        "resolved_at": None,
        "created_at": "2026-11-18T12:00:00.000Z",
        "edited_at": None,
        "event_count": 0,
        "last_event_at": None,
        "clear_since": None,
        "clear_due_at": None,
        "still_broken_since": None,
        "version": 1,
    }
    assert mette("GET", f"/entries/{entry['id']}").json == {**entry, "events": []}
    assert mette("GET", "/entries").json == {"items": [entry], "next": None}
    assert mette("GET", f"/devices/{town.press}/entries?kind=question").json == {"items": [entry], "next": None}
    assert mette("GET", "/entries?lifecycle=resolved").json == {"items": [], "next": None}


def test_comment_has_the_fields_of_the_contract(mette, engineer, town):
    entry_id = ask(mette, town).json["id"]
    root = mette("POST", f"/entries/{entry_id}/comments", {"body": "_one_"}).json
    reply = engineer(
        "POST", f"/entries/{entry_id}/comments", {"body": "two", "parent_id": root["id"], "kind": "update"}
    )

    assert reply.status_code == 201
    assert root == {
        "id": root["id"],
        "parent_id": None,
        "depth": 0,
        "kind": "comment",
        "audience": "organisation",
        "author": {"name": "Mette", "role": "customer_admin"},
        "body_markdown": "_one_",
        "body_html": "<p><em>one</em></p>\n",
        "state": "visible",
        "reason": None,
        "created_at": "2026-11-18T12:00:00.000Z",
        "edited_at": None,
        "reactions": {},
        "my_reactions": [],
        "mentions": [],
        "report": None,
        "version": 1,
        "accepted": None,
        "evidence": [],
        "attachments": [],
        "replies": 0,
    }
    thread = mette("GET", f"/entries/{entry_id}/comments?sort=newest").json
    assert thread == {"items": [{**root, "replies": 1}, reply.json], "next": None}


def test_own_words_are_edited_and_taken_back(mette, engineer, town):
    entry_id = ask(mette, town).json["id"]
    comment_id = mette("POST", f"/entries/{entry_id}/comments", {"body": "one"}).json["id"]

    edited = mette("PATCH", f"/comments/{comment_id}", {"body": "two"})
    refused = engineer("PATCH", f"/comments/{comment_id}", {"body": "three"})
    history = engineer("GET", f"/comments/{comment_id}/revisions").json["items"]
    gone = mette("DELETE", f"/comments/{comment_id}")

    assert (edited.status_code, edited.json["body_markdown"]) == (200, "two")
    assert (refused.status_code, refused.json["who_can_grant"]) == (403, "author")
    assert [one["body_markdown"] for one in history] == ["one"]
    assert (gone.status_code, gone.data) == (204, b"")
    left = engineer("GET", f"/comments/{comment_id}").json
    assert (left["state"], left["body_markdown"], left["body_html"]) == ("deleted", "", "")
    assert engineer("GET", f"/comments/{comment_id}/revisions").json == {"items": []}
    assert engineer("GET", "/search?q=two").json == {"items": [], "next": None, "total": 0, **NOTHING_ELSE}


def test_foreign_and_missing_are_the_same_bytes(mette, bent, town):
    entry_id = ask(mette, town).json["id"]
    comment_id = mette("POST", f"/entries/{entry_id}/comments", {"body": "ours"}).json["id"]
    calls = [
        ("GET", "/entries/{}", entry_id, None),
        ("PATCH", "/entries/{}", entry_id, {"title": "x"}),
        ("PUT", "/entries/{}/read", entry_id, None),
        ("GET", "/entries/{}/comments", entry_id, None),
        ("POST", "/entries/{}/comments", entry_id, {"body": "x"}),
        ("GET", "/comments/{}", comment_id, None),
        ("PATCH", "/comments/{}", comment_id, {"body": "x"}),
        ("DELETE", "/comments/{}", comment_id, None),
        ("GET", "/comments/{}/revisions", comment_id, None),
        ("GET", "/devices/{}/entries", town.press, None),
        ("POST", "/devices/{}/entries", town.press, {"kind": "question", "title": "x"}),
    ]
    for method, path, thing_id, body in calls:
        foreign, missing, odd = (bent(method, path.format(one), body) for one in (thing_id, NOBODY, "x"))

        assert (foreign.status_code, foreign.data) == (404, b'{"type":"about:blank","title":"Not found","status":404}')
        assert (missing.status_code, missing.data) == (404, foreign.data)
        assert (odd.status_code, odd.data) == (404, foreign.data)
    assert mette("GET", f"/entries/{entry_id}").json["version"] == 2


def test_lack_of_a_right_names_who_has_it(mette, town):
    answer = ask(mette, town, kind="field_update")

    assert answer.status_code == 403
    assert answer.json["who_can_grant"] == "admin, engineer, expert, support"


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/kind", "/title"]),
        ({"kind": "gossip", "title": "x"}, ["/kind"]),
        ({"kind": "question", "title": ""}, ["/title"]),
        ({"kind": "question", "title": "x", "author_id": NOBODY, "organisation_id": NOBODY}, None),
        ({"kind": "question", "title": "x", "body": 5}, ["/body"]),
        ({"kind": "question", "title": "x", "body": "y" * 20_001}, ["/body"]),
        ({"kind": "question", "title": "x", "health": "sick"}, ["/health"]),
        ({"kind": "bulletin", "title": "x"}, ["/kind"]),
    ],
)
def test_wrong_content_names_its_fields(mette, town, body, pointers):
    answer = mette("POST", f"/devices/{town.press}/entries", body)

    assert answer.status_code == 422
    assert sorted(one["pointer"] for one in answer.json["errors"]) == (pointers or ["/author_id", "/organisation_id"])


@pytest.mark.parametrize(
    "field", ["author_id", "author_role", "state", "path", "created_at", "body_html", "reason", "id", "is_system"]
)
def test_nobody_assigns_what_the_portal_decides(mette, town, field):
    entry_id = ask(mette, town).json["id"]

    answer = mette("POST", f"/entries/{entry_id}/comments", {"body": "x", field: "y"})

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json["errors"]] == [f"/{field}"]
    assert mette("POST", f"/entries/{entry_id}/comments", {"body": "x", "kind": "system"}).status_code == 422
    assert mette("GET", f"/entries/{entry_id}/comments").json["items"] == []


def test_change_holds_to_the_version_that_was_read(mette, engineer, town):
    entry_id = ask(mette, town).json["id"]
    engineer("POST", f"/entries/{entry_id}/comments", {"body": "internal", "audience": "internal"})

    moved = engineer("PATCH", f"/entries/{entry_id}", {"lifecycle": "investigating"}, **{"If-Match": '"2"'})
    stale = engineer("PATCH", f"/entries/{entry_id}", {"lifecycle": "resolved"}, **{"If-Match": '"2"'})
    odd = engineer("PATCH", f"/entries/{entry_id}", {"lifecycle": "resolved"}, **{"If-Match": '"x"'})
    mine = mette("PATCH", f"/entries/{entry_id}", {"title": "New"}, **{"If-Match": '"2"'})

    assert (moved.status_code, moved.headers["ETag"]) == (200, '"3"')
    assert (stale.status_code, stale.json["version"]) == (412, 3)
    assert (odd.status_code, odd.json["version"]) == (412, 3)
    assert (mine.status_code, mine.headers["ETag"], mine.json["lifecycle"]) == (200, '"3"', "investigating")


def test_change_is_all_or_nothing(mette, engineer, town):
    entry_id = ask(engineer, town, kind="field_update").json["id"]

    wrong = engineer("PATCH", f"/entries/{entry_id}", {"title": "New", "lifecycle": "resolved", "audience": "public"})
    empty = engineer("PATCH", f"/entries/{entry_id}", {})
    engineer("PATCH", f"/entries/{entry_id}", {"lifecycle": "resolved"})
    illegal = engineer("PATCH", f"/entries/{entry_id}", {"title": "New", "lifecycle": "monitoring"})

    assert (wrong.status_code, empty.status_code, illegal.status_code) == (422, 422, 409)
    entry = engineer("GET", f"/entries/{entry_id}").json
    assert (entry["title"], entry["lifecycle"]) == ("Why?", "resolved")


def test_declared_health_lasts_until_the_entry_is_resolved(mette, engineer, town):
    entry_id = ask(engineer, town, kind="field_update", health="failure").json["id"]
    during = mette("GET", f"/devices/{town.press}").json["health"]
    engineer("PATCH", f"/entries/{entry_id}", {"lifecycle": "resolved"})
    after = mette("GET", f"/devices/{town.press}").json["health"]
    mette("PATCH", f"/entries/{entry_id}", {"lifecycle": "open"})
    again = mette("GET", f"/devices/{town.press}").json["health"]

    assert during == "failure"
    assert after != "failure"
    assert again == "failure"
    assert len(mette("GET", "/entries").json["items"]) == 1


def test_reading_takes_the_unread_away(mette, engineer, town, clock):
    entry_id = ask(mette, town).json["id"]
    later(clock)
    engineer("POST", f"/entries/{entry_id}/comments", {"body": "answer"})

    assert mette("GET", f"/entries/{entry_id}").json["unread"] == 1
    assert mette("PUT", f"/entries/{entry_id}/read").status_code == 204
    assert mette("GET", f"/entries/{entry_id}").json["unread"] == 0


def test_search_finds_the_conversation_and_marks_it(mette, bent, town):
    entry_id = ask(mette, town).json["id"]
    comment_id = mette("POST", f"/entries/{entry_id}/comments", {"body": "The <b>gasket</b> leaks"}).json["id"]

    answer = mette("GET", "/search?q=gasket&kind=comment&device=PR-100&from=2026-11-18T00:00:00Z&to=1900000000000")
    found = answer.json

    assert found["total"] == 1
    assert found["items"][0] == {
        "kind": "comment",
        "id": comment_id,
        "entry_id": entry_id,
        "title": "Why?",
        "excerpt": "The &lt;b&gt;<mark>gasket</mark>&lt;/b&gt; leaks",
        "device": {"id": str(town.press), "name": "Press"},
        "said_at": "2026-11-18T12:00:00.000Z",
        "score": found["items"][0]["score"],
    }
    assert bent("GET", "/search?q=gasket").json == {"items": [], "next": None, "total": 0, **NOTHING_ELSE}


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "cursor=x", "from=yesterday", "to=2026-11-18T12:00:00", "from=-5", "kind=x", "sort=x"],
)
def test_query_that_means_nothing_is_refused(mette, query):
    answer = mette("GET", f"/search?q=a&{query}")

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json["errors"]] == [f"/{query.split('=')[0]}"]


def test_second_sending_posts_once(mette, town):
    entry_id = ask(mette, town).json["id"]
    path = f"/entries/{entry_id}/comments"

    first, second = (mette("POST", path, {"body": "once"}, **{"Idempotency-Key": "k1"}) for _ in range(2))
    other = mette("POST", path, {"body": "other"}, **{"Idempotency-Key": "k1"})

    assert (first.status_code, second.status_code, other.status_code) == (201, 201, 409)
    assert first.json == second.json
    assert len(mette("GET", path).json["items"]) == 1
