"""Who looked: owners are told who of the operator opened what is theirs, when and as what, and nothing of others."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.app import create_app
from statusportal.audit.service import record_act, record_act_of_device
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.jobs.chaining import check_round, link_round
from tests.factories.accounts import actor_for, make_organisation, make_person, make_staff, make_staff_actor
from tests.factories.doors import token_of
from tests.factories.fleet import make_device, make_grant, make_transfer

HOUR = timedelta(hours=1)

LOOKED = "device.seen"


class Street:
    """Alpha sells a machine to beta; Jonas of the operator opens it in the time of each."""

    def __init__(self, works, clock):
        self.works, self.clock = works, clock
        self.app = create_app(works.settings, works)
        self.alpha, self.beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        self.guests = make_organisation(works, "gamma")
        admin = MemberRole.CUSTOMER_ADMIN
        self.people = {
            "alpha": make_person(works, self.alpha, admin, name="Ann Alpha"),
            "alphas member": make_person(works, self.alpha, name="Mads Alpha"),
            "beta": make_person(works, self.beta, admin, name="Bent Beta"),
            "guest": make_person(works, self.guests, admin, name="Gerda Gamma"),
            "engineer": make_staff(works, StaffRole.ENGINEER),
            "expert": make_person(works, name="Jonas Expert", staff_role=StaffRole.EXPERT),
            "admin": make_staff(works, StaffRole.ADMIN),
        }
        self.tokens = {name: token_of(works, person) for name, person in self.people.items()}
        self.device = make_device(works, self.alpha, "A-1", name="Alphas press")

    def get(self, who, path, status=200):
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        answer = self.app.test_client().get(path, headers=headers)
        assert answer.status_code == status, answer.text[:200][:300]
        return answer

    def acts(self, who, of="device", **asked):
        paths = {"device": f"/devices/{self.device.id}", "alpha": f"/organisations/{self.alpha.id}"}
        paths["beta"] = f"/organisations/{self.beta.id}"
        query = "&".join(f"{name}={value}" for name, value in {"limit": 200, **asked}.items())
        return self.get(who, f"/api/v1{paths[of]}/audit?{query}").json["items"]

    def looks(self, who, **asked):
        found = self.acts(who, part="looked", **asked)
        return [(one["act"], one["actor"]["name"], one["actor"]["role"]) for one in found]


@pytest.fixture
def street(works, clock):
    return Street(works, clock)


def sold(street):
    """Have the machine opened before and after the sale, with an hour between."""
    street.get("engineer", f"/devices/{street.device.id}")
    street.clock.move(2 * HOUR)
    make_transfer(street.works, street.device, street.beta)
    street.clock.move(2 * HOUR)
    street.get("expert", f"/devices/{street.device.id}")


def test_owner_reads_who_looked_when_and_as_what(street, clock):
    began = clock.now()
    street.get("expert", f"/devices/{street.device.id}")

    for who in ("alpha", "alphas member"):
        assert street.looks(who) == [(LOOKED, "Jonas Expert", "expert")]
    one = street.acts("alpha")[0]
    assert one["at"] == began.isoformat(timespec="milliseconds")[:23] + "Z"
    assert street.acts("alpha", of="alpha")[0]["subject"]["name"] == "Alphas press"
    assert (one["actor"]["id"], one["subject"]["id"]) == (None, None)
    page = street.get("alphas member", f"/devices/{street.device.id}/looks").text
    assert all(words in page for words in ("Jonas Expert", "Expert", "Looked at the machine"))
    assert "Jonas Expert" in street.get("alphas member", f"/devices/{street.device.id}").text


def test_each_owner_reads_their_own_time_and_nothing_of_the_others(street):
    sold(street)

    assert street.looks("alpha") == [(LOOKED, street.people["engineer"].name, "engineer")]
    assert street.looks("beta") == [(LOOKED, "Jonas Expert", "expert")]
    for who, canaries in (("alpha", ("Jonas Expert", "Bent", "beta")), ("beta", ("Ann", "alpha", "Alphas press"))):
        shown = street.get(who, f"/devices/{street.device.id}/looks").text
        shown += json.dumps([street.acts(who), street.acts(who, of=who)])
        assert [word for word in canaries if word in shown.replace(f"{who}-", "")] == []


def test_old_entry_opened_after_the_sale_is_a_look_at_the_sellers_time(street, clock):
    with street.works.writing(actor_for(street.works, street.people["alpha"])) as work:
        entry = publish_entry(work, street.device.id, EntryKind.QUESTION, "Why?", "")
    clock.move(HOUR)
    make_transfer(street.works, street.device, street.beta)

    street.get("expert", f"/api/v1/entries/{entry.id}")
    street.get("expert", f"/devices/{street.device.id}")

    assert street.looks("alpha") == [(LOOKED, "Jonas Expert", "expert")]
    assert street.looks("beta") == [(LOOKED, "Jonas Expert", "expert")]


def test_internal_entry_is_not_told_of_by_who_read_it(street):
    with street.works.writing(make_staff_actor(street.works)) as work:
        hidden = publish_entry(work, street.device.id, EntryKind.FIELD_UPDATE, "Canary", "", Audience.INTERNAL)

    street.get("expert", f"/entries/{hidden.id}")

    shown = json.dumps(street.acts("alpha") + street.acts("alpha", of="alpha"))
    assert ("entry" in shown, str(hidden.id) in shown) == (False, False)
    assert street.looks("alpha") == [(LOOKED, "Jonas Expert", "expert")]


def test_guest_and_stranger_are_told_nothing(street):
    street.get("guest", f"/api/v1/devices/{street.device.id}/audit", 404)
    make_grant(street.works, street.device, street.guests, Right.VIEW)

    street.get("guest", f"/api/v1/devices/{street.device.id}/audit", 403)
    street.get("guest", f"/devices/{street.device.id}/looks", 403)
    assert f"/devices/{street.device.id}/looks" not in street.get("guest", f"/devices/{street.device.id}").text
    for path in (f"/api/v1/organisations/{street.alpha.id}/audit", f"/admin/organisations/{street.alpha.id}/looks"):
        street.get("beta", path, 404)
        street.get("alphas member", path, 403)
        street.get("engineer", path, 403)


def test_somebody_of_another_organisation_stays_unnamed(street):
    make_grant(street.works, street.device, street.guests, Right.VIEW | Right.EXPORT)
    with street.works.writing(actor_for(street.works, street.people["guest"])) as work:
        record_act(work, "device.exported", "device", street.device.id, organisation_id=street.alpha.id, format="csv")

    exported = street.acts("alpha")[0]

    assert (exported["actor"]["name"], exported["codes"]) == ("", {"format": "csv"})
    assert "somebody outside" in street.get("alpha", f"/admin/organisations/{street.alpha.id}/looks").text


def test_act_on_what_is_a_devices_stands_with_the_device(street):
    with street.works.writing(actor_for(street.works, street.people["expert"])) as work:
        device, link = street.device.id, street.alpha.id
        record_act_of_device(
            work, device, "link.made", "share_link", link, organisation_id=street.alpha.id, reason="asked", receiver="X"
        )

    one = street.acts("alpha", part="changed")[0]
    assert (one["act"], one["device_id"], one["codes"]) == ("link.made", str(device), {"reason": "asked"})
    assert "the customer asked for it" in street.get("alpha", f"/devices/{device}/looks?part=changed").text


def test_list_is_paged_and_parted(street, clock):
    for _ in range(3):
        street.get("expert", f"/devices/{street.device.id}")
        clock.move(timedelta(hours=1, minutes=1))
    whole = street.acts("alpha")
    first = street.get("alpha", f"/api/v1/devices/{street.device.id}/audit?limit=2").json
    rest = street.get("alpha", f"/api/v1/devices/{street.device.id}/audit?cursor={first['next']}").json

    assert [*first["items"], *rest["items"]] == whole
    assert {one["act"] for one in street.acts("alpha", part="changed")} == {"device.created", "ownership.added"}
    assert len(street.looks("alpha")) == 3


def test_log_is_taken_along_as_csv_and_json_lines(street):
    with street.works.writing(actor_for(street.works, street.people["alpha"])) as work:
        record_act(work, "member.set", "person", "=1+1", organisation_id=street.alpha.id, role="customer")

    lines = street.get("alpha", f"/api/v1/organisations/{street.alpha.id}/audit/export?format=jsonl").text
    table = street.get("admin", "/api/v1/audit/export?act=member.set").text

    acts = [json.loads(line)["act"] for line in lines.splitlines()]
    assert (acts[0], set(acts) >= {"device.created", "member.set"}) == ("export.audit", True)
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["act"] for row in rows} == {"member.set"}
    assert rows[0]["subject_id"] == "'=1+1"
    street.get("alpha", "/api/v1/audit/export", 403)
    street.get("beta", f"/api/v1/organisations/{street.alpha.id}/audit/export", 404)


def test_administrator_reads_and_narrows_the_whole_log(street, clock):
    street.get("expert", f"/devices/{street.device.id}")
    path = f"/api/v1/audit?act=device.seen&organisation={street.alpha.id}&subject={street.device.id}"

    found = street.get("admin", path).json["items"]
    page = street.get("admin", f"/admin/audit?act=device.seen&organisation={street.alpha.id}&from=2026-11-18").text
    later = street.get("admin", "/admin/audit?act=device.seen&from=2026-11-19").text

    assert [(one["actor"]["id"], one["subject"]["id"]) for one in found] == [
        (str(street.people["expert"].id), str(street.device.id))
    ]
    assert ("Jonas Expert" in page, "Jonas Expert" in later) == (True, False)
    for who in ("alpha", "engineer"):
        street.get(who, "/api/v1/audit", 403)


def test_page_says_when_the_list_was_checked_and_that_it_was_broken(street, works):
    link_round(works)
    check_round(works)
    whole = street.get("alpha", f"/devices/{street.device.id}/looks").text
    (Path(works.settings.instance_dir) / "audit-head.json").unlink()
    street.clock.move(timedelta(days=2))
    check_round(works)

    assert "unbroken" in whole
    assert "was changed or taken out" in street.get("alpha", f"/devices/{street.device.id}/looks").text
    assert "was changed or taken out" in street.get("admin", "/admin/audit").text
