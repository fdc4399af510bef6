"""Story: one machine is judged by a limit of its own, from its next sample on, whatever becomes of its model."""

from datetime import timedelta

import pytest

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.authoring.editing import set_rules
from statusportal.catalogue.modelling import LimitWords, SignalWords, declare_signal, set_limit
from statusportal.catalogue.vocabulary import Side
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import Forbidden, Invalid, NotFound
from statusportal.foundation.vocabulary import Health
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.profiles.vocabulary import CombinationRule, LimitRule
from statusportal.status.queries import status_of
from statusportal.trials.previewing import Question, preview_rule
from statusportal.tuning.models import DeviceLimit
from statusportal.tuning.queries import count_own_limits, own_limits_of, rules_of_device
from statusportal.tuning.service import OwnLimit, remove_own_limit, set_own_limit
from statusportal.tuning.vocabulary import Band
from tests.factories.accounts import make_actor, make_organisation, make_staff_actor
from tests.factories.fleet import make_device, make_grant, make_limit, make_model, make_transfer, present_ownership_of

HIGHER = Band(high=95.0)
REASON = "It stands beside the furnace."
BAND = LimitRule(code="BAND", source="manual, page 7", signal="pressure", low=6.0, high=8.0, hysteresis=0.1)


@pytest.fixture
def model(works):
    model = make_model(works, "oven")
    make_limit(works, model, threshold=80.0, hysteresis=0.0)
    with works.writing(SYSTEM) as work:
        declare_signal(work, model.id, "pressure", SignalWords(unit="bar"))
        set_rules(work, model.id, [BAND])
    return model


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def device(works, alpha, model):
    return make_device(works, alpha, model=model)


def give(works, actor, device, code="temperature_high", band=HIGHER):
    with works.writing(actor) as work:
        return set_own_limit(work, device.id, code, OwnLimit(band, REASON))


def health_of(works, device, **values):
    now_ms = to_ms(works.clock.now())
    source = Source("credential:1", present_ownership_of(works, device).organisation_id, device.id)
    store_readings(works, source, [Reading(None, name, now_ms, value) for name, value in values.items()])
    while follow_once(works):
        pass
    with works.reading(SYSTEM) as work:
        return status_of(work, device.id).health


def test_machine_is_judged_by_its_own_number_and_its_sisters_by_the_models(works, clock, alpha, model, device):
    sister = make_device(works, alpha, model=model)
    give(works, make_actor(works, alpha, MemberRole.CUSTOMER_ADMIN), device)
    give(works, SYSTEM, device, "BAND", Band(low=5.0, high=9.0))

    first = [health_of(works, one, temperature=90.0, pressure=5.5) for one in (device, sister)]
    with works.writing(SYSTEM) as work:
        set_limit(work, model.id, "temperature", "temperature_high", LimitWords(side=Side.HIGH, threshold=70.0))
    clock.move(timedelta(seconds=10))
    second = [health_of(works, one, temperature=90.0, pressure=5.5) for one in (device, sister)]
    with works.writing(SYSTEM) as work:
        remove_own_limit(work, device.id, "temperature_high")
    clock.move(timedelta(seconds=10))

    assert first == second == [Health.NORMAL, Health.OFF_SPEC]
    assert health_of(works, device, temperature=90.0, pressure=5.5) is Health.OFF_SPEC
    with works.reading(SYSTEM) as work:
        assert dict(count_own_limits(work, model.id)) == {"BAND": 1}


@pytest.mark.parametrize(
    ("code", "band", "pointer"),
    [
        ("temperature_high", Band(), "/high"),
        ("temperature_high", Band(low=1.0), "/low"),
        ("BAND", Band(low=9.0), "/low"),
        ("BAND", Band(low=7.95), "/low"),
        ("BAND", Band(high=float("inf")), "/high"),
    ],
)
def test_impossible_number_is_refused_by_its_field(works, device, code, band, pointer):
    with works.writing(SYSTEM) as work, pytest.raises(Invalid) as caught:
        set_own_limit(work, device.id, code, OwnLimit(band, REASON))

    assert {error.pointer for error in caught.value.errors} == {pointer}
    with works.writing(SYSTEM) as work, pytest.raises(NotFound):
        set_own_limit(work, device.id, "UNKNOWN", OwnLimit(Band(high=1.0), REASON))


def test_only_who_may_sets_one_and_only_who_sees_the_machine_reads_it(works, clock, alpha, device):
    beta, gamma = make_organisation(works, "beta"), make_organisation(works, "gamma")
    make_grant(works, device, beta, Right.VIEW | Right.MANAGE)
    stranger = make_actor(works, gamma, MemberRole.CUSTOMER_ADMIN)
    give(works, make_staff_actor(works, StaffRole.ENGINEER), device)
    give(works, make_actor(works, beta), device, "BAND", Band(high=9.0))

    for actor, trouble in (
        (make_actor(works, alpha), Forbidden),
        (make_staff_actor(works, StaffRole.PRODUCT), Forbidden),
        (stranger, NotFound),
    ):
        with pytest.raises(trouble):
            give(works, actor, device)
        with pytest.raises(trouble), works.writing(actor) as work:
            remove_own_limit(work, device.id, "BAND")
    with works.reading(make_actor(works, alpha)) as work:
        assert [(row.code, row.high, row.reason) for row in own_limits_of(work, device.id)] == [
            ("BAND", 9.0, REASON),
            ("temperature_high", 95.0, REASON),
        ]
    with works.reading(stranger) as work, pytest.raises(NotFound):
        own_limits_of(work, device.id)
    clock.move(timedelta(seconds=60))
    make_grant(works, device, gamma)
    with works.reading(make_actor(works, gamma)) as work:
        assert [row.high for row in own_limits_of(work, device.id)] == [9.0, 95.0]


def test_buyer_begins_with_the_models_numbers_and_reads_nothing_of_the_sellers(works, clock, alpha, device):
    beta = make_organisation(works, "beta")
    give(works, SYSTEM, device)
    clock.move(timedelta(seconds=60))
    make_transfer(works, device, beta)
    buyer = make_actor(works, beta, MemberRole.CUSTOMER_ADMIN)

    with works.reading(buyer) as work:
        assert own_limits_of(work, device.id) == []
        assert rules_of_device(work, device).limits[0].threshold == 80.0
    assert health_of(works, device, temperature=90.0) is Health.OFF_SPEC
    with works.reading(SYSTEM) as work:
        assert [row.reason for row in work.session.query(DeviceLimit)] == [REASON]


def test_combination_is_tried_on_a_machine_by_the_machines_own_numbers(works, clock, alpha, model, device):
    give(works, make_actor(works, alpha, MemberRole.CUSTOMER_ADMIN), device)
    both = CombinationRule(code="BOTH", source="manual, page 8", all_of=("temperature_high", "BAND"))
    for temperature in (85.0, 99.0):
        clock.move(timedelta(seconds=10))
        health_of(works, device, temperature=temperature, pressure=9.0)

    with works.reading(SYSTEM) as work:
        tried = preview_rule(work, model.id, Question(both, device.id, days=1))

    hot_ms = to_ms(clock.now())
    assert [(one.code, one.from_ms) for one in tried.firings] == [("BOTH", hot_ms)], "85 °C is well on this machine"
