"""Story: a calendar program follows visits and services due by an address that opens nothing else, until revoked."""

import re
from datetime import timedelta

import pytest
from icalendar import Calendar

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole
from statusportal.app import create_app
from statusportal.authoring.editing import set_rules
from statusportal.foundation.clock import to_ms
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.maintenance.planning import Plan, cancel_work, plan_on_device
from statusportal.maintenance.vocabulary import WorkKind
from statusportal.profiles.vocabulary import CounterRule
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import browser_of
from tests.factories.doors import token_of
from tests.factories.fleet import make_device, make_limit, make_model, make_transfer

HOUR = timedelta(hours=1)
YEARLY = CounterRule(code="YEARLY", source="The maker", signal="temperature", every_months=12)


class Plant:
    def __init__(self, works, clock):
        self.works = works
        alpha, self.beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        model = make_model(works, "oven")
        make_limit(works, model)
        with works.writing(SYSTEM) as work:
            set_rules(work, model.id, (YEARLY,))
        self.device, other = make_device(works, alpha, "A-1", model), make_device(works, self.beta, "B-1", model)
        self.admin = make_person(works, alpha, role=MemberRole.CUSTOMER_ADMIN, password=PASSWORD)
        now = clock.now()
        with works.writing(SYSTEM) as work:
            for device, title in ((self.device, "Oil change"), (other, "Their secret")):
                plan_on_device(work, device.id, Plan(WorkKind.VISIT, title, now + HOUR, now + 2 * HOUR))
            off = plan_on_device(
                work, self.device.id, Plan(WorkKind.WINDOW, "No power", now + 3 * HOUR, now + 4 * HOUR)
            )
            cancel_work(work, off.row.id)
        source = Source("credential:test", alpha.id, self.device.id)
        store_readings(works, source, [Reading(None, "temperature", to_ms(now), 20.0)])
        while follow_once(works):
            pass
        self.app = create_app(works.settings, works)

    def follow(self):
        """Make the address on the page, as the maintenance page leads to it."""
        browser = browser_of(self.app, self.admin)
        link = re.search(r'href="(/profile/tokens\?[^"]+)"', browser.get("/maintenance").text)[1].replace("&amp;", "&")
        form = browser.get(link).text
        assert re.search(r'value="maintenance:view" checked', form)
        made = browser.send(
            "/profile/tokens", "/profile/tokens", name="Calendar", expires="never", scopes="maintenance:view"
        ).text
        return re.search(r"<code>http://[^/]+(/calendar/[^<]+\.ics)</code>", made)[1], browser


@pytest.fixture
def plant(works, clock):
    return Plant(works, clock)


def test_calendar_tells_what_is_planned_and_due_until_its_address_is_revoked(plant, clock):
    at, browser = plant.follow()
    stranger = plant.app.test_client()

    read = stranger.get(at)
    events = {str(one["summary"]): one for one in Calendar.from_ical(read.data).walk("VEVENT")}
    make_transfer(plant.works, plant.device, plant.beta)
    sold = Calendar.from_ical(stranger.get(at).data).walk("VEVENT")
    token_id = re.search(r"/profile/tokens/([0-9a-f-]+)/revoke", browser.get("/profile/tokens").text)[1]
    browser.send(f"/profile/tokens/{token_id}/revoke", "/profile/tokens")
    revoked, unknown = stranger.get(at), stranger.get("/calendar/spp_nothing.ics")

    assert (read.status_code, read.content_type) == (200, "text/calendar; charset=utf-8")
    assert sorted(events) == [f"Oil change: {plant.device.name}", f"Service due: YEARLY, {plant.device.name}"]
    visit, service = events[f"Oil change: {plant.device.name}"], events[f"Service due: YEARLY, {plant.device.name}"]
    assert (visit["dtstart"].dt, visit["dtend"].dt) == (clock.now() + HOUR, clock.now() + 2 * HOUR)
    assert (str(visit["status"]), str(service["status"])) == ("TENTATIVE", "CONFIRMED")
    assert service["dtstart"].dt == clock.now().date().replace(year=clock.now().year + 1)
    assert [str(one["summary"]) for one in sold if "Service" in str(one["summary"])] == []
    assert (revoked.status_code, unknown.status_code) == (404, 404)
    assert b"Nothing here that you may see" in revoked.data
    assert b"Oil change" not in revoked.data


def test_token_that_may_do_more_opens_no_calendar(plant):
    everything = token_of(plant.works, plant.admin)

    found = plant.app.test_client().get(f"/calendar/{everything}.ics")

    assert found.status_code == 404
    assert b"Oil change" not in found.data
