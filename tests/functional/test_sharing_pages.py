"""Who inside an organisation sees its machines, and its place in a tree, chosen on its page with forms alone."""

import pytest

from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from tests.factories.accounts import make_organisation, make_person, make_staff
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device

ADMIN = MemberRole.CUSTOMER_ADMIN


class Holding:
    """A site with a machine, the holding that may come to stand above it, and a competitor with a tree of its own."""

    def __init__(self, settings, works):
        app = create_app(settings, works)
        self.site, self.above = make_organisation(works, "site"), make_organisation(works, "above")
        self.rival = make_organisation(works, "rival")
        self.device = make_device(works, self.site, "A-1", name="Basilisk")
        people = {
            "boss": make_person(works, self.site, ADMIN),
            "member": make_person(works, self.site),
            "holder": make_person(works, self.above),
            "rival": make_person(works, self.rival, ADMIN),
            "support": make_staff(works, StaffRole.SUPPORT),
            "admin": make_staff(works, StaffRole.ADMIN),
        }
        self.visitors = {name: Visitor(app.test_client(), token_of(works, one)) for name, one in people.items()}
        self.path = f"/admin/organisations/{self.site.id}"

    def get(self, who, path):
        return self.visitors[who].ask("GET", path)

    def send(self, who, path, **fields):
        return self.visitors[who].ask("POST", path, data=fields)

    def sees(self, who):
        """Tell whether somebody opens the machine."""
        return self.get(who, f"/devices/{self.device.id}").status_code == 200


@pytest.fixture
def holding(settings, works):
    return Holding(settings, works)


def test_administrator_chooses_who_inside_sees_the_machines(holding):
    assert "Everybody here sees every machine that is not confidential." in holding.get("boss", holding.path).text
    assert holding.sees("member")

    assert holding.send("boss", f"{holding.path}/sharing", mode="none").status_code == 303
    assert (holding.sees("boss"), holding.sees("member")) == (True, False)
    assert holding.send("boss", f"{holding.path}/sharing", mode="by_role", role_customer="1").status_code == 303
    assert holding.sees("member")

    page = holding.get("boss", holding.path).text
    assert 'name="role_customer" value="1" checked' in page
    assert 'name="role_customer_admin" value="1" checked' not in page


def test_by_role_without_a_role_and_unknown_modes_come_back(holding):
    nobody = holding.send("boss", f"{holding.path}/sharing", mode="by_role")
    unknown = holding.send("boss", f"{holding.path}/sharing", mode="everybody")

    assert (nobody.status_code, "Must name a role" in nobody.text) == (422, True)
    assert (unknown.status_code, "Choose one of these." in unknown.text) == (422, True)
    assert holding.sees("member")


def test_staff_administrator_places_a_site_and_its_holding_reads_it(holding):
    assert not holding.sees("holder")

    assert holding.send("admin", f"{holding.path}/parent", parent=str(holding.above.id)).status_code == 303
    assert holding.sees("holder")
    tree = holding.get("admin", f"/admin/organisations/{holding.above.id}").text.split('class="orgtree"')[1]
    tree = tree.split("</ul></div>")[0]
    assert ("Site" in tree, "1 machine" in tree, "Rival" in tree) == (True, True, False)

    circle = holding.send("admin", f"/admin/organisations/{holding.above.id}/parent", parent=str(holding.site.id))
    assert (circle.status_code, "cannot stand under itself" in circle.text) == (409, True)
    for unsaid in ({}, {"parent": "anybody"}):
        refused = holding.send("admin", f"{holding.path}/parent", **unsaid)
        assert (refused.status_code, "Choose one of these." in refused.text) == (422, True)
        assert holding.sees("holder")
    assert holding.send("admin", f"{holding.path}/parent", parent="").status_code == 303
    assert not holding.sees("holder")


def test_others_choose_nothing_and_read_no_tree(holding):
    holding.send("admin", f"{holding.path}/parent", parent=str(holding.above.id))

    for who, status in {"member": 403, "rival": 404, "holder": 403}.items():
        assert holding.send(who, f"{holding.path}/sharing", mode="none").status_code == status
    for who in ("boss", "support", "rival"):
        assert holding.send(who, f"{holding.path}/parent", parent=str(holding.rival.id)).status_code == 403

    assert holding.sees("member")
    own = holding.get("boss", holding.path).text
    assert ("Above" in own, "Rival" in own, "orgtree" in own) == (False, False, False)
