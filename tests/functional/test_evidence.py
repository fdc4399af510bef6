"""A comment points at the curve: copied when pinned, read by who reads the comment, and of one's own time alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.discussion.restoring import forget_taken_back
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.erasure.erasing import erase_person
from statusportal.erasure.vocabulary import OwnWords
from statusportal.evidence import copying
from statusportal.evidence.models import Evidence
from statusportal.foundation.clock import instant_text, to_ms
from statusportal.retention.deleting import delete_batch
from statusportal.retention.vocabulary import Kept
from statusportal.telemetry.queries import series
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person, make_staff
from tests.factories.browsing import browser_of, words
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import device_token, make_device, make_limit, make_model, make_transfer

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Story:
    """Alpha had the oven while it warmed to 95, and sold it to beta, under whom it stands at 20."""

    def __init__(self, settings, works, clock):
        self.app, self.works, self.clock = create_app(settings, works), works, clock
        self.alpha, self.beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        model = make_model(works, "oven")
        make_limit(works, model)
        self.began = clock.now() - 5 * HOUR
        self.device = make_device(works, self.alpha, "A-1", model, from_at=self.began)
        self.people = {
            "mette": make_person(works, self.alpha, MemberRole.CUSTOMER_ADMIN, name="Mette", password=PASSWORD),
            "bo": make_person(works, self.beta, MemberRole.CUSTOMER_ADMIN, password=PASSWORD),
            "engineer": make_staff(works, StaffRole.ENGINEER),
        }
        self.visitors = {one: Visitor(self.app.test_client(), token_of(works, who)) for one, who in self.people.items()}
        self.machine = Visitor(self.app.test_client(), device_token(works, self.device))
        self.at = self.began + HOUR
        self.send([(self.at + place * MINUTE, 60.0 + place) for place in range(36)])
        self.entry = self.publish("mette", Audience.SHARED)

    def send(self, samples):
        body = [{"ts": to_ms(at), "values": {"temperature": value}} for at, value in samples]
        answer = self.machine.ask("POST", "/api/v1/telemetry", json=body)
        assert answer.json["accepted"] == len(samples)

    def publish(self, who, audience):
        with self.works.writing(actor_for(self.works, self.people[who])) as work:
            return publish_entry(work, self.device.id, EntryKind.QUESTION, "Why?", "", audience=audience)

    def sell(self):
        make_transfer(self.works, self.device, self.beta)
        self.clock.move(10 * MINUTE)
        self.machine = Visitor(self.app.test_client(), device_token(self.works, self.device))
        self.send([(self.clock.now(), 20.0)])

    def say(self, who="mette", *pins, entry=None, **more):
        body = {"body": "Look", "evidence": list(pins), **more}
        return self.visitors[who].ask("POST", f"/api/v1/entries/{(entry or self.entry).id}/comments", json=body)

    def pin(self, place=0, **more):
        return {"signal": "temperature", "from": instant_text(self.at + place * MINUTE), **more}

    def read(self, who="mette"):
        items = self.visitors[who].ask("GET", f"/api/v1/entries/{self.entry.id}/comments").json["items"]
        return [one["evidence"] for one in items if one["evidence"]]


@pytest.fixture
def story(settings, works, clock):
    return Story(settings, works, clock)


def test_moment_value_and_range_are_copied_under_letters(story):
    said = story.say(
        "mette",
        story.pin(31),
        story.pin(35, value=95.02, unit="°C"),
        story.pin(0, to=instant_text(story.at + HOUR / 2)),
    )

    first, second, third = said.json["evidence"]
    assert said.status_code == 201
    assert [one["letter"] for one in (first, second, third)] == ["A", "B", "C"]
    assert [(one["value"], one["last_value"], one["unit"]) for one in (first, second, third)] == [
        (91.0, None, "°C"),
        (95.0, None, "°C"),
        (60.0, 90.0, "°C"),
    ]
    assert third["points"] == [[to_ms(story.at + place * MINUTE), 60.0 + place] for place in range(31)]
    assert story.read() == [[first, second, third]]


def test_copy_is_read_when_the_samples_are_gone(story, works):
    story.say("mette", story.pin(31))
    before = story.read()

    with works.writing(SYSTEM) as work:
        while delete_batch(work, Kept.SAMPLES, story.clock.now()):
            pass
    raw = story.visitors["mette"].ask("GET", f"/api/v1/devices/{story.device.id}/telemetry?signal=temperature&from=0")

    page = browser_of(story.app, story.people["mette"]).get(f"/entries/{story.entry.id}").text
    assert raw.json["points"] == []
    assert story.read() == before
    assert "91" in words(page)


WRONG = {
    "a signal that is none": ({"signal": "nothing"}, "/evidence/0/from"),
    "a time of silence": ({"from": "1999-01-01T00:00:00Z"}, "/evidence/0/from"),
    "another unit": ({"unit": "K"}, "/evidence/0/unit"),
    "another value": ({"value": 12.0}, "/evidence/0/value"),
    "an end before its beginning": ({"to": "1999-01-01T00:00:00Z"}, "/evidence/0/to"),
    "a name of a field that is none": ({"points": [[1, 2]]}, "/evidence/0/points"),
    "a value that is a list": ({"value": [1]}, "/evidence/0/value"),
}


@pytest.mark.parametrize("what", WRONG)
def test_pin_that_the_machine_does_not_bear_out_is_refused_with_the_comment(story, what):
    more, pointer = WRONG[what]

    answer = story.say("mette", {**story.pin(31), **more})

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json["errors"]] == [pointer]
    assert story.read() == []


def test_pins_have_a_number_that_a_comment_holds(story):
    answer = story.say("mette", *[story.pin(31)] * 11)

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/evidence")


def test_ranges_of_a_comment_reach_over_a_week_together(story):
    long = {"from": instant_text(story.at - 4 * 24 * HOUR), "to": instant_text(story.at)}
    answer = story.say("mette", *[{"signal": "temperature", **long}] * 2)

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/evidence")
    assert answer.json["errors"][0]["detail"] == "may reach over 7 days together"


def test_nothing_that_is_pinned_is_read_while_others_wait_to_write(story, works, monkeypatch):
    def reading(work, *asked):
        with works.writing(SYSTEM):
            return series(work, *asked)

    monkeypatch.setattr(copying, "series", reading)

    assert story.say("mette", story.pin(31)).json["evidence"][0]["value"] == 91.0


def test_nobody_pins_another_owners_time_not_even_staff_under_an_entry_of_before(story):
    story.sell()
    theirs = {"signal": "temperature", "from": instant_text(story.clock.now())}
    entry = story.publish("bo", Audience.SHARED)

    over_it = {**story.pin(31), "to": instant_text(story.clock.now() + HOUR)}
    answers = {
        "staff, buyer's time under the seller's entry": story.say("engineer", theirs),
        "staff, a range over the sale": story.say("engineer", over_it),
        "staff, seller's time under the buyer's entry": story.say("engineer", story.pin(31), entry=entry),
        "buyer, seller's time": story.say("bo", story.pin(31), entry=entry),
        "buyer, own time": story.say("bo", theirs, entry=entry),
        "seller, who only reads now": story.say("mette", story.pin(31)),
    }

    assert {what: one.status_code for what, one in answers.items()} == {
        "staff, buyer's time under the seller's entry": 422,
        "staff, a range over the sale": 201,
        "staff, seller's time under the buyer's entry": 422,
        "buyer, seller's time": 422,
        "buyer, own time": 201,
        "seller, who only reads now": 403,
    }
    (over,) = answers["staff, a range over the sale"].json["evidence"]
    assert [value for _at, value in over["points"]] == [91.0, 92.0, 93.0, 94.0, 95.0]


def test_evidence_and_its_letters_tell_nothing_of_internal_words(story):
    story.say("engineer", story.pin(31), audience="internal")
    story.say("mette", story.pin(32))

    seen = {who: [[one["letter"] for one in pins] for pins in story.read(who)] for who in ("mette", "engineer")}
    chart = browser_of(story.app, story.people["mette"]).get(f"/devices/{story.device.id}?signal=temperature").text

    assert seen == {"mette": [["A"]], "engineer": [["ia"], ["A"]]}
    assert chart.count("chart__pin") == 1


def test_evidence_goes_with_its_comment_and_with_its_author(story, works):
    first, second = (story.say("mette", story.pin(place)).json for place in (31, 32))
    story.say("engineer", story.pin(33))

    story.visitors["mette"].ask("DELETE", f"/api/v1/comments/{first['id']}")
    left = [[one["letter"] for one in pins] for pins in story.read()]
    story.clock.move(MINUTE)
    with works.writing(SYSTEM) as work:
        forget_taken_back(work)
    with works.reading(SYSTEM) as work:
        kept = work.session.scalars(select(Evidence.letter).order_by(Evidence.letter)).all()
    with works.writing(SYSTEM) as work:
        erase_person(work, story.people["mette"].id, OwnWords.GONE)

    with works.reading(SYSTEM) as work:
        letters = work.session.scalars(select(Evidence.letter)).all()
    assert (second["evidence"][0]["letter"], left) == ("B", [["B"], ["C"]])
    assert kept == ["B", "C"]
    assert letters == ["C"]


def test_form_without_scripts_pins_by_two_times_and_by_picks(story):
    browser = browser_of(story.app, story.people["mette"])
    page = f"/entries/{story.entry.id}"
    local = (story.at + 31 * MINUTE).astimezone().strftime("%Y-%m-%dT%H:%M")
    picked = f"{to_ms(story.at)},{to_ms(story.at + 30 * MINUTE)},temperature"

    sent = browser.send(f"{page}/comments", page, body="Look", evidence=picked)
    wrong = browser.send(f"{page}/comments", page, body="Kept words", evidence=["never,,temperature", picked])
    shown = browser.get(page).text

    assert (sent.status_code, wrong.status_code, bool(local)) == (303, 422, True)
    assert "Kept words" in wrong.text
    assert f'value="{picked}" checked' in wrong.text
    assert "60 → 90" in words(shown)
    assert f"/devices/{story.device.id}?signal=temperature" in shown
    device = browser.get(f"/devices/{story.device.id}?signal=temperature&at={to_ms(story.at)}").text
    assert f"/entries/{story.entry.id}#c-" in device
