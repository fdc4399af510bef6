"""How much of its time a machine was fit for use, for each reader their own part of it, and what asking costs."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole
from statusportal.app import create_app
from statusportal.availability.queries import availability_of, availability_of_organisation
from statusportal.foundation.clock import to_ms
from statusportal.status.models import StatusInterval
from tests.factories.accounts import make_actor, make_organisation, make_person, make_staff
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device, make_grant, make_model, make_transfer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGUN = datetime(2026, 10, 20, 22, tzinfo=UTC)  # midnight in Copenhagen
FLEET_QUERIES, DEVICE_QUERIES = 6, 5


def write_history(works, device, *pieces):
    """Write intervals as derivation would, one after the other from BEGUN on; the last one lasts."""
    at = BEGUN
    with works.writing(SYSTEM) as work:
        for length, health in pieces:
            end = None if length is None else at + length
            work.session.add(
                StatusInterval(
                    device_id=device.id,
                    from_ms=to_ms(at),
                    to_ms=None if end is None else to_ms(end),
                    health=health,
                    connectivity="online",
                    cause={},
                )
            )
            at = end or at


@pytest.fixture
def shop(works, clock):
    """Alpha's oven, which broke twice and was sold to beta on 8 November; the clock is at noon UTC of the 18th."""
    alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
    model = make_model(works, "oven")
    device = make_device(works, alpha, "A-1", model, name="Bakes", from_at=BEGUN)
    lathe = make_device(works, beta, "B-1", model, name="Turns", from_at=BEGUN)
    clock.set(datetime(2026, 11, 8, 12, tzinfo=UTC))
    make_transfer(works, device, beta)
    clock.set(datetime(2026, 11, 18, 12, tzinfo=UTC))
    write_history(works, device, (4 * DAY, "normal"), (5 * HOUR, "failure"), (15 * DAY, "normal"), (None, "off_spec"))
    write_history(works, lathe, (None, "normal"))
    return {"device": device, "lathe": lathe, "alpha": alpha, "beta": beta, "model": model}


@pytest.fixture
def asking(works, shop):
    """Ask as one of four people: seller, buyer, a dealer who was let in for a day, an engineer."""
    app = create_app(works.settings, works)
    people = {
        "seller": make_person(works, shop["alpha"], MemberRole.CUSTOMER_ADMIN),
        "buyer": make_person(works, shop["beta"]),
        "dealer": make_person(works, make_organisation(works, "gamma")),
        "engineer": make_staff(works),
    }
    make_grant(works, shop["device"], people["dealer"], from_at=datetime(2026, 11, 17, 12, tzinfo=UTC))
    doors = {name: Visitor(app.test_client(), token_of(works, one)) for name, one in people.items()}
    return lambda who, path, method="GET", **more: doors[who].ask(method, path, **more)


def test_each_reader_sees_their_own_time_by_month_and_by_fleet(shop, asking):
    october = (11 * 24.0 + 1 - 5, 5.0, 1)  # eleven days, one of them of 25 hours

    def months(who):
        found = asking(who, f"/api/v1/devices/{shop['device'].id}/availability").json["months"]
        known = [one for one in found if one["availability"] is not None]
        return {one["month"]: (one["up_s"] / 3600, one["down_s"] / 3600, one["breakdowns"]) for one in known}

    def fleet(who, what, thing):
        span = "from=2026-11-01T00:00:00Z&to=2026-11-18T12:00:00Z"
        found = asking(who, f"/api/v1/{what}/{thing.id}/availability?{span}").json
        return [(one["name"], one["up_s"] // 3600, one["breakdowns"]) for one in found.get("items", [])]

    assert months("seller") == {"2026-10": october, "2026-11": (7 * 24 + 13.0, 0.0, 0)}
    assert months("buyer") == {"2026-11": (15.0, 225.0, 1)}
    assert months("dealer") == {"2026-11": (0.0, 24.0, 0)}
    assert months("engineer") == {"2026-10": october, "2026-11": (7 * 24 + 28.0, 225.0, 1)}
    assert fleet("seller", "organisations", shop["alpha"]) == [("Oven A-1", 180, 0)]
    assert fleet("buyer", "organisations", shop["beta"]) == [("Oven A-1", 15, 1), ("Turns", 420, 0)]
    assert fleet("seller", "organisations", shop["beta"]) == []
    assert fleet("engineer", "models", shop["model"]) == [("Oven A-1", 195, 1), ("Turns", 420, 0)]
    assert fleet("dealer", "models", shop["model"]) == [("Oven A-1", 0, 0)]


def test_days_are_the_organisations_and_pages_say_so(shop, asking):
    where, settings = f"/devices/{shop['device'].id}", f"/api/v1/organisations/{shop['alpha'].id}"

    def day_of_the_change():
        found = asking("seller", f"/api/v1{where}/health?from=2026-10-20T00:00:00Z&to=2026-11-10T00:00:00Z").json
        return found["time_zone"], next(one["known_s"] / 3600 for one in found["days"] if one["date"] == "2026-10-25")

    before = day_of_the_change()
    said = asking("seller", f"{where}/availability").text
    refused = asking("seller", settings, "PATCH", json={"time_zone": "Mars/Base"})
    moved = asking("seller", settings, "PATCH", json={"time_zone": "UTC"}).json
    fleet = asking("engineer", f"/admin/organisations/{shop['beta'].id}/availability?month=2026-11").text
    ahead = asking("engineer", f"/admin/models/{shop['model'].id}/availability?month=2027-01")

    assert (before, day_of_the_change()) == (("Europe/Copenhagen", 25), ("UTC", 24))
    assert (moved["name"], moved["time_zone"]) == ("Alpha", "UTC")
    assert (refused.status_code, [one["pointer"] for one in refused.json["errors"]]) == (422, ["/time_zone"])
    assert "Fit for use 98.9\u00a0% of the last twelve months" in said
    assert "Days begin at midnight in Europe/Copenhagen" in said
    assert "Turns" in fleet
    assert ahead.status_code == 422


def test_a_year_of_a_device_and_a_month_of_a_fleet_take_a_constant_number_of_queries(works, shop):
    def counted(ask):
        asked = []
        event.listen(works.engine, "before_cursor_execute", lambda *them: asked.append(them[2]))
        with works.reading(make_actor(works, shop["beta"])) as work:
            del asked[:]
            ask(work)
            return len([one for one in asked if one.startswith("SELECT") and "set_config" not in one])

    span = (to_ms(BEGUN), to_ms(BEGUN + 400 * DAY))
    one = counted(lambda work: availability_of_organisation(work, shop["beta"].id, *span))
    for _ in range(3):
        make_device(works, shop["beta"], model=shop["model"], from_at=BEGUN)
    more = counted(lambda work: availability_of_organisation(work, shop["beta"].id, *span))

    assert one == more == FLEET_QUERIES
    assert counted(lambda work: availability_of(work, shop["lathe"].id, *span)) == DEVICE_QUERIES
