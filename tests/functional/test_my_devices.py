"""My devices, as a list, as a page and for support, whoever asks."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import StaffRole
from statusportal.app import create_app
from statusportal.cli.checks import wrong_comment_counts
from statusportal.discussion.service import post_comment
from statusportal.entries.models import StatusEntry
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import Invalid, NotFound
from statusportal.foundation.paging import Slice
from statusportal.foundation.vocabulary import Health
from statusportal.overview.devices import DeviceFilters, count_by_health, device_overview, my_devices
from statusportal.status.models import Condition, DeviceStatus
from tests.factories.accounts import PASSWORD, make_actor, make_organisation, make_person, make_staff_actor
from tests.factories.fleet import make_device, make_grant, make_model, make_transfer, present_ownership_of

LIST_QUERIES = 3
HOUR = timedelta(hours=1)
REASON = {"key": "limit_high", "args": {}, "en": "Temperature is 91 °C, above the limit of 80 °C.", "da": ""}


def set_status(works, device, health, connectivity="online"):
    """Write a state as derivation would: what derives it has tests of its own."""
    now = works.clock.now()
    with works.writing(SYSTEM) as work:
        work.session.add(
            DeviceStatus(
                device_id=device.id,
                ownership_id=present_ownership_of(works, device).id,
                health=health,
                last_health=health,
                connectivity=connectivity,
                health_since=now,
                connectivity_since=now,
                reason=REASON,
                last_sample_at_ms=to_ms(now),
            )
        )


def set_condition(works, device, code="temperature_high", state="active"):
    at_ms = to_ms(works.clock.now())
    with works.writing(SYSTEM) as work:
        work.session.add(
            Condition(
                device_id=device.id,
                code=code,
                state=state,
                health="off_spec",
                since_ms=at_ms,
                active_since_ms=at_ms,
                first_ms=at_ms,
                last_ms=at_ms,
                count=1,
                reason=REASON,
            )
        )


def names(works, actor, **filters):
    with works.reading(actor) as work:
        return [line.name for line in my_devices(work, Slice(), DeviceFilters(**filters)).items]


@pytest.fixture
def fleet(works):
    """Alpha with four devices in four states, and Beta with one that could leak."""
    alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
    oven = make_model(works, "oven")
    for name, health, connectivity in (
        ("Anneal", "normal", "online"),
        ("Bake", "failure", "online"),
        ("Cure", "unknown", "offline"),
    ):
        set_status(works, make_device(works, alpha, f"SN-{name}", oven, name=name, site="Hall 1"), health, connectivity)
    make_device(works, alpha, "SN-Dry", name="Dry")
    set_status(works, make_device(works, beta, "SN-Else", oven, name="Else", site="Hall 1"), "failure")
    return alpha, beta


def test_worst_comes_first_and_nothing_foreign_at_all(works, fleet):
    alpha, beta = fleet

    assert names(works, make_actor(works, alpha)) == ["Bake", "Anneal", "Cure", "Dry"]
    assert names(works, make_actor(works, beta)) == ["Else"]
    assert names(works, make_staff_actor(works)) == ["Bake", "Else", "Anneal", "Cure", "Dry"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"health": ["failure", "normal"]}, ["Bake", "Anneal"]),
        ({"health": ["unknown"]}, ["Cure", "Dry"]),
        ({"connectivity": ["never_seen"]}, ["Dry"]),
        ({"model": "oven", "site": "Hall 1"}, ["Bake", "Anneal", "Cure"]),
        ({"q": "sn-b"}, ["Bake"]),
        ({"q": "hall AN"}, ["Anneal"]),
        ({"q": "Else"}, []),
        ({"q": "%"}, []),
        ({"q": "\x00cure"}, ["Cure"]),
    ],
)
def test_filters_narrow_what_is_mine(works, fleet, filters, expected):
    assert names(works, make_actor(works, fleet[0]), **filters) == expected


def test_unknown_filter_word_names_its_field(works, fleet):
    actor = make_actor(works, fleet[0])

    with works.reading(actor) as work, pytest.raises(Invalid) as caught:
        my_devices(work, Slice(), DeviceFilters(health=["green"], connectivity=["active"]))

    assert [error.pointer for error in caught.value.errors] == ["/health", "/connectivity"]


def test_pages_follow_each_other_without_gap_or_repetition(works, fleet):
    actor = make_staff_actor(works)
    seen, cursor = [], None
    with works.reading(actor) as work:
        while cursor is not None or not seen:
            page = my_devices(work, Slice(2, cursor))
            seen += [line.name for line in page.items]
            cursor = page.next_cursor

    assert seen == ["Bake", "Else", "Anneal", "Cure", "Dry"]


def test_counts_are_of_what_is_mine(works, fleet):
    with works.reading(make_actor(works, fleet[0])) as work:
        counted = count_by_health(work)

    assert {one: count for one, count in counted.items() if count} == {
        Health.FAILURE: 1,
        Health.NORMAL: 1,
        Health.UNKNOWN: 2,
    }


@pytest.mark.parametrize("count", [1, 3])
def test_list_runs_a_constant_number_of_queries(works, count):
    alpha = make_organisation(works, "alpha")
    model = make_model(works)
    for number in range(count):
        set_status(works, make_device(works, alpha, f"A-{number}", model), "normal")
    actor = make_actor(works, alpha)
    statements = []
    with works.reading(actor) as work:
        event.listen(works.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        found = my_devices(work, Slice()).items

    reads = [one for one in statements if one.startswith("SELECT")]
    assert (len(found), len(reads)) == (count, LIST_QUERIES)


def test_seller_finds_the_device_by_address_without_its_present(works, clock):
    seller, buyer = make_organisation(works, "seller"), make_organisation(works, "buyer")
    device = make_device(works, seller, "A-1", make_model(works, "oven"), name="Our old oven")
    clock.move(HOUR)
    make_transfer(works, device, buyer)
    set_status(works, device, "failure")
    set_condition(works, device)
    clock.move(HOUR)
    selling, buying = make_actor(works, seller), make_actor(works, buyer)

    with works.reading(selling) as work:
        past = device_overview(work, device.id)
        assert (past.now, list(past.conditions), past.serial) == (None, [], "A-1")
        assert [one.to_at for one in past.periods] == [clock.now() - HOUR]
    with works.reading(buying) as work:
        present = device_overview(work, device.id)
        assert (present.now.name, present.now.health) == ("Oven A-1", Health.FAILURE)
        assert [one.code for one in present.conditions] == ["temperature_high"]
    assert names(works, selling) == []
    assert names(works, selling, q="A-1") == []
    with works.reading(make_actor(works, make_organisation(works))) as work, pytest.raises(NotFound):
        device_overview(work, device.id)


def test_buyer_does_not_inherit_the_sellers_state(works, clock):
    seller, buyer = make_organisation(works), make_organisation(works)
    device = make_device(works, seller, "A-1")
    set_status(works, device, "failure")
    set_condition(works, device)
    clock.move(HOUR)
    make_transfer(works, device, buyer)

    with works.reading(make_actor(works, buyer)) as work:
        found = device_overview(work, device.id)
        assert (found.now.health, found.now.connectivity, found.now.since) == ("unknown", "never_seen", clock.now())
        assert found.now.reason["en"] == "Nothing has been heard from it yet."
        assert found.conditions == []
        assert count_by_health(work)[Health.UNKNOWN] == 1
        assert my_devices(work, Slice(), DeviceFilters(health=["failure"])).items == []


def test_counts_of_talk_are_what_each_reader_may_see(works, clock):
    alpha = make_organisation(works)
    device = make_device(works, alpha)
    asking, reading = make_actor(works, alpha), make_actor(works, alpha)
    engineer = make_staff_actor(works, StaffRole.ENGINEER)
    with works.writing(asking) as work:
        entry = publish_entry(work, device.id, EntryKind.QUESTION, "Why so hot?", "It is 91 °C.")
    clock.move(HOUR)
    with works.writing(engineer) as work:
        publish_entry(work, device.id, EntryKind.FIELD_UPDATE, "Inside", "Not for customers.", Audience.INTERNAL)
        post_comment(work, entry.id, "The fan is worn.")
        post_comment(work, entry.id, "They never clean it.", audience=Audience.INTERNAL)

    with works.reading(SYSTEM) as work:
        assert wrong_comment_counts(work) == []
    with works.reading(reading) as work:
        line = my_devices(work, Slice()).items[0]
        assert (line.open_entries, line.unread) == (1, 1)
    with works.reading(make_staff_actor(works)) as work:
        line = my_devices(work, Slice()).items[0]
        assert (line.open_entries, line.unread) == (2, 2)
    with works.writing(SYSTEM) as work:
        work.session.get_one(StatusEntry, (alpha.id, entry.id)).comment_count = 7
    with works.reading(SYSTEM) as work:
        assert wrong_comment_counts(work) == [f"entry {entry.id} counts other comments than it has"]


def test_guest_finds_the_device_with_its_owners_name(works):
    owner, guest = make_organisation(works, "owner"), make_organisation(works, "guest")
    device = make_device(works, owner, "A-1", name="Shared")
    make_device(works, owner, "A-2", name="Kept")
    make_grant(works, device, guest)

    with works.reading(make_actor(works, guest)) as work:
        found = my_devices(work, Slice()).items

    assert [(line.name, line.organisation_name) for line in found] == [("Shared", "Owner")]


def test_api_shows_my_devices_and_hides_the_rest(works, settings, fleet):
    alpha, beta = fleet
    make_person(works, alpha, email="ann@example.com", password=PASSWORD)
    with works.reading(make_actor(works, beta)) as work:
        foreign = my_devices(work, Slice()).items[0]
    client = create_app(settings, works).test_client()
    assert client.get("/api/v1/devices").status_code == 401
    client.post("/api/v1/session", json={"email": "ann@example.com", "password": PASSWORD})

    listed = client.get("/api/v1/devices?health=failure&health=normal&limit=1").json
    one = client.get(f"/api/v1/devices/{listed['items'][0]['id']}").json
    wrong = client.get("/api/v1/devices?health=green&limit=1")
    unknown = client.get("/api/v1/devices?colour=green")
    hidden = client.get(f"/api/v1/devices/{foreign.id}")
    missing = client.get(f"/api/v1/devices/{alpha.id}")
    malformed = client.get("/api/v1/devices/1")

    assert [line["name"] for line in listed["items"]] == ["Bake"]
    assert listed["next"]
    assert (one["reason"], one["connectivity"], one["since"]) == (REASON["en"], "online", "2026-11-18T12:00:00.000Z")
    assert (one["model"], one["model_name"]) == ("oven", "Oven")
    assert (one["conditions"], [period["to"] for period in one["periods"]]) == ([], [None])
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/health")
    assert unknown.status_code == 422
    assert {(answer.status_code, answer.data) for answer in (hidden, missing, malformed)} == {(404, hidden.data)}
