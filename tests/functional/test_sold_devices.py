"""What a sale closes, on every path: the seller's samples to the buyer, the buyer's words and machine to the seller."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import joinedload

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.app import create_app
from statusportal.availability.queries import days_of
from statusportal.discussion.service import post_comment
from statusportal.entries.service import edit_entry, move_lifecycle, publish_entry
from statusportal.entries.vocabulary import EntryKind, Lifecycle
from statusportal.fleet.models import Device
from statusportal.fleet.queries import words_seen
from statusportal.fleet.service import DeviceWords, rename_device
from statusportal.foundation.clock import to_ms
from statusportal.foundation.vocabulary import Health
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.search.queries import search
from statusportal.status.queries import intervals_of, status_of
from statusportal.telemetry.queries import last_values_of, raw_points, series
from tests.factories.accounts import actor_for, make_actor, make_organisation, make_person, make_staff, make_staff_actor
from tests.factories.doors import token_of
from tests.factories.fleet import make_device, make_grant, make_limit, make_model, make_transfer

HOUR = timedelta(hours=1)
BUYERS_WORDS = DeviceWords(name="Lindworm", site="Basilisk", firmware="9.9-chimera")
SECRETS = ("Lindworm", "Basilisk", "9.9-chimera")


def send(works, device, organisation, value, at):
    reading = Reading(None, "temperature", to_ms(at), value)
    store_readings(works, Source("credential:test", organisation.id, device.id), [reading])


@pytest.fixture
def sold(works, clock):
    """A device that seller talked about and sold; the buyer gave it words of their own."""
    seller, buyer = make_organisation(works, "seller"), make_organisation(works, "buyer")
    model = make_model(works, "oven")
    make_limit(works, model)
    device = make_device(works, seller, "A-1", model, name="Griffin", site="Hall 1")
    person = make_person(works, seller, MemberRole.CUSTOMER_ADMIN)
    engineer = make_staff_actor(works)
    send(works, device, seller, 20.0, clock.now())
    with works.writing(actor_for(works, person)) as work:
        question = publish_entry(work, device.id, EntryKind.QUESTION, "Why so hot?", "It smells.")
    with works.writing(engineer) as work:
        declared = publish_entry(work, device.id, EntryKind.FIELD_UPDATE, "Bearing gone", "", health=Health.FAILURE)
    with works.writing(engineer) as work:
        move_lifecycle(work, declared.id, Lifecycle.RESOLVED)
    clock.move(HOUR)
    make_transfer(works, device, buyer)
    clock.move(HOUR)
    send(works, device, buyer, 30.0, clock.now())
    with works.writing(make_actor(works, buyer, MemberRole.CUSTOMER_ADMIN)) as work:
        rename_device(work, device.id, BUYERS_WORDS)
    return {
        "seller": person,
        "buyer": buyer,
        "device": device,
        "question": question.id,
        "declared": declared.id,
        "organisation": seller,
    }


def test_buyer_reads_no_sample_and_no_history_of_the_seller(works, clock, sold):
    device, actor = sold["device"], make_actor(works, sold["buyer"])
    until_ms = to_ms(clock.now()) + 1

    with works.reading(actor) as work:
        raw = raw_points(work, device.id, ["temperature"], (0, until_ms)).series[0].points
        drawn = series(work, device.id, ["temperature"], 0, until_ms, 100)[0].points
        newest = [one.value for one in last_values_of(work, device.id)]
        history = intervals_of(work, device.id, 0, to_ms(clock.now() - HOUR))
        known_ms = sum(day.tally.known_ms for day in days_of(work, [device.id])[device.id])

    assert ([value for _, value in raw], [value for _, value in drawn], newest) == ([30.0], [30.0], [30.0])
    assert (history, known_ms) == ([], 0)


def test_first_owner_reads_what_is_older_than_the_registration(works, clock):
    owner = make_organisation(works)
    device = make_device(works, owner, "A-1")
    send(works, device, owner, 20.0, clock.now() - HOUR)

    with works.reading(make_actor(works, owner)) as work:
        found = raw_points(work, device.id, ["temperature"], (0, to_ms(clock.now()))).series[0].points

    assert [value for _, value in found] == [20.0]


def test_words_of_a_device_are_for_those_who_may_look_now(works, sold):
    device = sold["device"]
    guest = make_organisation(works)
    make_grant(works, device, guest, Right.VIEW)
    readers = {
        "seller": actor_for(works, sold["seller"]),
        "buyer": make_actor(works, sold["buyer"]),
        "guest": make_actor(works, guest),
        "staff": make_staff_actor(works),
        "stranger": make_actor(works, make_organisation(works)),
    }

    with works.reading(SYSTEM) as work:
        row = work.session.get_one(Device, device.id, options=[joinedload(Device.model)])

    seen = {}
    for name, actor in readers.items():
        with works.reading(actor) as work:
            words = words_seen(work, [row])[device.id]
            seen[name] = (words.name, words.site, words.firmware)

    plain = ("Oven A-1", "", "")
    present = ("Lindworm", "Basilisk", "9.9-chimera")
    assert seen == {"seller": plain, "buyer": present, "guest": present, "staff": present, "stranger": plain}


def test_former_owner_meets_the_buyers_words_on_no_path(works, sold):
    with works.writing(actor_for(works, sold["seller"])) as work:
        post_comment(work, sold["question"], "Sold, but I still wonder.")
    app = create_app(works.settings, works)
    token = token_of(works, sold["seller"])
    device, entry = sold["device"].id, sold["question"]
    paths = [
        "/",
        "/ask",
        "/search?q=hot",
        "/search?q=wonder",
        f"/devices/{device}",
        f"/devices/{device}/live",
        f"/devices/{device}/timeline",
        f"/entries/{entry}",
        f"/entries/{sold['declared']}",
        f"/entries/{entry}/thread",
        f"/entries/{entry}/edit",
        "/api/v1/devices",
        f"/api/v1/devices/{device}",
        f"/api/v1/devices/{device}/entries",
        f"/api/v1/devices/{device}/signals",
        f"/api/v1/devices/{device}/health",
        f"/api/v1/devices/{device}/conditions",
        f"/api/v1/devices/{device}/telemetry",
        "/api/v1/entries",
        f"/api/v1/entries/{entry}",
        f"/api/v1/entries/{entry}/comments",
        "/api/v1/search?q=hot",
    ]

    client = app.test_client()
    answers = {path: client.get(path, headers={"Authorization": f"Bearer {token}"}) for path in paths}

    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code != 200} == {}
    assert [path for path, answer in answers.items() if any(one in answer.text for one in SECRETS)] == []
    assert answers[f"/api/v1/entries/{entry}"].json["device"]["name"] == "Oven A-1"
    assert answers["/api/v1/search?q=hot"].json["items"][0]["device"]["name"] == "Oven A-1"


def test_former_owner_cannot_guess_the_buyers_words_by_searching_for_them(works, sold):
    seller = actor_for(works, sold["seller"])
    with works.writing(seller) as work:
        post_comment(work, sold["question"], "Still wondering.")
        edit_entry(work, sold["question"], body="It smells of smoke.")

    with works.reading(seller) as work:
        found = {word: search(work, word).total for word in ("Lindworm", "Basilisk", "Griffin", "wondering", "A-1")}

    assert found["Lindworm"] == found["Basilisk"] == 0
    assert (found["Griffin"], found["wondering"]) == (2, 1)
    assert found["A-1"] == 3


def test_former_owner_declares_nothing_about_the_buyers_machine(works, sold):
    with works.writing(actor_for(works, sold["seller"])) as work:
        move_lifecycle(work, sold["declared"], Lifecycle.OPEN)

    with works.reading(SYSTEM) as work:
        status = status_of(work, sold["device"].id)

    assert status is not None
    assert status.health is not Health.FAILURE
    assert "Bearing gone" not in str(status.reason)


def test_staff_still_reads_the_present_words(works, sold):
    app = create_app(works.settings, works)
    token = token_of(works, make_staff(works, StaffRole.ENGINEER))

    answer = app.test_client().get(f"/entries/{sold['question']}", headers={"Authorization": f"Bearer {token}"})

    assert "Lindworm" in answer.text
