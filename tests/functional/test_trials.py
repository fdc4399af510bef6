"""Story: before a rule is kept one sees what it would have done, by the evaluator that judges live."""

from datetime import timedelta

import pytest

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import StaffRole
from statusportal.authoring.editing import set_rules
from statusportal.catalogue.modelling import SignalWords, declare_signal
from statusportal.catalogue.queries import rules_of
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import Forbidden, Invalid, NotFound
from statusportal.foundation.vocabulary import Health
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.profiles.vocabulary import BaselineRule, CombinationRule, LimitRule
from statusportal.trials import previewing, trying
from statusportal.trials.previewing import Question, preview_rule
from statusportal.trials.trying import Change, try_model
from statusportal.tuning.service import OwnLimit, remove_own_limit, set_own_limit
from statusportal.tuning.vocabulary import Band
from tests.factories.accounts import make_organisation, make_staff_actor
from tests.factories.fleet import make_device, make_model

SOURCE = "manual, page 7"
DAYS = timedelta(days=40)
HOT = LimitRule(code="HOT", source=SOURCE, signal="heat", high=90.0, hysteresis=5.0, pending_s=600.0)
# Minutes before now, and the value: two hot spells, one of which is too short, one long before, and one that goes on.
SPELLS = [
    *((45_000 - step, 95.0) for step in range(0, 60, 5)),
    (10_000, 50.0),
    *((9_000 - step, 96.0 + step / 10) for step in range(0, 30, 5)),
    (8_970, 80.0),
    (5_000, 50.0),
    (4_999, 120.0),
    (4_995, 60.0),
    *((100 - step, 91.0) for step in range(0, 100, 5)),
]


@pytest.fixture
def model(works):
    model = make_model(works, "oven", expected_interval_s=86_400)
    with works.writing(SYSTEM) as work:
        for name in ("heat", "load"):
            declare_signal(work, model.id, name, SignalWords(unit="°C"))
    return model


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def device(works, alpha, model):
    return make_device(works, alpha, model=model, from_at=works.clock.now() - DAYS)


def send(works, alpha, device, minutes, signal="heat"):
    now_ms = to_ms(works.clock.now())
    readings = [Reading(None, signal, now_ms - back * 60_000, value) for back, value in minutes]
    store_readings(works, Source("credential:1", alpha.id, device.id), readings)


def previewed(works, model, device, rule, actor=SYSTEM, **more):
    with works.reading(actor) as work:
        return preview_rule(work, model.id, Question(rule, device.id, **more))


def test_preview_counts_times_durations_peaks_and_what_was_too_short(works, alpha, model, device):
    send(works, alpha, device, SPELLS)
    now_ms = to_ms(works.clock.now())

    seen = previewed(works, model, device, HOT)

    assert (seen.times, seen.samples, seen.is_cut, seen.is_too_little) == (2, len(SPELLS) - 12, False, False)
    assert [(one.from_ms, one.to_ms, one.peak) for one in seen.firings] == [
        (now_ms - 8_990 * 60_000, now_ms - 8_970 * 60_000, 98.5),
        (now_ms - 90 * 60_000, None, 91.0),
    ]
    assert [(one.to_ms - one.from_ms) // 60_000 for one in seen.passings] == [4]
    assert seen.active_ms == (20 + 90) * 60_000
    assert (seen.signal, max(value for _, value in seen.points), seen.times_before) == ("heat", 120.0, None)


def test_preview_is_held_against_the_rule_as_it_stands_and_what_it_is_made_of(works, alpha, model, device):
    send(works, alpha, device, SPELLS)
    with works.writing(SYSTEM) as work:
        set_rules(work, model.id, [HOT, LimitRule(code="MILD", source=SOURCE, signal="heat", high=85.0)])
        set_own_limit(work, device.id, "HOT", OwnLimit(Band(high=200.0), "It stands beside the furnace."))
    wider = LimitRule(code="HOTTER", source=SOURCE, signal="heat", high=98.0)
    both = CombinationRule(code="BOTH", source=SOURCE, all_of=("HOT", "MILD"))

    assert previewed(works, model, device, wider, instead_of="HOT").times_before == 2
    assert previewed(works, model, device, both).times == 0, "a part of it has another limit on this machine"
    with works.writing(SYSTEM) as work:
        remove_own_limit(work, device.id, "HOT")
    assert [(one.code, one.signal) for one in previewed(works, model, device, both).firings] == [("BOTH", None)] * 2


def test_too_few_samples_and_a_normal_that_is_not_learned_are_said(works, alpha, model, device):
    send(works, alpha, device, [(5, 20.0), (4, 21.0)])
    learning = BaselineRule(code="ODD", source=SOURCE, signal="*", learn=50)

    seen = previewed(works, model, device, learning)

    assert (seen.times, seen.samples, seen.is_too_little, seen.signal) == (0, 2, True, None)
    assert 0 < seen.learned < 1


def test_preview_looks_at_no_more_than_it_may_and_says_so(works, alpha, model, device, monkeypatch):
    monkeypatch.setattr(previewing, "MOST_SAMPLES", 12)
    send(works, alpha, device, [(minute * 60, 20.0) for minute in range(200)])

    seen = previewed(works, model, device, HOT)

    assert (seen.is_cut, seen.samples, seen.to_ms - seen.from_ms <= 86_400_000) == (True, 12, True)


def test_preview_is_for_who_edits_models_of_a_machine_of_the_model_and_of_a_rule_that_holds(works, alpha, model):
    device, other = make_device(works, alpha, model=model), make_device(works, alpha)
    wrong = LimitRule(code="HOT", source=SOURCE, signal="cold", low=2.0, high=1.0)

    with pytest.raises(Forbidden):
        previewed(works, model, device, HOT, make_staff_actor(works, StaffRole.SUPPORT))
    with pytest.raises(NotFound):
        previewed(works, model, alpha, HOT, make_staff_actor(works, StaffRole.PRODUCT))
    with pytest.raises(Invalid, match="/device: is not a machine of this model"):
        previewed(works, model, other, HOT)
    with pytest.raises(Invalid) as caught:
        previewed(works, model, device, wrong)
    assert [error.pointer for error in caught.value.errors] == ["/signal", "/low"]


def test_dry_run_names_who_would_change_and_how_many_it_looked_at(works, alpha, model, device, monkeypatch):
    sister, calm = (make_device(works, alpha, model=model, from_at=works.clock.now() - DAYS) for _ in range(2))
    for one, value in ((device, 100.0), (sister, 100.0), (calm, 20.0)):
        send(works, alpha, one, [(60, value), (1, value)])
    with works.writing(SYSTEM) as work:
        set_rules(work, model.id, [HOT])
        set_own_limit(work, sister.id, "HOT", OwnLimit(Band(high=200.0), "It stands beside the furnace."))
        before = rules_of(work, [model.id])[model.id]
        set_rules(work, model.id, [])
        change = Change(before, rules_of(work, [model.id])[model.id])

    with works.reading(SYSTEM) as work:
        whole = try_model(work, model.id, change)
        monkeypatch.setattr(trying, "MOST_SAMPLES", 1)
        part = try_model(work, model.id, change, most_samples=trying.MOST_SAMPLES)
    with works.reading(make_staff_actor(works, StaffRole.SUPPORT)) as work, pytest.raises(Forbidden):
        try_model(work, model.id, change)

    assert [(one.device_id, one.was, one.would_be, one.codes) for one in whole.turns] == [
        (device.id, Health.OFF_SPEC, Health.NORMAL, ())
    ]
    assert (whole.looked_at, whole.devices, part.looked_at, part.devices) == (3, 3, 1, 3)
