"""Who gave a grant and lost the right to give it does nothing with it any more, and takes nothing along."""

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole
from statusportal.accounts.service import add_member, remove_member
from statusportal.app import create_app
from tests.factories.accounts import make_organisation, make_person
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device

ADMIN = MemberRole.CUSTOMER_ADMIN
WIDER = {"rights": ["MANAGE", "EXPORT", "COMMENT", "ACK"], "to_at": None}


class House:
    """An owner with two administrators and a member, a device, and two guests of another organisation."""

    def __init__(self, settings, works):
        app, self.works = create_app(settings, works), works
        self.owner, self.guest = make_organisation(works, "owner"), make_organisation(works, "guest")
        make_organisation(works, "third")
        self.path = f"/api/v1/devices/{make_device(works, self.owner, 'A-1').id}"
        self.people = {
            "boss": make_person(works, self.owner, ADMIN),
            "leaver": make_person(works, self.owner, ADMIN, email="leaver@example.com"),
            "guest": make_person(works, self.guest, ADMIN),
            "colleague": make_person(works, self.guest, ADMIN),
        }
        self.visitors = {name: Visitor(app.test_client(), token_of(works, one)) for name, one in self.people.items()}

    def grant(self, by, to, *rights):
        return self.ask(by, "POST", "/grants", json={"to": to, "rights": ["VIEW", *rights]})

    def ask(self, who, method, path="", **sent):
        return self.visitors[who].ask(method, f"{self.path}{path}", **sent)

    def granted(self):
        """List what stands, as its owner's administrator reads it: to whom, which rights, whether it is open."""
        items = self.ask("boss", "GET", "/grants").json["items"]
        return [(one["to"], one["rights"], one["state"]) for one in items]


@pytest.fixture
def house(settings, works):
    return House(settings, works)


def test_administrator_who_is_one_no_more_neither_widens_nor_ends_what_they_gave(house, works):
    given = house.grant("leaver", "guest").json["id"]
    with works.writing(SYSTEM) as work:
        add_member(work, house.owner.id, house.people["leaver"].id, MemberRole.CUSTOMER)

    assert house.ask("leaver", "GET").status_code == 200
    assert house.ask("leaver", "PATCH", f"/grants/{given}", json=WIDER).status_code == 403
    assert house.ask("leaver", "DELETE", f"/grants/{given}").status_code == 403
    assert house.granted() == [("guest", ["VIEW"], "now")]


def test_member_let_in_by_name_takes_nothing_along_and_nobody_lets_in_themselves(house, works):
    refused = house.grant("leaver", "leaver@example.com", "MANAGE")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/to")
    named = house.grant("boss", "leaver@example.com", "MANAGE").json["id"]
    asked = {"organisation": str(house.owner.id), "name": "Air"}
    group = house.visitors["boss"].ask("POST", "/api/v1/device-groups", json=asked).json
    in_group = f"/api/v1/device-groups/{group['id']}"
    device = house.path.rpartition("/")[2]
    house.visitors["boss"].ask("PUT", f"{in_group}/devices/{device}")
    let = {"to": "leaver@example.com", "rights": ["VIEW"]}
    assert house.visitors["leaver"].ask("POST", f"{in_group}/grants", json=let).status_code == 422
    assert house.visitors["boss"].ask("POST", f"{in_group}/grants", json=let).status_code == 201

    with works.writing(SYSTEM) as work:
        remove_member(work, house.owner.id, house.people["leaver"].id)

    assert house.ask("leaver", "GET").status_code == 404
    assert house.ask("leaver", "PATCH", f"/grants/{named}", json=WIDER).status_code == 404
    assert {(to, state) for to, _, state in house.granted()} == {("leaver@example.com", "ended")}
    assert [one["state"] for one in house.visitors["boss"].ask("GET", f"{in_group}/grants").json["items"]] == ["ended"]


def test_who_manages_changes_what_they_gave_within_their_own_and_no_longer_than_they_manage(house, works):
    own = house.grant("boss", "guest", "COMMENT", "MANAGE").json["id"]
    given = house.grant("guest", "third").json["id"]
    path = f"/grants/{given}"

    assert house.ask("guest", "PATCH", path, json={"rights": ["COMMENT"]}).status_code == 200
    assert house.ask("guest", "PATCH", path, json=WIDER).status_code == 422
    assert house.ask("colleague", "PATCH", path, json={"rights": ["COMMENT"]}).status_code == 404
    with works.writing(SYSTEM) as work:
        remove_member(work, house.guest.id, house.people["guest"].id)
    assert house.ask("guest", "PATCH", path, json={"rights": ["VIEW"]}).status_code == 404
    assert house.granted() == [("third", ["VIEW", "COMMENT"], "now"), ("guest", ["VIEW", "COMMENT", "MANAGE"], "now")]
    assert house.ask("boss", "DELETE", f"/grants/{own}").status_code == 204
    assert {state for _, _, state in house.granted()} == {"ended"}
