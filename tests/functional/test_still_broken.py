"""Who uses a machine says that it is still broken: their word counts for its health until people resolve it."""

from datetime import timedelta

import pytest

from devices.reading import Reading
from statusportal.access.vocabulary import Right
from statusportal.app import create_app
from statusportal.foundation.clock import to_ms
from statusportal.http.json_provider import rfc3339
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.jobs.sweeping import sweep_round
from tests.factories.accounts import make_organisation, make_person, make_staff
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device, make_grant, make_limit, make_model


class Plant:
    """Alpha's oven with a limit on its temperature, a dealer who was let at it, and the people around it."""

    def __init__(self, works, clock):
        self.works, self.clock = works, clock
        self.alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        model = make_model(works, "oven")
        make_limit(works, model)
        self.device = make_device(works, self.alpha, "A-1", model)
        make_device(works, beta, "B-1", model)
        make_grant(works, self.device, beta, Right.VIEW | Right.ACK)
        app = create_app(works.settings, works)
        people = {
            "mette": make_person(works, self.alpha),
            "dealer": make_person(works, beta),
            "stranger": make_person(works, make_organisation(works, "gamma")),
            "engineer": make_staff(works),
        }
        self.doors = {name: Visitor(app.test_client(), token_of(works, one)) for name, one in people.items()}

    def heat(self, value, minutes=0.5):
        self.clock.move(timedelta(minutes=minutes))
        source = Source("credential:test", self.alpha.id, self.device.id)
        store_readings(self.works, source, [Reading(None, "temperature", to_ms(self.clock.now()), value)])
        while follow_once(self.works):
            pass

    def ask(self, name, method, path, **body):
        return self.doors[name].ask(method, f"/api/v1{path}", **({"json": body} if body else {}))

    def entry(self):
        return self.ask("mette", "GET", f"/devices/{self.device.id}/entries").json["items"][0]

    def health(self):
        return self.ask("mette", "GET", f"/devices/{self.device.id}").json["health"]


@pytest.fixture
def plant(works, clock):
    plant = Plant(works, clock)
    plant.heat(20.0)
    plant.heat(99.0)
    plant.heat(20.0)
    return plant


@pytest.mark.parametrize("who", ["mette", "dealer", "engineer"])
def test_word_of_who_uses_it_overrides_green_until_people_resolve_it(plant, clock, who):
    before, entry = plant.health(), plant.entry()
    address = f"/entries/{entry['id']}"

    said = plant.ask(who, "POST", f"{address}/still-broken")
    again = plant.ask(who, "POST", f"{address}/still-broken")
    at_once = plant.health()
    for _ in range(3):
        plant.heat(20.0, minutes=24 * 60)
        sweep_round(plant.works)
    days_later, still = plant.health(), plant.ask("mette", "GET", address).json
    resolved = plant.ask("engineer", "PATCH", address, lifecycle="resolved").json

    assert (before, entry["lifecycle"], entry["still_broken_since"]) == ("normal", "monitoring", None)
    assert (said.status_code, said.json["lifecycle"]) == (200, "open")
    assert again.json["version"] == said.json["version"]
    assert (at_once, days_later) == ("off_spec", "off_spec")
    assert (still["lifecycle"], still["still_broken_since"]) == ("open", said.json["still_broken_since"])
    assert (plant.health(), resolved["lifecycle"], resolved["still_broken_since"]) == ("normal", "resolved", None)
    lines = [one["body_markdown"] for one in plant.ask("mette", "GET", f"{address}/comments").json["items"]]
    assert lines[-2:] == ["It is still broken, says who uses it: reopened until people resolve it.", "Resolved."]


def test_clearing_alarm_does_not_end_what_people_doubt(plant):
    plant.heat(99.0)
    address = f"/entries/{plant.entry()['id']}"
    plant.ask("mette", "POST", f"{address}/still-broken")

    plant.heat(20.0)

    assert (plant.health(), plant.entry()["lifecycle"]) == ("off_spec", "open")


def test_doubt_needs_something_to_doubt_and_the_right_to_say_it(plant, clock):
    asked = plant.ask("mette", "POST", f"/devices/{plant.device.id}/entries", kind="question", title="Why?").json
    address = f"/entries/{asked['id']}/still-broken"

    open_one = plant.ask("mette", "POST", address)
    plant.ask("engineer", "PATCH", f"/entries/{asked['id']}", lifecycle="resolved")
    resolved = plant.ask("mette", "POST", address)

    assert (open_one.status_code, open_one.json["detail"]) == (
        409,
        "This entry says of nothing that it is broken, or that it is over.",
    )
    assert (resolved.status_code, resolved.json["still_broken_since"]) == (200, rfc3339(clock.now()))
    assert plant.health() == "failure"
    assert plant.ask("stranger", "POST", address).status_code == 404
