"""Story: each rule of a machine says where it stands, to who may look at the machine now and to nobody else."""

from datetime import timedelta

import pytest

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.app import create_app
from statusportal.authoring.editing import set_rules
from statusportal.catalogue.modelling import SignalWords, declare_signal
from statusportal.catalogue.vocabulary import SignalKind, SignalTraits
from statusportal.foundation.clock import to_ms
from statusportal.http.json_provider import rfc3339
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.passage.service import expire_due
from statusportal.profiles.vocabulary import (
    Aggregate,
    BaselineRule,
    CombinationRule,
    CounterRule,
    LimitRule,
    NoChangeRule,
    RateRule,
    WindowRule,
)
from tests.factories.accounts import make_organisation, make_person
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device, make_limit, make_model, make_transfer, present_ownership_of
from tests.factories.queries import counted_queries

SOURCE = "manual, page 7"
RULES = (
    LimitRule(code="press", source=SOURCE, signal="pressure", high=8.0, pending_s=600.0, keep_firing_s=300.0),
    WindowRule(code="warm", source=SOURCE, signal="temperature", aggregate=Aggregate.MEAN, samples=2, high=50.0),
    RateRule(code="fast", source=SOURCE, signal="temperature", high=5.0, over_s=60.0, per_s=60.0),
    NoChangeRule(code="stuck", source=SOURCE, signal="pressure", for_s=3_600.0),
    CounterRule(code="oil", source=SOURCE, signal="hours", every=500.0, ahead=20.0),
    BaselineRule(code="odd", source=SOURCE, signal="temperature", learn=50, window=8),
    CombinationRule(code="both", source=SOURCE, all_of=("warm", "press")),
)


class Plant:
    def __init__(self, works, clock):
        self.works, self.clock = works, clock
        self.alpha, self.beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        model = make_model(works, "oven")
        make_limit(works, model)
        with works.writing(SYSTEM) as work:
            possible = SignalTraits(lowest=-20.0, highest=200.0)
            declare_signal(work, model.id, "pressure", SignalWords(unit="bar", traits=possible))
            declare_signal(work, model.id, "temperature", SignalWords(unit="°C", traits=possible))
            declare_signal(work, model.id, "hours", SignalWords(unit="h", kind=SignalKind.NUMBER))
            set_rules(work, model.id, RULES)
        self.device = make_device(works, self.alpha, "A-1", model)
        app = create_app(works.settings, works)
        people = {"mette": make_person(works, self.alpha), "buyer": make_person(works, self.beta)}
        self.doors = {name: Visitor(app.test_client(), token_of(works, one)) for name, one in people.items()}

    def send(self, **values):
        self.clock.move(timedelta(seconds=60))
        source = Source(
            "credential:test", present_ownership_of(self.works, self.device).organisation_id, self.device.id
        )
        readings = [Reading(None, name, to_ms(self.clock.now()), value) for name, value in values.items()]
        store_readings(self.works, source, readings)
        while follow_once(self.works):
            pass

    def rules(self, name="mette"):
        answer = self.doors[name].ask("GET", f"/api/v1/devices/{self.device.id}/rules")
        return {one["code"]: one for one in answer.json["items"]} if answer.status_code == 200 else answer.status_code

    def page(self, name="mette"):
        text = self.doors[name].ask("GET", f"/devices/{self.device.id}/why").text
        return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def plant(works, clock):
    return Plant(works, clock)


def states(rules):
    return {code: one["state"] for code, one in rules.items()}


def test_each_rule_says_its_state_its_value_and_what_it_takes(plant, clock):
    silent = states(plant.rules())
    plant.send(temperature=40.0, pressure=5.0, hours=1_000.0)
    plant.send(temperature=62.0, pressure=9.0, hours=1_012.5)
    noon = clock.now()
    found = plant.rules()

    assert set(silent.values()) == {"no_data"}
    assert states(found) == {
        "warm": "active",
        "fast": "active",
        "press": "pending",
        "both": "normal",
        "odd": "no_data",
        "oil": "normal",
        "stuck": "normal",
        "temperature_high": "normal",
    }
    assert [found["warm"][name] for name in ("measure", "value", "high", "kind")] == [51.0, 62.0, 50.0, "window"]
    assert (found["fast"]["measure"], found["oil"]["measure"], found["stuck"]["measure"]) == (22.0, 12.5, 0.0)
    assert found["press"]["due_at"] == rfc3339(noon + timedelta(seconds=600))
    assert found["both"]["parts"] == [{"code": "warm", "state": "active"}, {"code": "press", "state": "pending"}]
    assert found["odd"]["learned"] == 0.04
    words = plant.page()
    for said in (
        "To clear: at most 50.0 °C.",
        "it fires at",
        "12.5 h of 500.0 h counted since the last service.",
        "warm: active, press: pending",
        "No verdict yet: 4 % of its normal is learned.",
    ):
        assert said in words


def test_states_go_through_recovery_error_and_silence_and_survive_a_restart(plant, clock):
    plant.send(temperature=40.0, pressure=9.0)
    for _ in range(10):
        plant.send(pressure=9.5)
    fired = plant.rules()["press"]
    plant.send(pressure=5.0)
    recovering = plant.rules()["press"]
    again = {code: one for code, one in Plant.rules(plant).items() if code == "press"}["press"]
    plant.send(pressure=-99.0, temperature=850.0)
    broken = plant.rules()
    clock.move(timedelta(minutes=10))
    with plant.works.writing(SYSTEM) as work:
        expire_due(work)
    silent = states(plant.rules())

    assert (fired["state"], fired["takes"]) == (
        "active",
        "To clear: at most 8.0\N{NO-BREAK SPACE}bar for 5\N{NO-BREAK SPACE}min.",
    )
    assert (recovering["state"], again) == ("recovering", recovering)
    assert recovering["due_at"] is not None
    assert [broken[code]["state"] for code in ("press", "stuck", "temperature_high")] == [
        "recovering",
        "error",
        "error",
    ]
    assert "−99.0\N{NO-BREAK SPACE}bar is no value that it can use." in broken["stuck"]["stands"]
    assert set(silent.values()) == {"no_data"}


def test_owner_before_sees_no_rule_and_the_owner_after_only_their_own_time(plant, clock):
    plant.send(temperature=40.0, pressure=9.0)
    plant.send(temperature=99.0, pressure=9.0)
    before = plant.rules("buyer")
    clock.move(timedelta(seconds=1))
    make_transfer(plant.works, plant.device, plant.beta)

    former, buyer = plant.rules("mette"), plant.rules("buyer")
    plant.send(temperature=20.0)
    later = plant.rules("buyer")

    assert (before, former) == (404, {})
    assert set(states(buyer).values()) == {"no_data"}
    assert {(one["value"], one["measure"], one["count"]) for one in buyer.values()} == {(None, None, 0)}
    assert (later["temperature_high"]["state"], later["press"]["value"]) == ("normal", None)
    assert "Active since" not in plant.page("mette")


def test_more_rules_cost_no_more_queries(plant, works):
    plant.send(temperature=40.0, pressure=9.0)
    plant.rules()
    with counted_queries(works) as many:
        plant.rules()
    with works.writing(SYSTEM) as work:
        set_rules(work, plant.device.model_id, RULES[:1])
    plant.rules()
    with counted_queries(works) as few:
        plant.rules()

    assert len(many) == len(few)
