"""A condition as people deal with it: seen, shelved for a while, out of service, and back by itself."""

from datetime import timedelta

import pytest

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import Right
from statusportal.app import create_app
from statusportal.authoring.editing import set_rules
from statusportal.foundation.clock import to_ms
from statusportal.http.json_provider import rfc3339
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.jobs.sweeping import sweep_round
from statusportal.profiles.vocabulary import Aggregate, WindowRule
from tests.factories.accounts import make_organisation, make_person, make_staff
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device, make_grant, make_limit, make_model, make_transfer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HIGH = "temperature_high"


class Plant:
    """Alpha's oven with a limit on its temperature, and the people around it."""

    def __init__(self, works, clock):
        self.works, self.clock = works, clock
        alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        model = make_model(works, "oven")
        make_limit(works, model)
        self.alpha, self.beta = alpha, beta
        self.device = make_device(works, alpha, "A-1", model)
        other = make_device(works, beta, "B-1", model)
        app = create_app(works.settings, works)
        people = {
            "mette": make_person(works, alpha, name="Mette Kragh"),
            "dealer": make_person(works, beta),
            "stranger": make_person(works, make_organisation(works, "gamma")),
            "engineer": make_staff(works),
        }
        self.at = f"/api/v1/devices/{self.device.id}/conditions"
        self.elsewhere = f"/api/v1/devices/{other.id}/conditions"
        self.doors = {name: Visitor(app.test_client(), token_of(works, one)) for name, one in people.items()}

    def heat(self, value):
        """Store one temperature of now and follow it."""
        self.clock.move(timedelta(seconds=30))
        source = Source("credential:test", self.alpha.id, self.device.id)
        store_readings(self.works, source, [Reading(None, "temperature", to_ms(self.clock.now()), value)])
        while follow_once(self.works):
            pass

    def ask(self, name, method, path="", **body):
        return self.doors[name].ask(method, self.at + path, **({"json": body} if body else {}))

    def shown(self, name="mette"):
        return {one["code"]: one for one in self.ask(name, "GET").json["items"]}

    def entries(self):
        found = self.doors["mette"].ask("GET", f"/api/v1/devices/{self.device.id}/entries").json["items"]
        return [(one["code"], one["lifecycle"]) for one in reversed(found)]


@pytest.fixture
def plant(works, clock):
    return Plant(works, clock)


def until(clock, after):
    return rfc3339(clock.now() + after)


def test_acknowledged_condition_names_who_has_seen_it_and_moves_its_entry(plant, clock):
    plant.heat(20.0)
    plant.heat(99.0)
    before = plant.shown()[HIGH]

    answered = plant.ask("mette", "POST", f"/{HIGH}/acknowledge")
    again = plant.ask("engineer", "POST", f"/{HIGH}/acknowledge")

    assert (before["acknowledged"], before["state"], before["rest"]) == (None, "active", None)
    assert (answered.status_code, again.status_code) == (200, 200)
    assert answered.json["acknowledged"] == {"at": rfc3339(clock.now()), "by": "Mette Kragh"}
    assert again.json == answered.json
    assert plant.entries() == [(HIGH, "acknowledged")]


def test_shelved_condition_opens_no_entry_until_its_time_is_over(plant, clock):
    plant.heat(99.0)
    plant.heat(20.0)
    shelved = plant.ask("mette", "POST", f"/{HIGH}/shelve", until=until(clock, DAY), reason="Stocktaking this week")

    plant.heat(99.0)

    assert shelved.json["rest"] == {
        "state": "shelved",
        "until": until(clock, DAY - timedelta(seconds=30)),
        "reason": "Stocktaking this week",
        "by": "Mette Kragh",
        "at": until(clock, -timedelta(seconds=30)),
    }
    assert plant.entries() == [(HIGH, "monitoring")]
    device = plant.doors["mette"].ask("GET", f"/api/v1/devices/{plant.device.id}").json
    assert device["health"] == "off_spec", "the status is true all the same"

    clock.move(DAY)
    sweep_round(plant.works)

    assert plant.entries() == [(HIGH, "open")]
    assert plant.shown()[HIGH]["rest"] is None


def test_condition_out_of_service_rests_until_it_is_brought_back(plant, clock):
    plant.heat(99.0)
    plant.heat(20.0)
    gone = plant.ask("engineer", "POST", f"/{HIGH}/out-of-service", reason="The sensor is out")
    plant.heat(99.0)
    clock.move(100 * DAY)
    sweep_round(plant.works)
    plant.heat(99.0)
    still = plant.entries()

    woken = plant.ask("engineer", "DELETE", f"/{HIGH}/rest")

    assert (gone.json["rest"]["state"], gone.json["rest"]["until"]) == ("out_of_service", None)
    assert still[0] == (HIGH, "monitoring")
    assert HIGH not in [code for code, lifecycle in still if lifecycle == "open"]
    assert woken.status_code == 204
    assert (HIGH, "open") in plant.entries()
    assert plant.ask("engineer", "DELETE", f"/{HIGH}/rest").status_code == 204


def test_rest_of_one_owner_is_nothing_to_the_next(plant, clock):
    plant.heat(99.0)
    plant.ask("mette", "POST", f"/{HIGH}/shelve", until=until(clock, DAY), reason="Secret of the seller")
    clock.move(HOUR)
    make_transfer(plant.works, plant.device, plant.beta)
    clock.move(HOUR)
    plant.heat(20.0)
    plant.heat(99.0)

    theirs = plant.doors["dealer"].ask("GET", plant.at)
    opened = plant.doors["dealer"].ask("GET", f"/api/v1/devices/{plant.device.id}/entries").json["items"]

    assert [(one["code"], one["rest"]) for one in theirs.json["items"]] == [(HIGH, None)]
    assert b"Secret" not in theirs.data
    assert [one["code"] for one in opened] == [HIGH]
    assert plant.ask("mette", "POST", f"/{HIGH}/shelve", until=until(clock, DAY), reason="No").status_code == 403


def test_rights_decide_who_may_silence(plant, works, clock):
    plant.heat(99.0)
    words = {"until": until(clock, HOUR), "reason": "Quiet"}
    make_grant(works, plant.device, plant.beta, Right.VIEW | Right.ACK)
    by_ack = plant.ask("dealer", "POST", f"/{HIGH}/shelve", **words)
    make_grant(works, plant.device, plant.beta, Right.MANAGE)
    by_manage = plant.ask("dealer", "POST", f"/{HIGH}/shelve", **words)

    foreign = plant.ask("stranger", "POST", f"/{HIGH}/shelve", **words)
    missing = plant.doors["stranger"].ask(
        "POST", f"/api/v1/devices/00000000-0000-7000-8000-000000000000/conditions/{HIGH}/shelve", json=words
    )

    assert (by_ack.status_code, by_manage.status_code) == (403, 200)
    assert (foreign.status_code, foreign.data) == (404, missing.data)
    assert plant.ask("mette", "POST", "/no-such-code/shelve", **words).status_code == 404


def test_page_says_why_and_takes_what_people_do_about_it(plant, clock):
    plant.heat(20.0)
    plant.heat(99.0)
    at = f"/devices/{plant.device.id}"
    mette, stranger = plant.doors["mette"], plant.doors["stranger"]
    before = mette.ask("GET", f"{at}/why").text
    seen = mette.ask("POST", f"{at}/conditions/{HIGH}/acknowledge")
    refused = mette.ask("POST", f"{at}/conditions/{HIGH}/rest", data={"length": "hour", "reason": ""})
    nothing = mette.ask("POST", f"{at}/conditions/{HIGH}/rest", data={"length": "ever", "reason": "Quiet"})
    kept = mette.ask("POST", f"{at}/conditions/{HIGH}/rest", data={"length": "hour", "reason": "<b>Stocktaking</b>"})
    after = mette.ask("GET", f"{at}/why").text

    assert "Temperature read 99.0 °C" in before.replace("\N{NO-BREAK SPACE}", " ")
    assert "Temperature at most 78.0 °C" in before.replace("\N{NO-BREAK SPACE}", " ")
    assert "Nobody has acknowledged it yet" in before
    assert [one.status_code for one in (seen, refused, nothing, kept)] == [303, 422, 422, 303]
    assert "must not be empty" in refused.text.lower()
    assert "Acknowledged by Mette Kragh" in after
    assert "“&lt;b&gt;Stocktaking&lt;/b&gt;”" in after
    assert mette.ask("POST", f"{at}/conditions/{HIGH}/wake").status_code == 303
    assert plant.shown()[HIGH]["rest"] is None
    assert stranger.ask("GET", f"{at}/why").status_code == 404


def test_rule_of_another_kind_is_told_with_its_source(plant, works):
    warm = WindowRule(
        code="warm", source="manual, page 7", signal="temperature", aggregate=Aggregate.MEAN, samples=2, high=50.0
    )
    with works.writing(SYSTEM) as work:
        set_rules(work, plant.device.model_id, (warm,))
    for value in (60.0, 62.0):
        plant.heat(value)

    page = plant.doors["mette"].ask("GET", f"/devices/{plant.device.id}/why").text

    assert "Temperature breaks the rule warm." in page
    assert "Out of specification when the mean of Temperature over 2 values is above" in page
    assert "manual, page 7" in page
    assert "To clear: at most 50.0\N{NO-BREAK SPACE}°C. Now 61.0\N{NO-BREAK SPACE}°C." in page


@pytest.mark.parametrize(
    ("words", "pointer"),
    [
        ({"until": "-1h", "reason": "Quiet"}, "/until"),
        ({"until": "+91d", "reason": "Quiet"}, "/until"),
        ({"until": "+1h", "reason": " "}, "/reason"),
        ({"until": "+1h", "reason": "x" * 301}, "/reason"),
        ({"until": "+1h", "reason": "two\nlines"}, "/reason"),
        ({"reason": "for ever"}, "/until"),
    ],
)
def test_wrong_shelf_names_its_field_and_changes_nothing(plant, clock, words, pointer):
    plant.heat(99.0)
    after = {"-1h": -HOUR, "+91d": 91 * DAY, "+1h": HOUR}
    body = {**words, **({"until": until(clock, after[words["until"]])} if "until" in words else {})}

    answer = plant.ask("mette", "POST", f"/{HIGH}/shelve", **body)

    assert (answer.status_code, [one["pointer"] for one in answer.json["errors"]]) == (422, [pointer])
    assert plant.shown()[HIGH]["rest"] is None
