"""Open pages are nudged: those who may read the thing, at once, and nobody else, ever."""

import json
import time

import pytest
import requests

from statusportal.access.actor import SYSTEM
from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.accounts.models import Membership
from statusportal.app import create_app
from statusportal.consent.widening import change_audience
from statusportal.discussion.service import post_comment
from statusportal.entries.service import move_lifecycle, publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind, Lifecycle
from statusportal.fleet.models import AccessGrant
from statusportal.http.policies import PolicyMissing, checked_by
from statusportal.identity.issuing import issue_personal_token
from statusportal.live.attach import refuse_undeclared_events
from tests.factories.accounts import make_person
from tests.factories.town import build_town, grant
from tests.servers.live import Listener, LiveServer, RawClient, deliver_nudges, within

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def town(works):
    return build_town(works)


@pytest.fixture
def server(settings, works):
    server = LiveServer(create_app(settings, works))
    yield server
    server.stop()


@pytest.fixture
def connect(server, works):
    """Connect an actor by a personal token."""
    listeners = []

    def _connect(actor):
        listener = Listener()
        listeners.append(listener)
        assert listener.connect(server.url, auth={"token": token_of(works, actor)})
        return listener

    yield _connect
    for listener in listeners:
        listener.leave()


def token_of(works, actor):
    with works.writing(actor) as work:
        return issue_personal_token(work, "live", (), None)[1]


def ask(works, actor, device_id):
    with works.writing(actor) as work:
        entry_id = publish_entry(work, device_id, EntryKind.QUESTION, "Why?", "").id
    return entry_id, f"entry:{entry_id}"


def say(works, actor, entry_id, **more):
    with works.writing(actor) as work:
        return str(post_comment(work, entry_id, "words", **more).id)


def test_watching_tells_each_topics_version_and_nothing_of_others(works, town, connect):
    entry_id, entry = ask(works, town.mette, town.press)
    say(works, town.engineer, entry_id, audience=Audience.INTERNAL)
    topics = [entry, f"device:{town.press}", "me", f"entry:{NOBODY}", "device:x", "room:1", "", "*"]

    mette, bent, engineer = (connect(actor).watch(*topics) for actor in (town.mette, town.bent, town.engineer))

    nothing = {"state": "not_found"}
    odd = dict.fromkeys([f"entry:{NOBODY}", "device:x", "room:1", "", "*"], nothing)
    assert mette == {
        entry: {"state": "ok", "version": 1},
        f"device:{town.press}": {"state": "ok", "version": 1},
        "me": {"state": "ok", "version": 0},
        **odd,
    }
    assert bent == {entry: nothing, f"device:{town.press}": nothing, "me": {"state": "ok", "version": 0}, **odd}
    assert engineer[entry] == {"state": "ok", "version": 2}


def test_nudge_goes_to_readers_alone_and_holds_no_word(works, town, connect):
    entry_id, entry = ask(works, town.mette, town.press)
    mads, bent = connect(town.mads), connect(town.bent)
    deliver_nudges(works)
    for listener in (mads, bent):
        listener.watch(entry, f"device:{town.press}")

    comment_id = say(works, town.engineer, entry_id)
    deliver_nudges(works)

    assert within(5, lambda: len(mads.changed) == 2)
    assert sorted(mads.changed, key=lambda one: one["topic"]) == [
        {"topic": f"device:{town.press}", "kind": "comment", "id": comment_id, "version": 2},
        {"topic": entry, "kind": "comment", "id": comment_id, "version": 2},
    ]
    time.sleep(0.3)
    assert bent.changed == []


def test_internal_word_nudges_staff_alone(works, town, connect):
    entry_id, entry = ask(works, town.mette, town.press)
    deliver_nudges(works)
    mette, support = connect(town.mette), connect(town.support)
    for listener in (mette, support):
        listener.watch(entry, f"device:{town.press}", "me")

    comment_id = say(works, town.engineer, entry_id, audience=Audience.INTERNAL)
    deliver_nudges(works)

    assert within(5, lambda: len(support.changed) == 3)
    assert {one["id"] for one in support.changed} == {comment_id}
    time.sleep(0.3)
    assert mette.changed == []


def test_step_of_the_lifecycle_nudges(works, town, connect):
    entry_id, entry = ask(works, town.mette, town.press)
    deliver_nudges(works)
    mette = connect(town.mette)
    mette.watch(entry)

    with works.writing(town.engineer) as work:
        move_lifecycle(work, entry_id, Lifecycle.RESOLVED)
    deliver_nudges(works)

    assert within(5, lambda: len(mette.changed) == 2)
    assert {one["version"] for one in mette.changed} == {2}


def test_lost_rights_are_cut_on_open_sockets(works, town, connect):
    guest_actor = grant(works, town, town.press, Right.VIEW)
    with works.writing(town.engineer) as work:
        entry_id = publish_entry(work, town.press, EntryKind.FIELD_UPDATE, "Title", "").id
    entry, device = f"entry:{entry_id}", f"device:{town.press}"
    guest, mads, mette = connect(guest_actor), connect(town.mads), connect(town.mette)
    for listener in (guest, mads, mette):
        listener.watch(entry, device)
    deliver_nudges(works)
    with works.writing(SYSTEM) as work:
        work.session.query(AccessGrant).update({"revoked_at": work.now})
        work.session.query(Membership).filter_by(person_id=town.mads.person_id).delete()
    with works.writing(town.engineer) as work:
        change_audience(work, entry_id, Audience.INTERNAL)

    time.sleep(5)
    for listener in (guest, mads, mette):
        listener.changed.clear()
    with works.writing(town.engineer) as work:
        change_audience(work, entry_id, Audience.ORGANISATION)
    say(works, town.engineer, entry_id)
    deliver_nudges(works)

    assert within(5, lambda: len(mette.changed) > 0)
    assert {one["topic"] for one in mette.changed} == {device}
    assert (guest.changed, mads.changed) == ([], [])


def test_ended_sign_in_is_cut_within_five_seconds(works, town, server):
    client = requests.Session()
    person = make_person(works, email="ann@example.com", name="Ann", password="a long walk by the sea")
    answer = client.post(
        f"{server.url}/api/v1/session", json={"email": "ann@example.com", "password": "a long walk by the sea"}
    )
    assert answer.status_code == 204
    cookie = "; ".join(f"{one.name}={one.value}" for one in client.cookies)
    listener = Listener()
    assert listener.connect(server.url, headers={"Cookie": cookie})

    csrf = client.get(f"{server.url}/api/v1/session").json()["csrf_token"]
    ended = client.delete(f"{server.url}/api/v1/sessions", headers={"X-CSRFToken": csrf})

    assert (person.name, ended.status_code) == ("Ann", 204)
    assert within(5, lambda: not listener.is_open)
    again = RawClient(server.url, header={"Cookie": cookie})
    assert again.say("40/live,", {}).startswith("44/live,")
    again.leave()
    client.close()


@pytest.mark.parametrize(
    "auth",
    [
        None,
        {},
        {"token": ""},
        {"token": "spp_wrong"},
        {"token": 5},
        {"token": ["x"]},
        "spp_x",
        [],
        {"token": "x" * 9000},
    ],
)
def test_handshake_without_a_sign_in_is_refused(server, auth):
    client = RawClient(server.url)

    assert client.say("40/live,", auth).startswith("44/live,")
    client.leave()


def test_odd_events_and_payloads_harm_nobody(works, town, server, connect):
    _, entry = ask(works, town.mette, town.press)
    raw = RawClient(server.url)
    assert raw.say("40/live,", {"token": token_of(works, town.mette)}).startswith("40/live")
    for event in (
        ["watch"],
        ["watch", None],
        ["watch", 5],
        ["watch", []],
        ["watch", {"topics": 5}],
        ["watch", {"topics": [None, 5, [], {}, "x" * 10_000, "entry:" + "1" * 99, "me"]}],
        ["watch", {"topics": ["me"] * 5_000}],
        ["watch", {}, {}, {}],
        [["watch"], {}],
        [{"a": 1}],
        [5],
        ["connect", {"token": 5}],
        ["trigger_event", "watch"],
        ["__class__"],
        ["disconnected"],
    ):
        raw.send("42/live,", event)

    heard = raw.say("42/live,7", ["watch", {"topics": [entry]}])

    assert json.loads(heard.removeprefix("43/live,7")) == [{entry: {"state": "ok", "version": 1}}]
    raw.leave()
    assert connect(town.mads).watch("me") == {"me": {"state": "ok", "version": 0}}


def test_event_without_a_policy_stops_the_start():
    class Open:
        namespace = "/live"

        @checked_by(Permission.ENTRY_VIEW)
        def on_watch(self):
            """Declared."""

        def on_leak(self):
            """Declared nothing."""

    with pytest.raises(PolicyMissing, match="/live leak"):
        refuse_undeclared_events([Open()])
