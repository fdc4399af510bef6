"""A customer's receiver gets what is new: signed, in order, at least once, and nothing that is not that customer's."""

import hashlib
import hmac
import json
from datetime import timedelta

import msgspec
import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.forwarding import queueing
from statusportal.forwarding.calling import Called
from statusportal.forwarding.queries import next_parcels
from statusportal.forwarding.service import begin_call, note_called
from statusportal.foundation.clock import instant_text, to_ms
from statusportal.ingest.follow import follow_once
from statusportal.jobs.forwarding import forwarding_round
from tests.factories.accounts import actor_for, make_organisation, make_person, make_staff, make_staff_actor
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import device_token, make_device, make_transfer
from tests.servers.receiver import Receiver

SECRET = "a shared secret of ours"
HOUR = timedelta(hours=1)


class Story:
    """Alpha chose a receiver on a network that the operator allows."""

    def __init__(self, works, clock, receiver):
        works.settings = msgspec.structs.replace(works.settings, forwarding_allow="127.0.0.0/8")
        self.app, self.works, self.clock, self.receiver = create_app(works.settings, works), works, clock, receiver
        self.alpha, self.beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        self.device = make_device(works, self.alpha, "A-1")
        self.foreign = make_device(works, self.beta, "B-1")
        self.admin = make_person(works, self.alpha, MemberRole.CUSTOMER_ADMIN)
        self.visitor = Visitor(self.app.test_client(), token_of(works, self.admin))
        self.id = self.begin().json["id"]

    def begin(self, **changes):
        words = {"name": "Kilde Energi", "address": self.receiver.url, "secret": SECRET, **changes}
        return self.visitor.ask("POST", f"/api/v1/organisations/{self.alpha.id}/forwardings", json=words)

    def send(self, device, number, signal="speed"):
        machine = Visitor(self.app.test_client(), device_token(self.works, device))
        body = {"ts": to_ms(self.clock.now()), "values": {signal: number}}
        assert machine.ask("POST", "/api/v1/telemetry", json=body).status_code == 200
        self.clock.move(timedelta(seconds=1))

    def deliver(self):
        while follow_once(self.works):
            pass
        while forwarding_round(self.works) == 0.0:
            pass

    def ask(self, method, end=""):
        return self.visitor.ask(method, f"/api/v1/forwardings/{self.id}{end}")

    def samples(self):
        return [item["value"] for item in self.receiver.items if item["kind"] == "sample"]


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def story(works, clock, receiver):
    return Story(works, clock, receiver)


def test_new_samples_status_and_entries_arrive_signed_and_nothing_of_ours_with_them(story):
    story.send(story.device, 1.5)
    with story.works.writing(actor_for(story.works, story.admin)) as work:
        publish_entry(work, story.device.id, EntryKind.QUESTION, "Why?", "It smells.")

    story.deliver()

    kinds = sorted({item["kind"] for item in story.receiver.items})
    assert (kinds, story.samples()) == (["entry", "sample", "status"], [1.5])
    headers, body = story.receiver.calls[0]
    sent_at, _, digest = headers["X-Portal-Signature"].removeprefix("t=").partition(",v1=")
    assert digest == hmac.new(SECRET.encode(), f"{sent_at}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Portal-Parcel"] == json.loads(body)["id"]
    ours = {"Cookie", "Authorization", "Referer", "X-CSRFToken"}
    assert ours & {name for given, _ in story.receiver.calls for name in given} == set()


def test_nothing_of_others_or_of_staff_arrives(story):
    story.send(story.foreign, 66.6)
    with story.works.writing(make_staff_actor(story.works, StaffRole.ENGINEER)) as work:
        publish_entry(work, story.device.id, EntryKind.FIELD_UPDATE, "canary", "inside", audience=Audience.INTERNAL)
    story.send(story.device, 1.0)
    make_transfer(story.works, story.device, story.beta)
    story.clock.move(HOUR)
    story.send(story.device, 77.7)

    story.deliver()

    whole = b"".join(body for _, body in story.receiver.calls)
    assert (story.samples(), b"canary" in whole, b"66.6" in whole) == ([1.0], False, False)


def test_receiver_that_fails_gets_everything_later_in_order(story, clock):
    story.receiver.answers = [503, 500, 429]
    for number in range(3):
        story.send(story.device, float(number))
        while follow_once(story.works):
            pass
    for _ in range(40):
        forwarding_round(story.works)
        clock.move(timedelta(seconds=10))

    seen = list(dict.fromkeys(item["id"] for item in story.receiver.items if item["kind"] == "sample"))
    assert [one.rpartition(":")[2] for one in seen] == sorted(one.rpartition(":")[2] for one in seen)
    assert len(seen) == 3
    told = story.ask("GET").json
    assert (told["unsent"], told["sent"] >= 3, told["last_trouble"]) == (0, True, "")


def test_parcel_that_is_refused_is_given_up_in_sight_and_sent_again_when_asked(story, clock):
    story.receiver.answers = [422] * 20
    story.ask("POST", "/test")
    for _ in range(25):
        forwarding_round(story.works)
        clock.move(2 * HOUR)
    dead = story.ask("GET", "/deliveries").json["items"]

    story.ask("POST", "/retry")
    story.deliver()

    (again,) = story.ask("GET", "/deliveries").json["items"]
    assert [(one["state"], one["attempts"], one["status"]) for one in dead] == [("dead", 20, 422)]
    assert (again["state"], again["attempts"], again["status"]) == ("sent", 1, 200)


def test_redirect_is_not_followed(story):
    story.receiver.answers = [301, 302, 307, 308]
    story.receiver.location = f"http://127.0.0.1:{story.receiver.port}/elsewhere"
    story.ask("POST", "/test")

    story.deliver()

    assert len(story.receiver.calls) == 1
    assert story.ask("GET", "/deliveries").json["items"][0]["trouble"].endswith("not followed (HTTP 301).")


def test_address_is_judged_again_at_every_call(story):
    story.send(story.device, 1.0)
    story.works.settings = msgspec.structs.replace(story.works.settings, forwarding_allow="")

    story.deliver()

    assert story.receiver.calls == []
    assert "leads inside" in story.ask("GET").json["last_trouble"]


def test_what_is_new_during_a_pause_is_sent_in_order_afterwards_and_ended_never_again(story):
    story.ask("POST", "/pause")
    for number in range(3):
        story.send(story.device, float(number))
        story.deliver()
    paused = (list(story.receiver.calls), story.ask("GET").json["waiting"])
    story.ask("POST", "/resume")
    story.send(story.device, 3.0)
    story.deliver()
    ended = story.ask("POST", "/end").json["state"]
    story.send(story.device, 4.0)
    story.deliver()

    assert paused == ([], 4)  # three samples, and the machine that came on line
    assert (story.samples(), ended, story.ask("POST", "/resume").status_code) == ([0.0, 1.0, 2.0, 3.0], "ended", 409)


def test_receiver_that_is_away_for_days_loses_nothing_and_holds_a_week_at_most(story, clock):
    story.receiver.answers = [503] * 200
    story.send(story.device, 0.0)
    story.deliver()
    for _ in range(72):
        clock.move(HOUR)
        forwarding_round(story.works)
    story.send(story.device, 1.0)
    clock.move(timedelta(days=4, hours=1))
    forwarding_round(story.works)
    old = story.ask("GET").json
    story.receiver.answers = []
    story.ask("POST", "/resume")
    story.deliver()

    assert story.ask("GET").json["waiting"] == 0
    assert (old["unsent"] > 0, old["last_trouble"]) == (True, "The receiver has trouble of its own (HTTP 503).")
    assert story.samples()[-1] == 1.0


def test_oldest_gives_way_where_too_much_waits(story, monkeypatch):
    monkeypatch.setattr(queueing, "MOST_WAITING", 4)
    monkeypatch.setattr(queueing, "ITEMS_AT_ONCE", 2)
    story.ask("POST", "/end")
    story.id = story.begin(kinds=["sample"]).json["id"]
    story.ask("POST", "/pause")
    for number in range(6):
        story.send(story.device, float(number))
        while follow_once(story.works):
            pass
    told = story.ask("GET").json
    story.ask("POST", "/resume")
    story.deliver()

    assert (story.samples(), told["waiting"], told["unsent"]) == ([2.0, 3.0, 4.0, 5.0], 4, 2)


def test_parcel_that_is_under_way_takes_nothing_more(story):
    story.send(story.device, 1.0)
    while follow_once(story.works):
        pass
    with story.works.writing(SYSTEM) as work:
        begun = {one.id for one in next_parcels(work)}
        for one in begun:
            begin_call(work, one)
    story.send(story.device, 2.0)
    while follow_once(story.works):
        pass
    with story.works.writing(SYSTEM) as work:
        for one in begun:
            note_called(work, one, Called(200))
    story.deliver()

    assert story.samples()[-1] == 2.0


def test_last_day_ends_a_forwarding_by_itself(story, clock):
    story.id = story.begin(ends_at=instant_text(clock.now() + HOUR)).json["id"]
    clock.move(2 * HOUR)
    forwarding_round(story.works)

    assert story.ask("GET").json["state"] == "ended"


def test_only_what_was_named_is_sent(story):
    story.ask("POST", "/end")
    other = make_device(story.works, story.alpha, "A-2")
    story.begin(devices=[str(story.device.id)], signals=["speed"], kinds=["sample"])
    story.send(story.device, 1.0)
    story.send(story.device, 2.0, "heat")
    story.send(other, 3.0)

    story.deliver()

    assert [(item["kind"], item["value"]) for item in story.receiver.items] == [("sample", 1.0)]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"address": "https://127.1/"}, None),
        ({"address": "https://10.0.0.1/"}, "/address"),
        ({"address": "http://93.184.216.34/"}, "/address"),
        ({"secret": "short"}, "/secret"),
        ({"name": ""}, "/name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(story, changes, pointer):
    answer = story.begin(**changes)

    found = [one["pointer"] for one in answer.json.get("errors", [])]
    assert (answer.status_code, found) == ((422, [pointer]) if pointer else (201, []))


def test_machine_of_somebody_else_cannot_be_forwarded(story):
    answer = story.begin(devices=[str(story.foreign.id)])

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/devices/0")


def test_secret_is_never_shown_and_strangers_see_nothing(story):
    told = story.ask("GET").text
    made = story.begin(secret=None).json
    others = [make_person(story.works, story.alpha), make_person(story.works, story.beta, MemberRole.CUSTOMER_ADMIN)]
    others.append(make_staff(story.works, StaffRole.ADMIN))
    seen = [
        Visitor(story.app.test_client(), token_of(story.works, one)).ask("GET", f"/api/v1/forwardings/{story.id}")
        for one in others
    ]

    assert len(made["secret"]) > 40
    assert made["secret"] not in story.visitor.ask("GET", f"/api/v1/forwardings/{made['id']}").text
    assert (SECRET in told, "secret" in told, [one.status_code for one in seen]) == (False, False, [404] * 3)
