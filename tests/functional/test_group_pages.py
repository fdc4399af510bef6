"""The pages of groups, as a customer's administrator uses them, with forms alone."""

import re

import pytest

from statusportal.access.vocabulary import MemberRole
from statusportal.app import create_app
from tests.factories.accounts import make_organisation, make_person
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device

ADMIN = MemberRole.CUSTOMER_ADMIN


class Hall:
    """An owner with two machines, their administrator and a member, and another organisation with a machine."""

    def __init__(self, settings, works):
        app, self.works = create_app(settings, works), works
        self.owner, self.guest = make_organisation(works, "owner"), make_organisation(works, "guest")
        self.oven = make_device(works, self.owner, "A-1", name="Basilisk")
        self.press = make_device(works, self.owner, "A-2", name="Cockatrice")
        self.foreign = make_device(works, self.guest, "G-1", name="Gorgon")
        people = {
            "boss": make_person(works, self.owner, ADMIN, name="Mette Kragh"),
            "member": make_person(works, self.owner, name="Mads Holm"),
            "other": make_person(works, self.guest, ADMIN, name="Bent Lund"),
        }
        self.visitors = {name: Visitor(app.test_client(), token_of(works, one)) for name, one in people.items()}

    def get(self, who, path):
        return self.visitors[who].ask("GET", path)

    def send(self, who, path, **fields):
        return self.visitors[who].ask("POST", path, data=fields)

    def group(self, name="Compressed air"):
        """Make a group by its form and return its path."""
        made = self.send("boss", "/groups", name=name, organisation=str(self.owner.id))
        assert made.status_code == 303
        return made.headers["Location"]


@pytest.fixture
def hall(settings, works):
    return Hall(settings, works)


def test_group_is_made_filled_and_listed(hall):
    path = hall.group()
    assert hall.send("boss", f"{path}/devices", device=str(hall.oven.id)).status_code == 303

    page, listed = hall.get("boss", path).text, hall.get("boss", "/groups").text

    assert "Basilisk" in page
    assert f'<option value="{hall.press.id}"' in page
    assert f'<option value="{hall.oven.id}"' not in page
    assert ("Compressed air" in listed, "1 machine" in listed) == (True, True)
    assert "Gorgon" not in page
    assert "/groups" in hall.get("boss", f"/devices/{hall.oven.id}/access").text


def test_machine_is_found_among_more_than_a_page_holds(hall):
    path = hall.group()
    for number in range(60):
        make_device(hall.works, hall.owner, f"X-{number:02}", name=f"Wyvern {number:02}")

    whole, found = hall.get("boss", path), hall.get("boss", f"{path}?q=wyvern 59")
    chosen = re.findall(r'<option value="([0-9a-f-]{36})"', found.text)

    assert whole.text.count("<option value") <= 60
    assert "There are more machines than stand here." in whole.text
    assert ("Wyvern 59 (X-59)" in whole.text, "Wyvern 59 (X-59)" in found.text, len(chosen)) == (False, True, 1)
    assert hall.send("boss", f"{path}/devices", device=chosen[0]).status_code == 303
    inside = hall.get("boss", f"{path}?q=X-59").text
    assert ("Wyvern 59" in inside, "No other machine is called that." in inside) == (True, True)
    assert "Gorgon" not in hall.get("boss", f"{path}?q=gorgon").text


def test_who_is_let_at_a_group_sees_what_joins_and_no_more_what_leaves(hall):
    path = hall.group()
    hall.send("boss", f"{path}/devices", device=str(hall.oven.id))
    assert hall.get("other", f"/devices/{hall.oven.id}").status_code == 404

    assert hall.send("boss", f"{path}/grants", to="guest", kind="dealer", right_EXPORT="1").status_code == 303
    hall.send("boss", f"{path}/devices", device=str(hall.press.id))
    assert "Basilisk" in hall.get("other", f"/devices/{hall.oven.id}").text
    assert "Cockatrice" in hall.get("other", f"/devices/{hall.press.id}").text

    assert hall.send("boss", f"{path}/devices/{hall.press.id}/take").status_code == 303
    assert hall.get("other", f"/devices/{hall.press.id}").status_code == 404
    (grant,) = hall.get("boss", f"/api/v1/device-{path.removeprefix('/')}/grants").json["items"]
    assert grant["rights"] == ["VIEW", "EXPORT"]
    assert hall.send("boss", f"{path}/grants/{grant['id']}/end").status_code == 303
    assert hall.get("other", f"/devices/{hall.oven.id}").status_code == 404


def test_group_is_renamed_and_taken_apart(hall):
    path, taken = hall.group(), hall.group("Cold store")
    hall.send("boss", f"{path}/devices", device=str(hall.oven.id))
    hall.send("boss", f"{path}/grants", to="guest")

    refused = hall.send("boss", path, name="Cold store")
    assert (refused.status_code, "There is a group of this name already." in refused.text) == (409, True)
    assert hall.send("boss", path, name="Air").status_code == 303
    api = hall.visitors["boss"].ask("PATCH", f"/api/v1/device-{taken.removeprefix('/')}", json={"name": "Freezers"})
    assert (api.status_code, api.json["name"]) == (200, "Freezers")
    listed = hall.get("boss", "/groups").text
    assert [name in listed for name in ("Compressed air", "Air", "Cold store", "Freezers")] == [
        False,
        True,
        False,
        True,
    ]

    assert hall.send("boss", f"{path}/remove").status_code == 303
    assert hall.get("boss", path).status_code == 404
    assert hall.get("other", f"/devices/{hall.oven.id}").status_code == 404


def test_forms_come_back_with_what_is_wrong_and_with_what_was_ticked(hall):
    path = hall.group()

    nobody = hall.send("boss", f"{path}/grants", to="", right_COMMENT="1")
    nothing = hall.send("boss", f"{path}/devices", device="")
    unnamed = hall.send("boss", "/groups", name=" ", organisation=str(hall.owner.id))

    assert (nobody.status_code, "Write who." in nobody.text) == (422, True)
    assert ">view and comment</b>" in nobody.text
    assert (nothing.status_code, "Choose one of these." in nothing.text) == (422, True)
    assert unnamed.status_code == 422


def test_nobody_else_reads_or_fills_a_group(hall):
    path = hall.group()
    hall.send("boss", f"{path}/devices", device=str(hall.oven.id))
    faces = [hall.get(who, path) for who in ("member", "other")]

    assert [face.status_code for face in faces] == [404, 404]
    assert not any("Compressed air" in face.text or "Basilisk" in face.text for face in faces)
    assert "Compressed air" not in hall.get("other", "/groups").text
    assert hall.get("member", "/groups").status_code == 403
    assert hall.send("other", f"{path}/devices", device=str(hall.foreign.id)).status_code == 404
    assert hall.send("boss", f"{path}/devices", device=str(hall.foreign.id)).status_code == 404
    assert hall.send("other", "/groups", name="Ours", organisation=str(hall.owner.id)).status_code == 403
    assert hall.send("member", path, name="Mine").status_code == 404
