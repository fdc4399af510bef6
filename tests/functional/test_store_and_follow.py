"""From readings to a status: the two steps of the spine, on both databases."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from devices.reading import Quality, Reading
from statusportal.access.actor import SYSTEM
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import NotFound
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.passage.service import expire_due
from statusportal.reasons.sentences import reason
from statusportal.status.events import ConditionCleared, ConditionRaised, StatusChanged
from statusportal.status.models import DeviceStatus
from statusportal.status.queries import conditions_of, earliest_due, intervals_of, status_of, statuses_of
from statusportal.status.service import declare_condition, withdraw_condition
from statusportal.telemetry.queries import series
from statusportal.telemetry.store.port import Rejection
from statusportal.work import Wiring, Works
from tests.factories.accounts import make_organisation as make_customer
from tests.factories.fleet import make_device, make_transfer
from tests.factories.machines import (
    LimitSpec,
    Machine,
    ModelSpec,
    hand_over,
    make_machine,
    make_organisation,
    member_of,
    staff,
)
from tests.servers.engines import quick_engine

HOT = ModelSpec(limits=(LimitSpec(),))


@dataclass
class Ear:
    """Hear every fact of status in the transaction that tells it."""

    events: list = field(default_factory=list)

    def wiring(self):
        kinds = (StatusChanged, ConditionRaised, ConditionCleared)
        return Wiring([(kind, lambda _work, event: self.events.append(event)) for kind in kinds])

    def told(self):
        words = []
        for event in self.events:
            if isinstance(event, StatusChanged):
                words.append(f"{event.health_after} {event.connectivity_after}")
            else:
                words.append(f"{type(event).__name__} {event.code}")
        return words


@pytest.fixture
def ear():
    return Ear()


@pytest.fixture
def portal(settings, clock, ear):
    engine = quick_engine(settings.database_url)
    yield Works(engine, clock, ear.wiring(), settings)
    engine.dispose()


def send(portal, machine, *readings):
    """Store (signal, seconds before now, value) of one machine by its own token."""
    now_ms = to_ms(portal.clock.now())
    source = Source("credential:1", machine.organisation_id, machine.id)
    given = [Reading(None, signal, now_ms - int(back_s * 1000), value) for signal, back_s, value in readings]
    return store_readings(portal, source, given)


def follow(portal):
    while follow_once(portal):
        pass


def seen(portal, machine, actor=SYSTEM):
    with portal.reading(actor) as work:
        return status_of(work, machine.id)


def test_sample_becomes_a_status_with_its_sentence(portal, ear):
    machine = make_machine(portal, spec=HOT)

    receipt = send(portal, machine, ("temperature", 0, 93.25))
    before = seen(portal, machine)
    follow(portal)
    after = seen(portal, machine)

    assert receipt.accepted == 1
    assert (before.health, before.connectivity, before.version) == (Health.UNKNOWN, Connectivity.NEVER_SEEN, 0)
    assert (after.health, after.connectivity) == (Health.OFF_SPEC, Connectivity.ONLINE)
    assert after.reason["en"] == "Temperature is 93.2\u00a0°C, above the limit of 90.0\u00a0°C."
    assert after.reason["da"] == "Temperature er 93,2\u00a0°C, over grænsen på 90,0\u00a0°C."
    assert after.health_since == portal.clock.now()
    assert ear.told() == ["ConditionRaised hot", "off_spec online"]
    assert {(event.organisation_id, event.ownership_id) for event in ear.events} == {
        (machine.organisation_id, machine.ownership_id)
    }


def test_condition_is_raised_and_cleared_with_its_true_times(portal, clock, ear):
    machine = make_machine(portal, spec=HOT)
    noon = clock.now()

    send(portal, machine, ("temperature", 120, 95.0), ("temperature", 60, 96.0))
    follow(portal)
    clock.move(timedelta(seconds=30))
    send(portal, machine, ("temperature", 10, 80.0))
    follow(portal)

    cleared = next(event for event in ear.events if isinstance(event, ConditionCleared))
    raised = next(event for event in ear.events if isinstance(event, ConditionRaised))
    assert raised.at == cleared.active_since == noon - timedelta(seconds=120)
    assert cleared.at == noon + timedelta(seconds=20)
    with portal.reading(SYSTEM) as work:
        (condition,) = conditions_of(work, machine.id)
    assert (condition.code, condition.count, condition.is_active) == ("hot", 1, False)


def test_follower_that_is_cut_off_begins_again_and_tells_once(portal, ear):
    machine = make_machine(portal, spec=HOT)
    send(portal, machine, ("temperature", 0, 95.0))

    class Cut(BaseException):
        """As the end of a process: no error of a device's."""

    def cut(_work, _event):
        raise Cut

    broken = Works(portal.engine, portal.clock, Wiring([(StatusChanged, cut)]), portal.settings)
    with pytest.raises(Cut):
        follow_once(broken)
    unchanged = seen(portal, machine)
    again = follow_once(portal)
    left = follow_once(portal)

    assert unchanged.version == 0
    assert (again, left) == (1, 0)
    assert ear.told() == ["ConditionRaised hot", "off_spec online"]


def test_portal_that_dies_after_the_store_follows_when_it_is_back(settings, portal, clock, ear):
    machine = make_machine(portal, spec=HOT)
    send(portal, machine, ("temperature", 0, 95.0))
    portal.engine.dispose()

    reborn = Works(quick_engine(settings.database_url), clock, ear.wiring(), settings)
    follow(reborn)

    assert seen(reborn, machine).health is Health.OFF_SPEC
    assert ear.told() == ["ConditionRaised hot", "off_spec online"]
    reborn.engine.dispose()


def test_pending_timer_survives_a_restart_and_fires_at_its_time(settings, portal, clock, ear):
    machine = make_machine(portal, spec=ModelSpec(limits=(LimitSpec(duration_s=90),)))
    noon = clock.now()
    send(portal, machine, ("temperature", 0, 95.0))
    follow(portal)
    reborn = Works(quick_engine(settings.database_url), clock, ear.wiring(), settings)

    clock.move(timedelta(seconds=89))
    with reborn.writing(SYSTEM) as work:
        early = expire_due(work)
        due = earliest_due(work)
    clock.move(timedelta(seconds=11))
    with reborn.writing(SYSTEM) as work:
        late = expire_due(work)

    raised = next(event for event in ear.events if isinstance(event, ConditionRaised))
    assert (early, late, due) == (0, 1, noon + timedelta(seconds=90))
    assert raised.at == noon + timedelta(seconds=90)
    assert seen(reborn, machine).health is Health.OFF_SPEC
    reborn.engine.dispose()


def test_silence_makes_history_at_its_true_times(portal, clock, ear):
    machine = make_machine(portal)
    noon_ms = to_ms(clock.now())
    send(portal, machine, ("temperature", 0, 20.0))
    follow(portal)

    clock.move(timedelta(hours=1))
    with portal.writing(SYSTEM) as work:
        looked_at = expire_due(work)
    with portal.reading(SYSTEM) as work:
        history = intervals_of(work, machine.id, noon_ms, noon_ms + 7_200_000)

    assert looked_at == 1
    assert ear.told() == ["normal online", "normal stale", "unknown offline"]
    assert [((one.from_ms - noon_ms), one.to_ms and one.to_ms - noon_ms, one.connectivity) for one in history] == [
        (0, 120_000, Connectivity.ONLINE),
        (120_000, 300_000, Connectivity.STALE),
        (300_000, None, Connectivity.OFFLINE),
    ]
    status = seen(portal, machine)
    assert (status.health, status.last_health) == (Health.UNKNOWN, Health.NORMAL)


def test_expiry_waits_for_what_stands_in_the_journal(portal, clock):
    machine = make_machine(portal)
    send(portal, machine, ("temperature", 0, 20.0))
    follow(portal)
    clock.move(timedelta(seconds=110))
    send(portal, machine, ("temperature", 0, 21.0))
    clock.move(timedelta(seconds=60))

    with portal.writing(SYSTEM) as work:
        too_soon = expire_due(work)
    follow(portal)
    with portal.writing(SYSTEM) as work:
        after = expire_due(work)

    assert (too_soon, after) == (0, 0)
    assert seen(portal, machine).connectivity is Connectivity.ONLINE


def test_expiry_looks_at_what_is_due_and_no_more(portal, clock):
    quick = [make_machine(portal, spec=ModelSpec(expected_interval_s=10)) for _ in range(5)]
    slow = make_machine(portal, spec=ModelSpec(expected_interval_s=600))
    for machine in [*quick, slow]:
        send(portal, machine, ("temperature", 0, 20.0))
    follow(portal)

    clock.move(timedelta(seconds=30))
    with portal.writing(SYSTEM) as work:
        counts = [expire_due(work, 2), expire_due(work, 2), expire_due(work, 2), expire_due(work, 2)]

    assert counts == [2, 2, 1, 0]
    with portal.reading(SYSTEM) as work:
        statuses = statuses_of(work, [machine.id for machine in [*quick, slow]])
    assert [statuses[machine.id].connectivity for machine in [*quick, slow]] == ["stale"] * 5 + ["online"]


def test_bad_quality_drives_no_limit(portal):
    machine = make_machine(portal, spec=HOT)
    now_ms = to_ms(portal.clock.now())
    source = Source("credential:1", machine.organisation_id, machine.id)

    store_readings(portal, source, [Reading(None, "temperature", now_ms, 99.0, Quality.BAD)])
    follow(portal)

    assert seen(portal, machine).reason["key"] == "nothing_usable"


def test_gateway_speaks_for_its_organisations_machines_only(portal):
    machine, foreign = make_machine(portal), make_machine(portal)
    now_ms = to_ms(portal.clock.now())
    gateway = Source("credential:2", machine.organisation_id)

    receipt = store_readings(
        portal,
        gateway,
        [
            Reading(foreign.serial, "a", now_ms, 1),
            Reading(machine.serial, "a", now_ms, 2),
            Reading("none", "a", now_ms, 3),
            Reading(None, "a", now_ms, 4),
        ],
        [0, 1, 2, 2],
    )

    assert receipt.accepted == 1
    assert receipt.rejected == (
        Rejection(0, "a", f"no device of yours has the serial number '{foreign.serial}'"),
        Rejection(2, "a", "no device of yours has the serial number 'none'"),
        Rejection(2, "a", "no device of yours has the serial number 'None'"),
    )
    with portal.reading(SYSTEM) as work:
        assert work.session.scalars(text("SELECT count(*) FROM sample")).one() == 1


def test_declared_condition_holds_until_withdrawn(portal, clock, ear):
    machine = make_machine(portal)
    why = reason("declared", text="The pump leaks.")

    with portal.writing(staff()) as work:
        declare_condition(work, machine.id, "entry:1", Health.FAILURE, why)
    declared = seen(portal, machine)
    clock.move(timedelta(minutes=1))
    send(portal, machine, ("temperature", 0, 20.0))
    follow(portal)
    heard = seen(portal, machine)
    with portal.writing(staff()) as work:
        withdraw_condition(work, machine.id, "entry:1")

    assert (declared.health, declared.connectivity) == (Health.FAILURE, Connectivity.NEVER_SEEN)
    assert (heard.health, heard.reason["en"]) == (Health.FAILURE, "The pump leaks.")
    assert seen(portal, machine).health is Health.NORMAL
    assert ear.told() == [
        "ConditionRaised entry:1",
        "failure never_seen",
        "failure online",
        "ConditionCleared entry:1",
        "normal online",
    ]


def test_new_owner_begins_anew_and_neither_sees_the_others_status(portal, clock, ear):
    machine = make_machine(portal, spec=HOT)
    buyer_id = make_organisation(portal)
    send(portal, machine, ("temperature", 60, 95.0))
    follow(portal)
    clock.move(timedelta(seconds=30))
    bought_id = hand_over(portal, machine, buyer_id, clock.now())
    clock.move(timedelta(seconds=1))
    seller, buyer = member_of(machine.organisation_id), member_of(buyer_id)

    before = (seen(portal, machine, seller), seen(portal, machine, buyer))
    send(portal, machine, ("temperature", 31.5, 99.0), ("temperature", 0, 20.0))
    follow(portal)
    after = (seen(portal, machine, seller), seen(portal, machine, buyer))

    assert before[0] is after[0] is None
    assert (before[1].health, before[1].reason["key"], before[1].last_sample_at_ms) == ("unknown", "never_seen", None)
    assert (after[1].health, after[1].connectivity) == (Health.NORMAL, Connectivity.ONLINE)
    assert [(type(event).__name__, event.ownership_id) for event in ear.events] == [
        ("ConditionRaised", machine.ownership_id),
        ("StatusChanged", machine.ownership_id),
        ("ConditionCleared", machine.ownership_id),
        ("StatusChanged", bought_id),
        ("StatusChanged", bought_id),
    ]
    with portal.reading(buyer) as work:
        assert conditions_of(work, machine.id) == []
        history = intervals_of(work, machine.id, 0, 2**61)
    assert [(one.health, one.connectivity) for one in history] == [("unknown", "never_seen"), ("normal", "online")]


def test_first_owner_reads_what_is_older_than_the_registration(portal, clock):
    seller, buyer = make_customer(portal), make_customer(portal)
    device = make_device(portal, seller)
    machine = Machine(device.id, device.model_id, seller.id, None, device.serial)
    send(portal, machine, ("temperature", 7200, 95.0), ("temperature", 0, 96.0))
    clock.move(timedelta(seconds=1))
    make_transfer(portal, device, buyer)
    clock.move(timedelta(seconds=1))

    seen_by = {}
    for name, organisation in (("seller", seller), ("buyer", buyer)):
        with portal.reading(member_of(organisation.id)) as work:
            (found,) = series(work, device.id, ["temperature"], 0, 2**61, 100)
            seen_by[name] = [value for _, value in found.points]

    assert seen_by == {"seller": [95.0, 96.0], "buyer": []}


def test_stranger_finds_no_status(portal):
    machine, other = make_machine(portal), make_machine(portal)
    send(portal, machine, ("temperature", 0, 20.0))
    follow(portal)

    with portal.reading(member_of(other.organisation_id)) as work:
        with pytest.raises(NotFound):
            status_of(work, machine.id)
        with pytest.raises(NotFound):
            intervals_of(work, machine.id, 0, 2**61)
        assert statuses_of(work, [machine.id, other.id]).keys() == {other.id}


def test_open_interval_is_one_and_follows_the_status(portal, clock):
    machine = make_machine(portal, spec=HOT)
    for value in (20.0, 95.0, 20.0, 95.0):
        send(portal, machine, ("temperature", 0, value))
        follow(portal)
        clock.move(timedelta(seconds=10))

    with portal.reading(SYSTEM) as work:
        rows = work.session.execute(text("SELECT from_ms, to_ms, health FROM status_interval ORDER BY from_ms")).all()
        row = work.session.scalars(select(DeviceStatus)).one()
    assert [row.health for row in rows] == ["normal", "off_spec", "normal", "off_spec"]
    assert [row.to_ms for row in rows[:-1]] == [row.from_ms for row in rows[1:]]
    assert rows[-1].to_ms is None
    assert row.version == 4
