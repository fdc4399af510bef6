"""A machine whose derivation fails is set aside alone: others go on, it is told plainly, and nothing of it is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import StaffRole
from statusportal.activations.models import Activation
from statusportal.app import create_app
from statusportal.authoring.editing import set_rules
from statusportal.entries.queries import entries_page
from statusportal.foundation.clock import to_ms
from statusportal.foundation.paging import Slice
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.jobs.keeping_time import status_round
from statusportal.jobs.trying_again import fresh_start, retry_round
from statusportal.profiles.vocabulary import LimitRule
from statusportal.status.models import DeviceStatus, KeptState, SetAside
from statusportal.status.queries import intervals_of, status_of
from statusportal.work import Works
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.browsing import browser_of
from tests.factories.machines import ModelSpec, make_machine

HOT = LimitRule(code="hot", source="tests", signal="temperature", high=90.0, health="failure")
# What no version of the evaluator can go on from.
GARBLED = {"heard": {}, "device": {"no": "such thing"}, "due_ms": None}


@pytest.fixture
def fleet(works):
    """Three machines of one model with a rule, each heard as normal."""
    first = make_machine(works, spec=ModelSpec())
    with works.writing(SYSTEM) as work:
        set_rules(work, first.model_id, (HOT,))
    machines = [first, *(make_machine(works, model_id=first.model_id) for _ in range(2))]
    send(works, machines, 20.0)
    return machines


def send(works, machines, value):
    for machine in machines:
        source = Source("credential:1", machine.organisation_id, machine.id)
        store_readings(works, source, [Reading(None, "temperature", to_ms(works.clock.now()), value)])
    while follow_once(works):
        pass


def garble(works, machine):
    """Plant what the evaluator fails on, and return what was there."""
    with works.writing(SYSTEM) as work:
        row = work.session.get(DeviceStatus, machine.id)
        before, row.memory = row.memory, GARBLED
    return before


def mend(works, machine, memory):
    with works.writing(SYSTEM) as work:
        work.session.get(DeviceStatus, machine.id).memory = memory


def shown(works, machine):
    with works.reading(SYSTEM) as work:
        found = status_of(work, machine.id)
        return str(found.health), str(found.connectivity), found.reason["key"]


def pass_time(works, clock, **span):
    clock.move(timedelta(**span))
    status_round(works, follow_once)


def test_one_that_fails_is_set_aside_and_the_others_go_on(works, clock, fleet):
    good, bad, other = fleet
    garble(works, bad)
    clock.move(timedelta(minutes=1))

    send(works, fleet, 95.0)
    while_it_sends = [shown(works, one) for one in fleet]
    pass_time(works, clock, minutes=6)
    silent = [shown(works, one)[1] for one in fleet]
    send(works, [bad], 20.0)

    assert while_it_sends == [
        ("failure", "online", "rule"),
        ("unknown", "online", "underivable"),
        ("failure", "online", "rule"),
    ]
    assert silent == ["offline"] * 3
    assert shown(works, bad) == ("unknown", "online", "underivable")
    with works.reading(SYSTEM) as work:
        row = work.session.scalars(select(SetAside)).one()
        assert (row.device_id, row.kind, row.is_mute) == (bad.id, "KeyError", False)
        told = {entry.device_id for entry in entries_page(work, Slice()).items if entry.code == "hot"}
        assert told == {good.id, other.id}


def test_after_a_restart_it_is_tried_again_and_nothing_of_it_was_lost(works, clock, fleet):
    _, bad, _ = fleet
    noon_ms = to_ms(clock.now())
    memory = garble(works, bad)
    for value in (95.0, 96.0, 20.0, 97.0):
        clock.move(timedelta(minutes=1))
        send(works, fleet, value)

    restarted = Works(works.engine, clock, works.wiring, works.settings)
    round_of_start = fresh_start(restarted)
    round_of_start()  # in vain: what it fails on is still there
    still = shown(restarted, bad)
    mend(restarted, bad, memory)
    fresh_start(restarted)()
    clock.move(timedelta(minutes=1))
    send(restarted, fleet, 98.0)

    assert still == ("unknown", "online", "underivable")
    with restarted.reading(SYSTEM) as work:
        rows = {}
        for row in work.session.scalars(select(Activation)):
            rows.setdefault(row.device_id, []).append(
                (row.code, row.from_ms - noon_ms, row.to_ms and row.to_ms - noon_ms)
            )
        assert {machine.id: sorted(rows[machine.id]) for machine in fleet} == {
            machine.id: [("hot", 60_000, 180_000), ("hot", 240_000, None)] for machine in fleet
        }
        pieces = {
            machine.id: [
                (one.from_ms - noon_ms, one.health, one.connectivity)
                for one in intervals_of(work, machine.id, 0, 2**50)
            ]
            for machine in fleet
        }
        assert pieces[bad.id] == pieces[fleet[0].id]
        assert work.session.scalars(select(SetAside)).all() == []
    assert shown(restarted, bad) == ("failure", "online", "rule")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_state_that_stays_unreadable_is_left_for_the_newest_that_was_kept(works, clock, fleet):
    _, bad, _ = fleet
    for _ in range(2):  # keeps a state of the second
        clock.move(timedelta(minutes=1))
        send(works, fleet, 20.0)
    garble(works, bad)
    clock.move(timedelta(minutes=1))
    send(works, fleet, 95.0)

    for _ in range(5):
        clock.move(timedelta(hours=1))
        retry_round(works)

    with works.reading(SYSTEM) as work:
        assert work.session.scalars(select(SetAside)).all() == []
    assert shown(works, bad)[0] == "failure"


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_changed_model_lets_its_machines_be_tried_at_once(works, clock, fleet):
    _, bad, _ = fleet
    memory = garble(works, bad)
    send(works, [bad], 30.0)
    clock.move(timedelta(seconds=1))
    send(works, [bad], 95.0)
    mend(works, bad, memory)
    retry_round(works)
    waiting = shown(works, bad)[0]

    with works.writing(SYSTEM) as work:
        set_rules(work, bad.model_id, (LimitRule(code="hot", source="tests", signal="temperature", high=80.0),))
    retry_round(works)

    assert (waiting, shown(works, bad)[0]) == ("unknown", "off_spec")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_history_that_cannot_be_told_again_stays_and_its_machine_goes_on(works, clock, fleet):
    _, bad, _ = fleet
    clock.move(timedelta(minutes=1))
    send(works, fleet, 20.0)
    with works.writing(SYSTEM) as work:
        for row in work.session.scalars(select(KeptState).where(KeptState.device_id == bad.id)):
            row.state = {"health": "no such thing"}
    source = Source("credential:1", bad.organisation_id, bad.id)
    late_ms = to_ms(clock.now() - timedelta(seconds=30))
    store_readings(works, source, [Reading(None, "temperature", late_ms, 20.0)])
    follow_once(works)

    pass_time(works, clock, seconds=40)
    failed = shown(works, bad)[0]
    clock.move(timedelta(minutes=1))
    send(works, fleet, 20.0)
    retry_round(works)
    pass_time(works, clock, seconds=40)

    assert failed == "unknown"
    assert [shown(works, one)[:2] for one in fleet] == [("normal", "online")] * 3
    with works.reading(SYSTEM) as work:
        assert work.session.scalars(select(SetAside)).all() == []


def test_administrators_are_told_which_machines_are_set_aside_and_its_own_page_says_so(works, clock, fleet):
    _, bad, _ = fleet
    garble(works, bad)
    clock.move(timedelta(minutes=1))
    send(works, fleet, 95.0)
    app = create_app(works.settings, works)
    admin, support = (
        browser_of(app, make_person(works, password=PASSWORD, staff_role=role))
        for role in (StaffRole.ADMIN, StaffRole.SUPPORT)
    )
    with works.reading(SYSTEM) as work:
        error_id = str(work.session.scalars(select(SetAside.error_id)).one())

    listed = admin.get("/api/v1/set-aside-devices").get_json()
    page = admin.get("/admin/derivation").text
    own = support.get(f"/devices/{bad.id}").text

    assert [(one["device"]["id"], one["error"], one["error_id"]) for one in listed["items"]] == [
        (str(bad.id), "KeyError", error_id)
    ]
    assert [serial for serial in (one.serial for one in fleet) if f">{serial}<" in page] == [bad.serial]
    assert error_id in page
    assert "Its status cannot be derived since" in own
    assert support.get("/api/v1/set-aside-devices").get_json()["title"] == "Not allowed"
