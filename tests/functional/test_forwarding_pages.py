"""The pages of forwarding, as a customer's administrator uses them, with forms alone."""

import re

import msgspec
import pytest

from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.jobs.forwarding import forwarding_round
from tests.factories.accounts import make_organisation, make_person, make_staff
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device
from tests.factories.steady import bodies
from tests.servers.receiver import Receiver


class Office:
    """An organisation with a machine and an administrator, a member, a stranger and staff, and a receiver outside."""

    def __init__(self, settings, works, receiver):
        works.settings = msgspec.structs.replace(settings, forwarding_allow="127.0.0.0/8")
        app, self.works, self.receiver = create_app(works.settings, works), works, receiver
        self.alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
        self.device = make_device(works, self.alpha, "A-1", name="Basilisk")
        make_device(works, beta, "B-1")
        people = {
            "boss": make_person(works, self.alpha, MemberRole.CUSTOMER_ADMIN),
            "member": make_person(works, self.alpha),
            "other": make_person(works, beta, MemberRole.CUSTOMER_ADMIN),
            "admin": make_staff(works, StaffRole.ADMIN),
        }
        self.visitors = {name: Visitor(app.test_client(), token_of(works, one)) for name, one in people.items()}

    def get(self, path, who="boss"):
        return self.visitors[who].ask("GET", path)

    def send(self, path, who="boss", **fields):
        return self.visitors[who].ask("POST", path, data=fields)

    def begin(self, who="boss", **changes):
        words = {"organisation": str(self.alpha.id), "name": "Kilde Energi", "address": self.receiver.url}
        return self.send("/forwardings", who, **{**words, "kind_sample": "1", "serials": "A-1", **changes})

    def path(self):
        (found,) = set(re.findall(r"/forwardings/[0-9a-f-]{36}", self.get("/forwardings").text))
        return found


@pytest.fixture
def office(settings, works):
    with Receiver() as receiver:
        yield Office(settings, works, receiver)


def test_receiver_is_chosen_its_secret_shown_once_and_a_greeting_arrives(office):
    begun = office.begin(signals="speed, heat")
    (secret,) = re.findall(r"<code>([\w-]{40,})</code>", begun.text)
    path = office.path()
    office.send(f"{path}/test")
    office.receiver.answers = [503]
    forwarding_round(office.works)
    troubled = office.get(path).text
    office.send(f"{path}/test")
    while forwarding_round(office.works) == 0.0:
        pass

    page, mine = office.get(path).text, office.get("/my-data").text

    assert begun.status_code == 201
    assert "The receiver has trouble of its own (HTTP 503)." in troubled
    assert [item["kind"] for item in office.receiver.items] == ["test", "test", "test"]
    assert (secret in page, "Basilisk (A-1)" in page, "speed, heat" in page) == (False, True, True)
    assert ("trouble of its own" in page, "Kilde Energi" in mine) == (False, True)


def test_it_is_paused_goes_on_and_ends(office):
    office.begin()
    path = office.path()
    states = []
    for act in ("pause", "resume", "end", "resume", "test"):
        assert office.send(f"{path}/{act}").status_code == 303
        states.append(office.get(f"/api/v1{path}").json["state"])

    assert states == ["paused", "running", "ended", "ended", "ended"]
    assert "Kilde Energi gets nothing any more" in office.get(path).text
    assert "Kilde Energi" not in office.get("/my-data").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"address": "http://10.0.0.1/"}, "Leads inside a network that the portal may not call."),
        ({"serials": "A-1\nB-1"}, "Not a machine of yours: B-1"),
        ({"kind_sample": ""}, "Choose at least one of these."),
        ({"ends_at": "soon"}, "Write a day and a time."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_begun(office, changes, words):
    answer = office.begin(**changes)

    assert (answer.status_code, words in answer.text) == (422, True)
    assert office.get(f"/api/v1/organisations/{office.alpha.id}/forwardings").json["items"] == []


def test_nobody_else_sees_or_ends_it(office):
    office.begin()
    path = office.path()

    faces = [(who, office.get(path, who)) for who in ("member", "other", "admin")]

    assert [(who, face.status_code, "Kilde" in face.text) for who, face in faces] == [
        ("member", 404, False),
        ("other", 404, False),
        ("admin", 404, False),
    ]
    assert "Kilde" not in office.get("/forwardings", "other").text
    assert [office.send(f"{path}/end", who).status_code for who in ("member", "other", "admin")] == [404, 404, 404]
    probes = [office.begin(serials=serial, who="other") for serial in ("A-1", "A-2")]
    assert ([one.status_code for one in probes], len(bodies(*probes))) == ([403, 403], 1)
    assert office.get(f"/api/v1{path}").json["state"] == "running"
