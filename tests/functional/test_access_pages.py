"""The pages of who can see a device and of handing it over, as a person uses them, with forms alone."""

from datetime import timedelta

import pytest

from statusportal.access.vocabulary import MemberRole, Right
from statusportal.app import create_app
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import EntryKind
from tests.factories.accounts import actor_for, make_organisation, make_person
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device, make_grant
from tests.factories.links import make_link
from tests.factories.steady import steady

ADMIN = MemberRole.CUSTOMER_ADMIN


class Street:
    """An owner with a device, their administrator and a member, and the administrator of another organisation."""

    def __init__(self, settings, works):
        self.app = app = create_app(settings, works)
        self.works = works
        self.owner, self.guest = make_organisation(works, "owner"), make_organisation(works, "guest")
        self.device = make_device(works, self.owner, "A-1", name="Basilisk")
        self.people = {
            "boss": make_person(works, self.owner, ADMIN, name="Mette Kragh"),
            "member": make_person(works, self.owner, name="Mads Holm"),
            "other": make_person(works, self.guest, ADMIN, name="Bent Lund"),
        }
        self.visitors = {name: Visitor(app.test_client(), token_of(works, one)) for name, one in self.people.items()}
        self.path = f"/devices/{self.device.id}"

    def get(self, who, path):
        return self.visitors[who].ask("GET", path)

    def send(self, who, path, **fields):
        return self.visitors[who].ask("POST", path, data=fields)


@pytest.fixture
def street(settings, works):
    return Street(settings, works)


def test_page_says_who_can_see_and_lets_decide_only_who_decides(street):
    boss, member = street.get("boss", f"{street.path}/access"), street.get("member", f"{street.path}/access")

    assert "2 people can see this machine" in boss.text
    assert "Who else gets in decides: Mette Kragh." in member.text
    assert ("Let someone in" in boss.text, "Let someone in" in member.text) == (True, False)
    assert street.get("other", f"{street.path}/access").status_code == 404
    assert f"{street.path}/access" in street.get("member", street.path).text


def test_who_was_let_in_does_not_read_the_owners_papers(street):
    make_grant(street.works, street.device, street.guest, Right.VIEW | Right.MANAGE)

    refused = street.get("other", f"{street.path}/access")

    assert (refused.status_code, "Mette Kragh" in refused.text) == (403, False)


def test_somebody_is_let_in_and_the_door_is_shut_again(street):
    made = street.send("boss", f"{street.path}/access", to="guest", kind="dealer", right_COMMENT="1")
    assert made.status_code == 303
    page = street.get("boss", f"{street.path}/access").text
    assert "3 people" not in page
    assert "2 people can see this machine, and so can guest" in page
    assert "Basilisk" in street.get("other", street.path).text
    assert "A-1" in street.get("other", "/shared-with-us").text

    (grant,) = street.get("boss", f"/api/v1/devices/{street.device.id}/grants").json["items"]
    assert grant["rights"] == ["VIEW", "COMMENT"]
    assert street.send("boss", f"{street.path}/access/{grant['id']}/end").status_code == 303
    assert street.get("other", street.path).status_code == 404
    assert "Nobody has let us at anything." in street.get("other", "/shared-with-us").text


def test_links_that_open_the_machine_are_counted_and_ended_here(street):
    boss = actor_for(street.works, street.people["boss"])
    whole, _ = make_link(street.works, boss, street.device, to_name="Lene Kilde")
    with street.works.writing(boss) as work:
        entry = publish_entry(work, street.device.id, EntryKind.QUESTION, "Why is it warm?", "It hums.")
    make_link(street.works, boss, entry, to_name="Otto")
    make_link(street.works, boss, street.device, to_name="Gone by", lasts=timedelta(minutes=1))
    elsewhere = make_device(street.works, street.owner, "A-2")
    make_link(street.works, boss, elsewhere, to_name="Not here")
    street.works.clock.move(timedelta(minutes=2))

    mine, members = (street.get(who, f"{street.path}/access").text for who in ("boss", "member"))
    ended = street.send("boss", f"/share-links/{whole.id}/end", next=f"{street.path}/access")
    after = street.get("boss", f"{street.path}/access").text

    told = ("Lene Kilde", "Otto", "Gone by", "Not here")
    assert "2 people can see this machine, and so can whoever has its 1 link" in mine
    assert "2 people can see this machine, and so can whoever has its 1 link" in members
    assert [name in mine for name in told] == [True, True, False, False]
    assert [name in members for name in told] == [False] * 4
    assert (ended.status_code, ended.location) == (303, f"{street.path}/access")
    assert ("No link opens the whole machine now." in after, "Otto" in after) == (True, True)


def test_form_comes_back_with_what_is_wrong(street):
    empty = street.send("boss", f"{street.path}/access", to="")
    own = street.send("boss", f"{street.path}/access", to="owner")

    assert (empty.status_code, "Write who." in empty.text) == (422, True)
    assert (own.status_code, "Has the device already." in own.text) == (422, True)
    assert street.send("member", f"{street.path}/access", to="guest").status_code == 403


def test_confidential_machine_and_closed_house_are_chosen_on_the_page(street):
    assert street.send("boss", f"{street.path}/access/confidential", state="kept").status_code == 303
    assert "1 person can see this machine" in street.get("boss", f"{street.path}/access").text
    assert street.get("member", street.path).status_code == 404
    street.send("boss", f"{street.path}/access/confidential", state="shown")
    assert street.get("member", street.path).status_code == 200

    assert street.send("boss", f"{street.path}/access/mode", mode="none").status_code == 303
    assert street.get("member", street.path).status_code == 404


def test_machine_changes_hands_by_forms(street):
    offered = street.send("boss", f"{street.path}/hand-over", organisation="guest", history="1")
    path = offered.headers["Location"]
    assert "Basilisk" not in street.get("other", path).text
    assert "Owner offered it" in street.get("other", path).text
    assert "waits for an answer" in street.get("other", "/shared-with-us").text
    assert street.get("member", path).status_code == 404
    assert street.send("boss", f"{path}/accept").status_code == 403
    assert street.send("other", f"{path}/nonsense").status_code == 404
    assert street.get("other", street.path).status_code == 404

    assert street.send("other", f"{path}/accept", history="1").status_code == 303

    bought = street.get("other", street.path)
    assert (bought.status_code, "Basilisk" in bought.text) == (200, False)
    assert "because both agreed" in street.get("other", path).text
    assert street.send("boss", f"{path}/withdraw").status_code == 409
    assert street.get("boss", f"{street.path}/access").status_code == 403


def test_unknown_receiver_is_not_told_from_a_known_one(street):
    faces = []
    for word in ("guest", "nobody-here"):
        path = street.send("boss", f"{street.path}/hand-over", organisation=word).headers["Location"]
        street.get("boss", "/shared-with-us")  # takes the flash of what was done before
        page = steady(street.get("boss", path).text).replace(word, "*").replace(path, "/transfers/*")
        faces.append(page)
        assert street.send("boss", f"{path}/withdraw").status_code == 303

    assert faces[0] == faces[1]


def test_grant_is_given_longer_and_changed_in_place(street):
    grant = make_grant(street.works, street.device, street.guest, Right.VIEW | Right.EXPORT)
    path = f"{street.path}/access/{grant.id}"

    changed = street.send("boss", path, right_COMMENT="1", to_at="2027-03-01T12:00")
    page = street.get("boss", f"{street.path}/access").text
    past = street.send("boss", path, right_COMMENT="1", to_at="2020-03-01T12:00")
    told = street.get("boss", f"/api/v1{street.path}/grants/{grant.id}").json

    assert (changed.status_code, past.status_code) == (303, 422)
    assert "Must lie ahead, after the beginning." in past.text
    assert (told["rights"], told["to_at"]) == (["VIEW", "COMMENT"], "2027-03-01T11:00:00.000Z")
    assert 'value="2027-03-01T12:00"' in page
    assert street.get("other", f"{street.path}/export?format=csv").status_code in {403, 404}


def test_narrowed_grant_narrows_what_was_granted_by_it(street):
    third = make_organisation(street.works, "third")
    grant = make_grant(street.works, street.device, street.guest, Right.VIEW | Right.COMMENT | Right.MANAGE)
    address = f"/api/v1{street.path}/grants"
    below = street.visitors["other"].ask("POST", address, json={"to": "third", "rights": ["COMMENT"]})
    eve = make_person(street.works, third, name="Eve")
    visitor = Visitor(street.app.test_client(), token_of(street.works, eve))

    def change(**wanted):
        return street.visitors["boss"].ask("PATCH", f"{address}/{grant.id}", json=wanted)

    assert (below.status_code, change(rights=["MANAGE"], to_at="2027-01-01T00:00:00Z").status_code) == (201, 200)
    own = street.visitors["other"].ask("GET", f"{address}/{below.json['id']}").json
    assert (own["rights"], own["to_at"]) == (["VIEW"], "2027-01-01T00:00:00.000Z")
    assert visitor.ask("GET", street.path).status_code == 200
    assert change(rights=["VIEW"]).json["rights"] == ["VIEW"]
    assert visitor.ask("GET", street.path).status_code == 404
    assert street.visitors["other"].ask("PATCH", f"{address}/{grant.id}", json={"to_at": None}).status_code in {
        403,
        404,
    }


def test_ended_grant_is_not_changed(street):
    grant = make_grant(street.works, street.device, street.guest, Right.VIEW)
    street.send("boss", f"{street.path}/access/{grant.id}/end")

    answer = street.send("boss", f"{street.path}/access/{grant.id}", to_at="2027-03-01T12:00")

    assert (answer.status_code, street.get("other", street.path).status_code) == (409, 404)


def test_former_owner_has_a_lane_that_says_what_stays_theirs(street):
    offered = street.visitors["boss"].ask("POST", f"/api/v1{street.path}/transfers", json={"organisation": "guest"})
    street.visitors["other"].ask("POST", f"/api/v1/transfers/{offered.json['id']}/accept", json={})

    page = street.get("other", f"{street.path}/access").text

    assert ("Owner</b>" in page, "that time stays with them alone" in page) == (True, True)
    assert street.get("boss", f"{street.path}/access").status_code == 403
