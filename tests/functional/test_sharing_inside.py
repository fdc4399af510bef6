"""Who inside an organisation and above it sees a device, by its mode, by name, and when it is confidential."""

import itertools
from datetime import timedelta

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.fleet.vocabulary import DEEPEST_TREE
from statusportal.foundation.errors import Forbidden
from statusportal.trees.errors import TreeTangled
from statusportal.trees.placing import free_organisation, place_organisation
from tests.factories.accounts import make_actor, make_organisation, make_person, make_staff
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import device_token, make_device, make_transfer

HOUR = timedelta(hours=1)
ADMIN = MemberRole.CUSTOMER_ADMIN


class Group:
    """A holding, its site with two machines, a sister beside it, and somebody of each."""

    def __init__(self, settings, works):
        app = create_app(settings, works)
        self.works = works
        self.holding, self.site, self.sister = (make_organisation(works, one) for one in ("holding", "site", "sister"))
        self.device, self.other = make_device(works, self.site, "A-1"), make_device(works, self.site, "A-2")
        self.theirs = make_device(works, self.sister, "S-1")
        make_device(works, self.holding, "H-1")
        self.friend = make_person(works, self.site, email="named@example.com")
        people = {
            "boss": make_person(works, self.site, ADMIN),
            "member": make_person(works, self.site),
            "named": self.friend,
            "above": make_person(works, self.holding),
            "beside": make_person(works, self.sister, ADMIN),
            "staff": make_staff(works, StaffRole.ENGINEER),
        }
        self.visitors = {name: Visitor(app.test_client(), token_of(works, one)) for name, one in people.items()}
        self.machine = Visitor(app.test_client(), device_token(works, self.device))

    def __getattr__(self, name):
        return self.visitors[name]

    def mode(self, mode, roles=()):
        asked = {"mode": mode, "roles": list(roles)}
        return self.boss.ask("PUT", f"/api/v1/organisations/{self.site.id}/sharing", json=asked)

    def place(self):
        with self.works.writing(SYSTEM) as work:
            place_organisation(work, self.site.id, self.holding.id)
            place_organisation(work, self.sister.id, self.holding.id)

    def seeing(self, device=None):
        """Name who of the customers sees a machine, by its own address, in the list and in their counts alike."""
        device = device or self.device
        found = set()
        for name, visitor in self.visitors.items():
            is_there = visitor.ask("GET", f"/api/v1/devices/{device.id}").status_code == 200
            listed = device.serial in {one["serial"] for one in visitor.ask("GET", "/api/v1/devices").json["items"]}
            assert is_there == listed, name
            if is_there and name != "staff":
                found.add(name)
        return found


@pytest.fixture
def group(settings, works):
    return Group(settings, works)


@pytest.mark.parametrize(
    ("mode", "roles", "seeing"),
    [
        ("none", [], {"boss"}),
        ("by_role", ["customer"], {"boss", "member", "named"}),
        ("by_role", ["customer_admin"], {"boss"}),
        ("members", [], {"boss", "member", "named"}),
        ("all", [], {"boss", "member", "named", "above"}),
    ],
)
def test_mode_bounds_who_sees(group, mode, roles, seeing):
    group.place()

    answer = group.mode(mode, roles)

    assert (answer.status_code, answer.json["mode"], answer.json["roles"]) == (200, mode, roles)
    assert group.seeing() == seeing


def test_without_a_choice_members_see_and_nobody_else(group):
    assert group.seeing() == {"boss", "member", "named"}
    assert group.boss.ask("GET", f"/api/v1/organisations/{group.site.id}/sharing").json == {
        "organisation": str(group.site.id),
        "mode": "members",
        "roles": [],
        "parent": None,
    }


def test_person_let_in_by_name_sees_in_a_closed_house_as_far_as_granted(group):
    group.mode("none")
    path = f"/api/v1/devices/{group.device.id}"
    group.boss.ask("POST", f"{path}/grants", json={"to": "named@example.com", "rights": ["VIEW"]})
    entry = group.boss.ask("POST", f"{path}/entries", json={"kind": "question", "title": "Why?", "body": "Hm."}).json

    assert group.seeing() == {"boss", "named"}
    assert group.seeing(group.other) == {"boss"}
    assert group.named.ask("GET", f"/api/v1/entries/{entry['id']}").status_code == 200
    assert group.member.ask("GET", f"/api/v1/entries/{entry['id']}").status_code == 404
    said = group.named.ask("POST", f"/api/v1/entries/{entry['id']}/comments", json={"body": "I?"})
    assert said.status_code == 403


def test_confidential_device_is_for_administrators_and_the_named_on_every_path(group):
    group.place()
    path = f"/api/v1/devices/{group.device.id}"
    group.machine.ask("POST", "/api/v1/telemetry", json={"temperature": 21.5})
    kept = group.boss.ask("POST", f"{path}/entries", json={"kind": "question", "title": "canary", "body": "Hm."}).json
    assert group.member.ask("GET", "/api/v1/search?q=canary").json["total"] == 1

    assert group.boss.ask("PUT", f"{path}/confidential").status_code == 204

    assert group.seeing() == {"boss"}
    assert group.seeing(group.other) == {"boss", "member", "named", "above"}
    for visitor in (group.member, group.above):
        addresses = [path, f"{path}/telemetry?signal=temperature", f"{path}/signals", f"{path}/health"]
        addresses += [f"{path}/conditions", f"{path}/export?format=json", f"/api/v1/entries/{kept['id']}"]
        addresses += [f"/devices/{group.device.id}", f"/entries/{kept['id']}"]
        assert {visitor.ask("GET", one).status_code for one in addresses} == {404}
        assert visitor.ask("GET", "/api/v1/entries").json["items"] == []
        assert visitor.ask("GET", "/api/v1/search?q=canary").json["total"] == 0
    group.boss.ask("POST", f"{path}/grants", json={"to": "named@example.com", "rights": ["VIEW"]})
    assert group.seeing() == {"boss", "named"}

    assert group.boss.ask("DELETE", f"{path}/confidential").status_code == 204
    assert group.seeing() == {"boss", "member", "named", "above"}


def test_confidence_does_not_pass_to_a_buyer(group, works, clock):
    group.boss.ask("PUT", f"/api/v1/devices/{group.device.id}/confidential")
    clock.move(HOUR)
    make_transfer(works, group.device, group.sister)

    path = f"/api/v1/devices/{group.device.id}"
    names = ("beside", "boss", "member", "above")
    assert [group.visitors[name].ask("GET", path).status_code for name in names] == [200, 200, 404, 404]
    assert len(group.boss.ask("GET", path).json["periods"]) == 1


def test_holding_reads_its_sites_and_does_nothing_there(group):
    group.place()
    path = f"/api/v1/devices/{group.device.id}"
    group.machine.ask("POST", "/api/v1/telemetry", json={"temperature": 21.5})
    entry = group.boss.ask("POST", f"{path}/entries", json={"kind": "question", "title": "Why?", "body": "Hm."}).json
    talk = f"/api/v1/entries/{entry['id']}/comments"

    assert len(group.above.ask("GET", f"{path}/telemetry?signal=temperature").json["points"]) == 1
    assert [one["id"] for one in group.above.ask("GET", "/api/v1/entries").json["items"]] == [entry["id"]]
    assert group.above.ask("POST", talk, json={"body": "From above."}).status_code == 403
    assert (
        group.above.ask("POST", f"{path}/entries", json={"kind": "question", "title": "T", "body": "B"}).status_code
        == 403
    )
    assert group.above.ask("GET", f"{path}/export?format=json").status_code == 403
    assert group.above.ask("POST", f"{path}/grants", json={"to": "x", "rights": ["VIEW"]}).status_code == 403


def test_tree_is_never_read_sideways_or_upward(group):
    group.place()

    assert {one["serial"] for one in group.beside.ask("GET", "/api/v1/devices").json["items"]} == {"S-1"}
    assert {one["serial"] for one in group.boss.ask("GET", "/api/v1/devices").json["items"]} == {"A-1", "A-2"}
    assert {one["serial"] for one in group.above.ask("GET", "/api/v1/devices").json["items"]} == {
        "A-1",
        "A-2",
        "S-1",
        "H-1",
    }


def test_site_that_leaves_its_tree_is_read_from_above_no_more(group, works):
    group.place()
    with works.writing(SYSTEM) as work:
        free_organisation(work, group.site.id)

    assert group.seeing() == {"boss", "member", "named"}


def test_stricter_choice_stands_when_an_organisation_is_placed(group):
    group.mode("by_role", ["customer"])
    group.place()

    assert group.seeing() == {"boss", "member", "named"}


def test_tree_has_no_circle_and_an_end(works):
    chain = [make_organisation(works) for _ in range(DEEPEST_TREE + 2)]
    with works.writing(SYSTEM) as work:
        for above, below in itertools.pairwise(chain[:-1]):
            place_organisation(work, below.id, above.id)
    for child, parent in ((chain[0], chain[-2]), (chain[0], chain[0]), (chain[-1], chain[-2])):
        with works.writing(SYSTEM) as work, pytest.raises(TreeTangled):
            place_organisation(work, child.id, parent.id)


def test_only_the_operators_administrators_place(group, works):
    with works.writing(make_actor(works, group.site, ADMIN)) as work, pytest.raises(Forbidden):
        place_organisation(work, group.site.id, group.holding.id)
    for name in ("member", "above"):
        answer = group.visitors[name].ask("PUT", f"/api/v1/organisations/{group.site.id}/sharing", json={"mode": "all"})
        assert answer.status_code in {403, 404}
