"""A service that was done: the counter that called for it counts anew, and its condition clears."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.authoring.editing import set_rules
from statusportal.foundation.clock import to_ms
from statusportal.foundation.vocabulary import Health
from statusportal.http.json_provider import rfc3339
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.judges.counting import months_after
from statusportal.passage.service import expire_due
from statusportal.profiles.vocabulary import CounterRule
from tests.factories.accounts import make_organisation, make_person, make_staff
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device, make_grant, make_limit, make_model, make_transfer

HOUR = timedelta(hours=1)
DUE = CounterRule(
    code="SERVICE", source="The maker", signal="temperature", every=500.0, health=Health.MAINTENANCE_REQUIRED
)


class Plant:
    """Alpha's compressor, which is to be serviced every 500 hours, and the people around it."""

    def __init__(self, works, clock):
        self.works, self.clock = works, clock
        self.alpha, beta, gamma = (make_organisation(works, name) for name in ("alpha", "beta", "gamma"))
        model = make_model(works, "compressor")
        make_limit(works, model, threshold=1e6)
        with works.writing(SYSTEM) as work:
            set_rules(work, model.id, (DUE,))
        self.device = make_device(works, self.alpha, "A-1", model)
        make_grant(works, self.device, beta, Right.VIEW | Right.MANAGE)
        make_grant(works, self.device, gamma, Right.VIEW | Right.ACK)
        app = create_app(works.settings, works)
        self.people = people = {
            "admin": make_person(works, self.alpha, role=MemberRole.CUSTOMER_ADMIN),
            "dealer": make_person(works, beta),
            "watcher": make_person(works, gamma),
            "engineer": make_staff(works),
        }
        self.doors = {name: Visitor(app.test_client(), token_of(works, one)) for name, one in people.items()}
        self.at = f"/api/v1/devices/{self.device.id}"

    def count(self, value):
        """Store what the counter shows now and follow it."""
        self.clock.move(timedelta(seconds=30))
        source = Source("credential:test", self.alpha.id, self.device.id)
        store_readings(self.works, source, [Reading(None, "temperature", to_ms(self.clock.now()), value)])
        while follow_once(self.works):
            pass

    def serve(self, name, code="SERVICE"):
        return self.doors[name].ask("POST", f"{self.at}/conditions/{code}/serviced").status_code

    def page(self, name):
        return self.doors[name].ask("GET", f"/devices/{self.device.id}/why").text

    @property
    def acts(self):
        """Return who said of which rule that its service was done."""
        with self.works.reading(SYSTEM) as work:
            rows = work.session.scalars(
                select(AuditRecord)
                .where(AuditRecord.act == "condition.serviced")
                .order_by(AuditRecord.at, AuditRecord.id)
            ).all()
        return [(row.actor_id, row.subject_id, row.device_id) for row in rows]

    @property
    def state(self):
        """Return the device's health, its condition's state, and the lifecycle of its entry."""
        ask = self.doors["engineer"].ask
        conditions = {one["code"]: one["state"] for one in ask("GET", f"{self.at}/conditions").json["items"]}
        lifecycles = [one["lifecycle"] for one in ask("GET", f"{self.at}/entries").json["items"]]
        return ask("GET", self.at).json["health"], conditions.get("SERVICE"), lifecycles


@pytest.fixture
def plant(works, clock):
    return Plant(works, clock)


def test_service_that_was_done_clears_the_condition_and_the_counter_counts_anew(plant):
    plant.count(12_000.0)
    plant.count(12_499.0)
    assert plant.state == ("normal", None, [])
    due = 12_500.0

    for name in ("admin", "dealer", "engineer"):
        plant.count(due - 1)
        before = plant.state[0]
        plant.count(due)
        assert (before, *plant.state) == ("normal", "maintenance_required", "active", ["open"])
        assert plant.serve(name) == 204
        assert plant.state == ("normal", "normal", ["monitoring"]), name
        due += 500.0

    names = ["admin", "dealer", "engineer"]
    assert plant.acts == [(plant.people[name].id, "SERVICE", plant.device.id) for name in names]


def test_only_who_plans_work_says_so_and_only_of_a_counter(plant):
    plant.count(0.0)
    plant.count(500.0)

    assert plant.serve("watcher") == 403
    assert plant.serve("admin", "temperature_high") == 409
    assert plant.state == ("maintenance_required", "active", ["open"])
    assert plant.acts == []
    assert "/serviced" not in plant.page("watcher")


def test_button_beside_the_condition_needs_no_script(plant):
    plant.count(0.0)
    plant.count(500.0)
    at = f"/devices/{plant.device.id}/conditions/SERVICE/serviced"

    assert f'action="{at}"' in plant.page("admin")
    assert "temperature_high/serviced" not in plant.page("admin"), "no counter stands behind a limit"
    assert plant.doors["admin"].ask("POST", at).status_code == 303
    assert plant.state[:2] == ("normal", "normal")
    page = plant.page("admin")
    assert page.count(at) == 1, "what is clear calls for no service, but one may be done early"
    assert 'aria-label="Service done: SERVICE"' in page
    assert at not in plant.page("watcher")


def test_sample_that_comes_late_from_before_the_service_undoes_nothing(plant):
    plant.count(0.0)
    plant.count(500.0)
    plant.serve("admin")
    plant.count(501.0)
    before = plant.state

    source = Source("credential:test", plant.alpha.id, plant.device.id)
    late_ms = to_ms(plant.clock.now() - timedelta(seconds=45))
    store_readings(plant.works, source, [Reading(None, "temperature", late_ms, 499.0)])
    follow_once(plant.works)
    plant.clock.move(timedelta(minutes=1))
    with plant.works.writing(SYSTEM) as work:
        expire_due(work)

    assert before[:2] == plant.state[:2] == ("normal", "normal")


def test_service_by_the_calendar_opens_its_entry_ahead_though_the_machine_is_silent_and_the_portal_was_stopped(plant):
    yearly = CounterRule(
        code="SERVICE",
        source="The maker",
        signal="temperature",
        every_months=6,
        ahead_s=14 * 86_400.0,
        health=Health.MAINTENANCE_REQUIRED,
    )
    with plant.works.writing(SYSTEM) as work:
        set_rules(work, plant.device.model_id, (yearly,))
    plant.count(12_000.0)
    first = plant.clock.now()
    due = months_after(first, 6) - timedelta(days=14)
    plant.clock.move(due - first - timedelta(seconds=1))
    expire(plant)
    before = plant.state

    plant.clock.move(timedelta(days=5))
    expire(plant)
    conditions = plant.doors["engineer"].ask("GET", f"{plant.at}/conditions").json["items"]
    entry = plant.doors["engineer"].ask("GET", f"{plant.at}/entries?kind=condition").json["items"][0]
    plant.serve("admin")
    served = plant.state

    assert before[:2] == ("unknown", None), "offline, and nothing due"
    assert [(one["code"], one["state"], one["since"]) for one in conditions] == [("SERVICE", "active", rfc3339(due))]
    assert entry["code"] == "SERVICE"
    assert served[1] == "normal"


def test_visit_that_is_done_resets_the_counters_it_was_planned_for(plant):
    plant.count(0.0)
    plant.count(500.0)
    admin = plant.doors["admin"]

    def planned(services):
        now = plant.clock.now()
        words = {"title": "Oil", "services": services, "from": rfc3339(now + HOUR), "to": rfc3339(now + 2 * HOUR)}
        return admin.ask("POST", f"{plant.at}/maintenance", json=words)

    unknown = planned(["temperature_high"])
    made = planned(["SERVICE"])
    form = admin.ask("GET", f"/devices/{plant.device.id}/maintenance?service=SERVICE").text
    plant.clock.move(1.5 * HOUR)
    plant.count(620.0)
    before = plant.state
    done = admin.ask("POST", f"/api/v1/maintenance/{made.json['id']}/finish")

    assert (unknown.status_code, unknown.json["errors"][0]["pointer"]) == (422, "/services")
    assert (made.status_code, made.json["services"]) == (201, ["SERVICE"])
    assert 'name="services" value="SERVICE" checked' in form
    assert (done.status_code, before[1], plant.state[1]) == (200, "active", "normal")
    plant.count(1_119.0)
    assert plant.state[1] == "normal"
    plant.count(1_120.0)
    assert plant.state[1] == "active"


def test_counters_that_run_out_stand_soonest_first_for_who_may_see_the_machine(plant):
    yearly = CounterRule(code="YEARLY", source="The maker", signal="temperature", every_months=12)
    with plant.works.writing(SYSTEM) as work:
        set_rules(work, plant.device.model_id, (DUE, yearly))
    for day in range(4):
        plant.count(10_000.0 + 10.0 * day)
        plant.clock.move(24 * HOUR - timedelta(seconds=30))
    plant.count(10_040.0)
    expire(plant)
    now = plant.clock.now()

    def counters(name, query=""):
        answer = plant.doors[name].ask("GET", f"/api/v1/counters{query}").json
        return [(one["code"], one["counted"], one["expected_at"], one["is_estimate"]) for one in answer["items"]]

    estimate = ("SERVICE", 40.0, rfc3339(now + 46 * 24 * HOUR), True)
    dated = ("YEARLY", 40.0, rfc3339(months_after(now - 96 * HOUR, 12)), False)
    assert counters("admin") == counters("dealer") == counters("watcher") == [estimate, dated]
    assert counters("admin", "?limit=1") == [estimate]
    page = plant.doors["admin"].ask("GET", "/maintenance").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "as fast as it counts now" in page
    assert "40.0 °C of 500.0 °C" in page

    plant.clock.move(2 * HOUR)
    expire(plant)
    assert counters("admin") == [dated, ("SERVICE", 40.0, None, False)], "of a silent machine nobody can say"
    make_transfer(plant.works, plant.device, make_organisation(plant.works, "buyer"))
    assert counters("admin") == counters("dealer") == []
    assert counters("engineer") == []


def expire(plant):
    while True:
        with plant.works.writing(SYSTEM) as work:
            if not expire_due(work):
                return
