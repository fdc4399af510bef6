"""What the operator looks for and lets others in at is told to the customer, in plain words and by letter."""

from datetime import timedelta

import msgspec
import pytest

from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.custody.granting import change_grant, grant_access, revoke_grant
from statusportal.custody.queries import receiver_named
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import EntryKind
from statusportal.groups.grouping import add_to_group, create_group, grant_group
from statusportal.jobs.delivery import deliver_once
from statusportal.notifications.channels.opening import RECORDING, mail_of
from statusportal.sending.letting_in import LET_IN
from tests.factories.accounts import actor_for, make_organisation, make_person
from tests.factories.browsing import words
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device
from tests.factories.letters import app_of

ADMIN = MemberRole.CUSTOMER_ADMIN
HOUR = timedelta(hours=1)


class Desk:
    """Two customers with a machine and a question each, and Aisha of the operator, who goes through lists."""

    def __init__(self, works, clock):
        letters = {"smtp_url": RECORDING, "mail_from": "portal@example.com", "public_url": "https://portal.example"}
        works.settings = msgspec.structs.replace(works.settings, **letters)
        self.works, self.clock, self.app = works, clock, app_of(works)
        self.alpha, self.beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        self.device = make_device(works, self.alpha, "A-1", name="Freezer", site="Videbæk")
        other = make_device(works, self.beta, "B-1", name="Basilisk", site="Skjern")
        self.mette = make_person(works, self.alpha, ADMIN, email="mette@alpha.example", name="Mette Kragh")
        self.bent = make_person(works, self.beta, ADMIN, email="bent@beta.example")
        make_person(works, self.alpha, email="member@alpha.example")
        self.aisha = make_person(works, staff_role=StaffRole.SUPPORT, name="Aisha Rahman")
        for person, device in ((self.mette, self.device), (self.bent, other)):
            with works.writing(actor_for(works, person)) as work:
                publish_entry(work, device.id, EntryKind.QUESTION, f"Why does {device.name} hum?", "")

    def get(self, person, path):
        return Visitor(self.app.test_client(), token_of(self.works, person)).ask("GET", path)

    def told(self, person, organisation):
        """Return who of the operator looked, as a customer's own log has it."""
        log = self.get(person, f"/api/v1/organisations/{organisation.id}/audit?part=looked").json["items"]
        return [(one["act"], one["actor"]["name"], one["actor"]["role"]) for one in log]

    def letters(self):
        while deliver_once(self.works, LET_IN):
            pass
        return [(one.to, one.subject) for one in mail_of(self.works).letters]


@pytest.fixture
def desk(works, clock):
    return Desk(works, clock)


LOOKED = ("customer.seen", "Aisha Rahman", "support")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/devices?q=freezer",
        "/?q=freezer",
        "/?site=Videbæk",
        "/admin/devices?organisation={alpha}",
        "/api/v1/search?q=freezer",
        "/search?q=freezer",
    ],
)
def test_list_or_search_that_singles_a_customer_out_is_in_their_log_once_an_hour(desk, clock, path):
    address = path.format(alpha=desk.alpha.id)
    for _ in range(3):
        assert desk.get(desk.aisha, address).status_code == 200
    first = desk.told(desk.mette, desk.alpha)
    clock.move(HOUR)
    desk.get(desk.aisha, address)

    assert (first, desk.told(desk.mette, desk.alpha)) == ([LOOKED], [LOOKED, LOOKED])
    assert desk.told(desk.bent, desk.beta) == []


def test_list_of_the_whole_fleet_and_a_search_in_vain_are_no_look_at_anybody(desk):
    for path in ("/", "/api/v1/devices", "/api/v1/devices?health=failure", "/api/v1/search?q=nothing", "/search?q=zzz"):
        assert desk.get(desk.aisha, path).status_code == 200
    desk.get(desk.mette, "/api/v1/search?q=freezer")

    assert (desk.told(desk.mette, desk.alpha), desk.told(desk.bent, desk.beta)) == ([], [])


def test_customer_reads_it_in_plain_words(desk):
    desk.get(desk.aisha, "/search?q=freezer")

    page = words(desk.get(desk.mette, f"/admin/organisations/{desk.alpha.id}/looks").text)

    assert "Aisha Rahman" in page
    assert "aw machines or words of yours in a list or a search" in page


def test_owner_is_told_by_letter_whom_the_operator_let_in(desk):
    with desk.works.writing(actor_for(desk.works, desk.aisha)) as work:
        grant = grant_access(work, desk.device.id, receiver_named(work, "beta"), Right.VIEW)
    first = desk.letters()
    with desk.works.writing(actor_for(desk.works, desk.aisha)) as work:
        change_grant(work, grant.id, Right.EXPORT, None)
    again = desk.letters()
    letter = mail_of(desk.works).letters[0]
    log = desk.get(desk.mette, f"/api/v1/devices/{desk.device.id}/audit?part=changed").json["items"]

    told = ("mette@alpha.example", "Status Portal let somebody at Freezer")
    assert (first, again) == ([told], [told, told])
    assert f"https://portal.example/devices/{desk.device.id}/access" in letter.text
    assert ("Aisha Rahman" in letter.text, "Alpha" in letter.text, "beta" in letter.text.lower()) == (True, True, False)
    assert [(one["act"], one["actor"]["name"]) for one in log if one["act"].startswith("grant.")] == [
        ("grant.changed", "Aisha Rahman"),
        ("grant.made", "Aisha Rahman"),
    ]


def test_group_of_machines_is_one_letter_that_counts_them(desk):
    more = [make_device(desk.works, desk.alpha, f"A-{number}") for number in (2, 3)]
    with desk.works.writing(actor_for(desk.works, desk.mette)) as work:
        group = create_group(work, desk.alpha.id, "Cold")
        for device in (desk.device, *more):
            add_to_group(work, group.id, device.id)
    with desk.works.writing(actor_for(desk.works, desk.aisha)) as work:
        grant_group(work, group.id, receiver_named(work, "beta"), Right.VIEW)

    ((to, subject),) = desk.letters()

    assert (to, subject.endswith(" (+2)")) == ("mette@alpha.example", True)


def test_no_letter_goes_for_what_the_owner_did_or_what_has_ended(desk):
    with desk.works.writing(actor_for(desk.works, desk.mette)) as work:
        grant_access(work, desk.device.id, receiver_named(work, "beta"), Right.VIEW)
    with desk.works.writing(actor_for(desk.works, desk.aisha)) as work:
        ended = grant_access(work, desk.device.id, receiver_named(work, "gamma"), Right.VIEW)
        revoke_grant(work, ended.id)

    assert desk.letters() == []
