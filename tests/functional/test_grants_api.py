"""Letting others in by HTTP: what each right opens, to whom, and that it ends when it ends."""

from datetime import timedelta

import pytest

from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.app import create_app
from statusportal.http.json_provider import rfc3339
from tests.factories.accounts import make_organisation, make_person, make_staff
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device, make_grant

HOUR = timedelta(hours=1)
ADMIN = MemberRole.CUSTOMER_ADMIN


class House:
    """An owner with a device, and guests of another organisation, each a client with a token."""

    def __init__(self, settings, works):
        app = create_app(settings, works)
        self.works = works
        self.owner, self.guest = make_organisation(works, "owner"), make_organisation(works, "guest")
        self.device = make_device(works, self.owner, "A-1", name="Press")
        self.person = make_person(works, self.guest, email="guest@example.com")
        self.come_in = lambda person: Visitor(app.test_client(), token_of(works, person))
        self.boss = self.come_in(make_person(works, self.owner, ADMIN))
        self.member = self.come_in(make_person(works, self.owner))
        self.visitor = self.come_in(self.person)
        self.path = f"/api/v1/devices/{self.device.id}"

    def grant(self, to="guest", rights=("VIEW",), by=None, **more):
        asked = {"to": to, "rights": list(rights), **more}
        return (by or self.boss).ask("POST", f"{self.path}/grants", json=asked)

    def ask(self, title="Why?", by=None):
        return (by or self.boss).ask(
            "POST", f"{self.path}/entries", json={"kind": "question", "title": title, "body": "It hums."}
        )


@pytest.fixture
def house(settings, works):
    return House(settings, works)


def test_grant_is_made_listed_and_taken_back(house):
    made = house.grant(rights=["comment", "VIEW"], kind="dealer")

    assert made.status_code == 201
    assert {key: made.json[key] for key in ("to", "rights", "to_at", "state", "kind")} == {
        "to": "guest",
        "rights": ["VIEW", "COMMENT"],
        "to_at": None,
        "state": "now",
        "kind": "dealer",
    }
    assert house.boss.ask("GET", f"{house.path}/grants").json["items"] == [made.json]
    assert house.visitor.ask("GET", house.path).status_code == 200
    received = house.visitor.ask("GET", "/api/v1/grants/received").json["items"]
    assert [(one["by"], one["device"]["serial"], one["rights"]) for one in received] == [
        ("Owner", "A-1", ["VIEW", "COMMENT"])
    ]

    taken = house.boss.ask("DELETE", f"{house.path}/grants/{made.json['id']}")
    assert taken.status_code == 204
    assert house.visitor.ask("GET", house.path).status_code == 404
    assert house.visitor.ask("GET", "/api/v1/grants/received").json == {"items": []}
    assert [one["state"] for one in house.boss.ask("GET", f"{house.path}/grants").json["items"]] == ["ended"]


@pytest.mark.parametrize("to", ["guest@example.com", "nobody@example.com", "guest", "nobody-here"])
def test_giver_is_not_told_whether_anybody_answers_to_the_word(house, to):
    made = house.grant(to=to)
    listed = house.boss.ask("GET", f"{house.path}/grants").json["items"]

    shape = {key: value for key, value in made.json.items() if key not in {"id", "from", "device"}}
    receiver = {"id": None, "name": to}
    assert shape == {"to": to, "receiver": receiver, "rights": ["VIEW"], "to_at": None, "state": "now", "kind": None}
    assert listed == [made.json]
    assert house.visitor.ask("GET", house.path).status_code == (200 if "nobody" not in to else 404)


def test_receiver_has_a_name_and_an_id_to_who_knows_them_and_never_a_bare_id(house, works):
    colleague, stranger = make_person(works, house.owner, name="Kim Holm"), house.person
    make_grant(works, house.device, colleague)
    unseen = house.grant(to=str(stranger.id)).json
    nobody = house.grant(to="01a21c6d-a061-7357-ae12-ec2924081e32").json

    known = house.boss.ask("GET", f"{house.path}/grants").json["items"][-1]

    assert (known["to"], known["receiver"]) == ("Kim Holm", {"id": str(colleague.id), "name": "Kim Holm"})
    assert unseen["receiver"] == {"id": None, "name": f"id …{str(stranger.id)[-8:]}"}
    assert nobody["receiver"] == {"id": None, "name": "id …24081e32"}
    assert house.visitor.ask("GET", house.path).status_code == 200


@pytest.mark.parametrize("to", ["guest", "guest@example.com", "nobody-here"])
def test_nobody_is_let_in_twice_with_the_same(house, clock, to):
    first = house.grant(to=to, rights=["COMMENT"], to_at=rfc3339(clock.now() + 2 * HOUR)).json

    again = house.grant(to=to.upper(), to_at=rfc3339(clock.now() + HOUR))
    longer = house.grant(to=to, rights=["COMMENT"], to_at=rfc3339(clock.now() + 3 * HOUR))
    house.boss.ask("DELETE", f"{house.path}/grants/{first['id']}")
    house.boss.ask("DELETE", f"{house.path}/grants/{longer.json['id']}")
    anew = house.grant(to=to)

    assert (again.status_code, [one["pointer"] for one in again.json["errors"]]) == (422, ["/to"])
    assert (longer.status_code, anew.status_code) == (201, 201)


def test_grants_and_members_of_a_group_come_in_pages(house, works):
    for number in range(5):
        house.grant(to=f"partner-{number}")
    serials = [f"B-{number}" for number in range(5)]
    wanted = {"organisation": str(house.owner.id), "name": "Air"}
    group = f"/api/v1/device-groups/{house.boss.ask('POST', '/api/v1/device-groups', json=wanted).json['id']}"
    devices = [str(make_device(works, house.owner, one, name=one).id) for one in serials]
    for one in reversed(devices):
        house.boss.ask("PUT", f"{group}/devices/{one}")

    assert paged(house.boss, f"{house.path}/grants", "items", lambda one: one["to"]) == [
        ["partner-4", "partner-3"],
        ["partner-2", "partner-1"],
        ["partner-0"],
    ]
    assert paged(house.boss, group, "devices", str) == [devices[:2], devices[2:4], devices[4:]]
    assert house.boss.ask("GET", f"{group}?limit=2").json["device_count"] == 5
    assert [house.boss.ask("GET", f"{one}?cursor=x").status_code for one in (group, f"{house.path}/grants")] == [
        422
    ] * 2


def paged(visitor, address, items, told):
    """Read a list two at a time until there is no more."""
    pages, cursor = [], ""
    while cursor is not None:
        page = visitor.ask("GET", f"{address}?limit=2" + (f"&cursor={cursor}" if cursor else "")).json
        pages.append([told(one) for one in page[items]])
        cursor = page["next"]
    return pages


def test_looking_is_not_talking_and_talking_is_not_managing(house, clock):
    house.grant(rights=["VIEW"])
    entry = house.ask().json
    talk = f"/api/v1/entries/{entry['id']}/comments"

    assert entry["audience"] == "shared"
    assert house.visitor.ask("GET", f"/api/v1/entries/{entry['id']}").status_code == 200
    refused = house.visitor.ask("POST", talk, json={"body": "I know."})
    assert (refused.status_code, "customer_admin" in refused.text) == (403, True)
    assert house.ask(by=house.visitor).status_code == 403

    house.grant(rights=["COMMENT"])
    assert house.visitor.ask("POST", talk, json={"body": "I know."}).status_code == 201
    assert house.ask("Ours too", by=house.visitor).status_code == 201
    moved = house.visitor.ask("PATCH", f"/api/v1/entries/{entry['id']}", json={"lifecycle": "acknowledged"})
    assert moved.status_code == 403

    house.grant(rights=["ACK"])
    moved = house.visitor.ask("PATCH", f"/api/v1/entries/{entry['id']}", json={"lifecycle": "acknowledged"})
    assert (moved.status_code, moved.json["lifecycle"]) == (200, "acknowledged")
    assert house.grant(to="third", by=house.visitor).status_code == 403


def test_what_is_for_the_owners_people_alone_stays_theirs(house):
    house.grant(rights=["VIEW", "COMMENT"])
    kept = house.boss.ask(
        "POST",
        f"{house.path}/entries",
        json={"kind": "question", "title": "Ours", "body": "canary", "audience": "organisation"},
    ).json

    assert kept["audience"] == "organisation"
    assert house.visitor.ask("GET", f"/api/v1/entries/{kept['id']}").status_code == 404
    assert house.visitor.ask("GET", "/api/v1/entries").json["items"] == []
    assert house.visitor.ask("GET", "/api/v1/search?q=canary").json["total"] == 0
    assert house.member.ask("GET", f"/api/v1/entries/{kept['id']}").status_code == 200


def test_who_manages_grants_on_no_further_and_no_longer_and_never_hands_over(house, works, clock):
    end = clock.now() + 10 * HOUR
    given = house.grant(rights=["VIEW", "COMMENT", "MANAGE"], to_at=rfc3339(end)).json
    third = house.come_in(make_person(works, make_organisation(works, "third")))

    wider = house.grant(to="third", rights=["EXPORT"], by=house.visitor)
    longer = house.grant(to="third", rights=["VIEW"], by=house.visitor, to_at=rfc3339(end + HOUR))
    assert [(one.status_code, one.json["errors"][0]["pointer"]) for one in (wider, longer)] == [
        (422, "/rights"),
        (422, "/to_at"),
    ]
    made = house.grant(to="third", rights=["COMMENT"], by=house.visitor)
    assert (made.status_code, made.json["to_at"]) == (201, rfc3339(end))
    assert third.ask("GET", house.path).status_code == 200
    assert [one["id"] for one in house.visitor.ask("GET", f"{house.path}/grants").json["items"]] == [made.json["id"]]
    refused = house.visitor.ask("POST", f"{house.path}/transfers", json={"organisation": "third"})
    assert refused.status_code == 403

    assert house.boss.ask("DELETE", f"{house.path}/grants/{given['id']}").status_code == 204
    assert third.ask("GET", house.path).status_code == 404


def test_grant_of_another_device_is_not_found_under_this_one(house, works):
    other = make_device(works, house.owner, "A-2")
    foreign = make_grant(works, other, house.guest)

    assert house.boss.ask("DELETE", f"{house.path}/grants/{foreign.id}").status_code == 404
    assert house.visitor.ask("GET", f"/api/v1/devices/{other.id}").status_code == 200


def test_only_who_decides_lets_in_and_bad_words_are_named(house, clock):
    assert house.grant(by=house.member).status_code == 403
    assert house.grant(by=house.visitor).status_code == 404
    bad = house.grant(rights=["VIEW", "OWN"])
    past = house.grant(to_at=rfc3339(clock.now()))
    own = house.grant(to="owner")

    assert [(one.status_code, one.json["errors"][0]["pointer"]) for one in (bad, past, own)] == [
        (422, "/rights/1"),
        (422, "/to_at"),
        (422, "/to"),
    ]


def test_grant_ends_by_itself(house, clock):
    house.grant(to_at=rfc3339(clock.now() + HOUR))
    assert house.visitor.ask("GET", house.path).status_code == 200
    clock.move(HOUR)

    assert house.visitor.ask("GET", house.path).status_code == 404


def test_group_opens_what_is_in_it_when_it_is_in_it(house, works, clock):
    other, third = make_device(works, house.owner, "A-2"), make_device(works, house.owner, "A-3")
    group = house.boss.ask(
        "POST", "/api/v1/device-groups", json={"organisation": str(house.owner.id), "name": "Air"}
    ).json
    path = f"/api/v1/device-groups/{group['id']}"

    def seen():
        return {one["serial"] for one in house.visitor.ask("GET", "/api/v1/devices").json["items"]}

    assert house.boss.ask("PUT", f"{path}/devices/{house.device.id}").status_code == 204
    made = house.boss.ask("POST", f"{path}/grants", json={"to": "guest", "rights": ["COMMENT"]})
    assert (made.status_code, seen()) == (201, {"A-1"})
    clock.move(HOUR)
    house.boss.ask("PUT", f"{path}/devices/{other.id}")
    assert seen() == {"A-1", "A-2"}
    joined = house.visitor.ask("GET", f"/api/v1/devices/{other.id}").json["periods"]
    assert [one["from"] for one in joined] == [rfc3339(clock.now())]

    (single,) = house.boss.ask("GET", f"{house.path}/grants").json["items"]
    assert house.boss.ask("DELETE", f"{house.path}/grants/{single['id']}").status_code == 409
    house.boss.ask("DELETE", f"{path}/devices/{house.device.id}")
    assert seen() == {"A-2"}
    assert house.boss.ask("DELETE", f"{path}/grants/{made.json['id']}").status_code == 204
    assert seen() == set()
    house.boss.ask("PUT", f"{path}/devices/{third.id}")
    assert seen() == set()
    assert house.boss.ask("GET", path).json["device_count"] == 2
    assert house.boss.ask("DELETE", path).status_code == 204
    assert house.boss.ask("GET", "/api/v1/device-groups").json == {"items": []}


def test_groups_are_for_who_decides_in_their_organisation(house, works):
    asked = {"organisation": str(house.owner.id), "name": "Air"}
    group = house.boss.ask("POST", "/api/v1/device-groups", json=asked).json
    stranger = house.come_in(make_person(works, house.guest, ADMIN))
    theirs = make_device(works, house.guest, "G-1")
    path = f"/api/v1/device-groups/{group['id']}"

    assert [one.ask("GET", path).status_code for one in (house.member, stranger)] == [404, 404]
    assert stranger.ask("POST", "/api/v1/device-groups", json=asked).status_code == 403
    assert house.boss.ask("PUT", f"{path}/devices/{theirs.id}").status_code == 404
    assert house.boss.ask("POST", "/api/v1/device-groups", json=asked).status_code == 409


def test_staff_hands_over_at_once_and_customers_offer(house, works, clock):
    staff = house.come_in(make_staff(works, StaffRole.SUPPORT))
    buyer = house.come_in(make_person(works, house.guest, ADMIN))
    offered = house.boss.ask("POST", f"{house.path}/transfers", json={"organisation": "guest", "history": True})
    assert (offered.status_code, offered.json["state"], offered.json["organisation"]) == (201, "offered", "guest")
    assert buyer.ask("GET", house.path).status_code == 404

    accepted = buyer.ask("POST", f"/api/v1/transfers/{offered.json['id']}/accept", json={"history": True})
    assert (accepted.status_code, accepted.json["state"]) == (200, "done")
    assert len(buyer.ask("GET", house.path).json["periods"]) == 2
    assert house.boss.ask("GET", "/api/v1/devices").json["items"] == []

    clock.move(HOUR)
    back = staff.ask("POST", f"{house.path}/transfers", json={"organisation": "owner"})
    assert (back.status_code, back.json["state"]) == (201, "done")
    unknown = staff.ask("POST", f"{house.path}/transfers", json={"organisation": "nobody"})
    assert (unknown.status_code, unknown.json["errors"][0]["pointer"]) == (422, "/organisation")


def test_grant_gives_the_right_to_take_along_only_with_export(house, works):
    make_grant(works, house.device, house.guest, Right.VIEW)
    assert house.visitor.ask("GET", f"{house.path}/export?format=json").status_code == 403

    make_grant(works, house.device, house.person, Right.EXPORT)
    assert house.visitor.ask("GET", f"{house.path}/export?format=json").status_code == 200
