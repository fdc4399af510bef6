"""Work that is planned on machines: who agrees to it, what it silences, what it leaves out, and whom it is told."""

from datetime import timedelta

import msgspec
import pytest

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right
from statusportal.app import create_app
from statusportal.foundation.clock import to_ms
from statusportal.http.json_provider import rfc3339
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.jobs.delivery import deliver_once
from statusportal.jobs.sweeping import sweep_round
from statusportal.notifications.channels.opening import mail_of
from statusportal.notifications.telling import VISIT
from statusportal.passage.service import expire_due
from tests.factories.accounts import make_organisation, make_person, make_staff
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device, make_grant, make_limit, make_model, make_transfer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Plant:
    """Alpha's oven with a limit, beta's beside it, and the people around them; the clock is at noon UTC.

    An oven reports every four hours: after twenty it is offline.
    """

    def __init__(self, works, clock):
        works.settings = msgspec.structs.replace(
            works.settings, smtp_url="recording:", mail_from="portal@nordvaerk.example", public_url="https://localhost"
        )
        self.works, self.clock, self.begun = works, clock, clock.now()
        self.alpha, self.beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        model = make_model(works, "oven", expected_interval_s=4 * 3600)
        make_limit(works, model)
        self.device = make_device(works, self.alpha, "A-1", model)
        self.other = make_device(works, self.beta, "B-1", model)
        self.people = {
            "mette": make_person(works, self.alpha, name="Mette Kragh"),
            "soren": make_person(works, self.alpha, MemberRole.CUSTOMER_ADMIN),
            "bent": make_person(works, self.beta, MemberRole.CUSTOMER_ADMIN),
            "dealer": make_person(works, make_organisation(works, "gamma")),
            "engineer": make_staff(works),
        }
        app = create_app(works.settings, works)
        self.doors = {name: Visitor(app.test_client(), token_of(works, one)) for name, one in self.people.items()}
        self.at = f"/devices/{self.device.id}/maintenance"

    def ask(self, who, method, path, **body):
        return self.doors[who].ask(method, f"/api/v1{path}", **({"json": body} if body else {}))

    def plan(self, who, hours, at=None, **more):
        """Plan from so many hours after noon to so many; `more` is the rest of the body."""
        begins, ends = hours
        times = {"from": rfc3339(self.begun + begins * HOUR), "to": rfc3339(self.begun + ends * HOUR)}
        return self.ask(who, "POST", at or self.at, **{"title": "Oil filter", **times, **more})

    def wait_until(self, hours):
        self.clock.set(self.begun + hours * HOUR)
        with self.works.writing(SYSTEM) as work:
            expire_due(work)
        sweep_round(self.works)

    def letters(self):
        while deliver_once(self.works, VISIT):
            pass
        return list(mail_of(self.works).letters)

    def heat(self, value):
        source = Source("credential:test", self.alpha.id, self.device.id)
        store_readings(self.works, source, [Reading(None, "temperature", to_ms(self.clock.now()), value)])
        while follow_once(self.works):
            pass

    def entries(self, who="mette"):
        found = self.ask(who, "GET", f"/devices/{self.device.id}/entries").json["items"]
        return [(one["kind"], one["lifecycle"]) for one in reversed(found)]


@pytest.fixture
def plant(works, clock):
    return Plant(works, clock)


def pointers(answer):
    return answer.status_code, [one["pointer"] for one in answer.json["errors"]]


def test_visit_is_proposed_moved_confirmed_done_and_told(plant):
    made = plant.plan("engineer", (24, 26)).json
    here = f"/maintenance/{made['id']}"
    own = plant.ask("engineer", "POST", f"{here}/confirm").status_code
    later = {"from": rfc3339(plant.begun + 48 * HOUR), "to": rfc3339(plant.begun + 50 * HOUR)}
    moved = plant.ask("mette", "PATCH", here, **later).json
    told = plant.letters()
    confirmed = plant.ask("engineer", "POST", f"{here}/confirm").json
    told_then = plant.letters()[len(told) :]
    early = plant.ask("engineer", "POST", f"{here}/finish").status_code
    page = plant.doors["mette"].ask("GET", f"/devices/{plant.device.id}").text
    plant.wait_until(49)
    late = plant.ask("mette", "POST", f"{here}/cancel").status_code
    done = plant.ask("engineer", "POST", f"{here}/finish").json
    again = plant.ask("engineer", "POST", f"{here}/finish").status_code
    thread = plant.ask("mette", "GET", f"/entries/{made['id']}/comments").json["items"]
    entry = plant.ask("mette", "GET", f"/entries/{made['id']}").json

    assert (made["state"], made["proposed_by"], made["time_zone"]) == ("planned", "operator", "Europe/Copenhagen")
    assert (own, early, late, again) == (409, 409, 409, 409)
    assert (moved["state"], moved["proposed_by"], moved["was_from"]) == ("moved", "customer", made["from"])
    assert sorted(one.to for one in told) == sorted(plant.people[name].email for name in ("engineer", "soren"))
    assert {one.subject for one in told} == {"The visit to Oven A-1 has another time"}
    assert "20 November 2026, 13:00–15:00 CET" in told[0].text
    assert [one.to for one in told_then] == [plant.people["soren"].email]
    assert confirmed["state"] == "confirmed"
    assert "Work planned: 20 November 2026, 13:00–15:00 CET. Oil filter. Confirmed." in page
    assert (done["state"], done["to"]) == ("done", rfc3339(plant.begun + 49 * HOUR))
    assert [one["body_markdown"] for one in thread] == [
        "Planned work: moved to 20 November 2026, 13:00–15:00 CET",
        "Planned work: confirmed, 20 November 2026, 13:00–15:00 CET",
        "Planned work: done",
    ]
    assert (entry["kind"], entry["lifecycle"], entry["author"]["role"]) == ("maintenance", "resolved", "engineer")


def test_what_happens_in_agreed_work_is_recorded_left_out_and_news_only_if_it_stays(plant):
    plant.heat(20.0)
    plant.plan("mette", (1, 3), kind="window")
    plant.plan("engineer", (3, 4))
    plant.wait_until(2)
    plant.heat(99.0)
    during = plant.ask("mette", "GET", f"/devices/{plant.device.id}/conditions").json["items"]
    health = plant.ask("mette", "GET", f"/devices/{plant.device.id}").json["health"]
    plant.wait_until(2.9)
    before = plant.entries()
    plant.wait_until(3)
    after = plant.entries()
    plant.wait_until(8)
    counted = plant.ask("mette", "GET", f"/devices/{plant.device.id}/availability").json["total"]
    planned = plant.doors["mette"].ask("GET", "/maintenance").text

    assert [(one["code"], one["state"]) for one in during] == [("temperature_high", "active")]
    assert (health, before) == ("off_spec", [("maintenance", "open"), ("maintenance", "open")])
    assert after == [*before, ("condition", "open")]
    assert [counted[f"{name}_s"] // 3600 for name in ("up", "down", "planned")] == [1, 5, 2]
    assert counted["breakdowns"] == 1
    assert "Planned work does not count as down." in planned


def test_what_cleared_meanwhile_is_no_news_and_silence_is_told_at_the_end(plant):
    plant.plan("mette", (1, 30), kind="window")
    plant.wait_until(2)
    plant.heat(99.0)
    plant.wait_until(4)
    plant.heat(20.0)
    plant.wait_until(29)
    before = plant.entries(), plant.ask("mette", "GET", f"/devices/{plant.device.id}").json["connectivity"]
    plant.wait_until(30)

    assert before == ([("maintenance", "open")], "offline")
    assert plant.entries() == [("maintenance", "open"), ("transition", "open")]


def test_each_reader_sees_and_changes_their_own_part_and_bad_times_are_refused(plant):
    window = plant.plan("mette", (24, 26), f"/organisations/{plant.alpha.id}/maintenance", kind="window").json
    visit = plant.plan("mette", (28, 32)).json["id"]
    foreign = plant.plan("bent", (24, 26), f"/devices/{plant.other.id}/maintenance").json["id"]
    make_grant(plant.works, plant.device, plant.people["dealer"], Right.VIEW)

    def listed(who):
        return [one["id"] for one in plant.ask(who, "GET", "/maintenance").json["items"]]

    assert [
        pointers(plant.plan("mette", hours)) for hours in ((42, 40), (40, 40), (-3, 2), (40, 40 + 32 * 24), (25, 27))
    ] == [(422, ["/to"]), (422, ["/to"]), (422, ["/from"]), (422, ["/to"]), (422, ["/from"])]
    assert pointers(plant.plan("mette", (40, 41), title=" ")) == (422, ["/title"])
    assert window["devices"] == [str(plant.device.id)]
    assert (listed("mette"), listed("dealer"), listed("bent")) == ([window["id"], visit],) * 2 + ([foreign],)
    assert sorted(listed("engineer")) == sorted([window["id"], visit, foreign])
    assert plant.ask("dealer", "POST", f"/maintenance/{visit}/cancel").status_code == 403
    assert plant.ask("bent", "POST", f"/maintenance/{visit}/cancel").status_code == 404
    assert [plant.plan(who, (40, 41)).status_code for who in ("bent", "dealer")] == [404, 403]
    make_grant(plant.works, plant.device, plant.people["dealer"], Right.VIEW | Right.MANAGE)
    assert plant.plan("dealer", (40, 41)).status_code == 201
    assert plant.ask("dealer", "POST", f"/maintenance/{visit}/cancel").json["state"] == "cancelled"
    make_device(plant.works, plant.alpha, "A-2")
    both = plant.plan("mette", (50, 52), f"/organisations/{plant.alpha.id}/maintenance").json
    seen = plant.ask("dealer", "GET", f"/maintenance/{both['id']}").json["devices"]
    assert (len(both["devices"]), seen) == (2, [str(plant.device.id)])
    assert plant.ask("dealer", "POST", f"/maintenance/{both['id']}/cancel").status_code == 403
    plant.wait_until(25)
    make_transfer(plant.works, plant.device, plant.beta)
    assert (listed("mette")[:1], listed("bent")) == ([window["id"]], [foreign])
    assert plant.ask("bent", "GET", f"/maintenance/{window['id']}").status_code == 404
    assert plant.plan("bent", (30, 31)).status_code == 201
