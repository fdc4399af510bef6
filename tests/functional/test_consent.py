"""Staff ask an owner to let more people read an entry; nothing is open before the owner says yes."""

import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.app import create_app
from statusportal.consent.widening import ask_owner, change_audience, give_consent, refuse_consent
from statusportal.entries.queries import entry_for, happenings_of
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.fleet.models import Device
from statusportal.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from statusportal.jobs.delivery import deliver_once
from statusportal.notifications.vocabulary import LetterKind
from statusportal.search.queries import search
from statusportal.sending import asking
from statusportal.sending.deciding import letter_to_decider
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import browser_of, words
from tests.factories.fleet import make_device, make_grant, make_transfer, present_ownership_of
from tests.factories.letters import app_of, link_in, with_letters
from tests.servers.mail import MailServer

SECRET = "Why does it smell of pears?"


class Scene:
    """An owner with an administrator and a member, a guest let in at the device, staff, and an entry for the owner."""

    def __init__(self, works):
        self.works = works
        alpha, gamma = make_organisation(works, "alpha"), make_organisation(works, "gamma")
        device = make_device(works, alpha, "PX-7741")
        make_grant(works, device, gamma, Right.VIEW | Right.COMMENT)
        self.chief = make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD, name="Mette Kragh")
        self.member = make_person(works, alpha, MemberRole.CUSTOMER)
        self.guest = make_person(works, gamma, MemberRole.CUSTOMER_ADMIN)
        self.support = make_person(works, staff_role=StaffRole.SUPPORT, password=PASSWORD)
        with works.writing(self.actor(self.chief)) as work:
            self.entry_id = publish_entry(
                work, device.id, EntryKind.QUESTION, SECRET, "Pears.", Audience.ORGANISATION
            ).id

    def actor(self, person):
        return actor_for(self.works, person)

    def do(self, person, verb, *arguments):
        with self.works.writing(self.actor(person)) as work:
            return verb(work, self.entry_id, *arguments)

    def finds(self, person):
        """Tell what somebody has of the entry: by its address, and by search."""
        with self.works.reading(self.actor(person)) as work:
            try:
                is_read = entry_for(work, self.entry_id).title == SECRET
            except NotFound:
                is_read = False
            return is_read, search(work, "pears").total


@pytest.fixture
def scene(works):
    return Scene(works)


def test_question_opens_nothing_and_the_owners_yes_opens_it(scene):
    scene.do(scene.support, change_audience, Audience.SHARED)
    waiting = scene.finds(scene.guest)
    for person in (scene.support, scene.member):
        with pytest.raises(Forbidden):
            scene.do(person, give_consent)
    with pytest.raises(NotFound):
        scene.do(scene.guest, give_consent)
    scene.do(scene.chief, give_consent)

    assert waiting == (False, 0)
    assert scene.finds(scene.guest) == (True, 1)
    with scene.works.reading(scene.actor(scene.chief)) as work:
        asked, given = happenings_of(work, scene.entry_id)
        assert (asked.kind, asked.person_id) == ("consent_asked", scene.support.id)
        assert (given.kind, given.person_id, given.at) == ("consent_given", scene.chief.id, work.now)
        assert (given.before, given.after) == ({"audience": "organisation"}, {"audience": "shared"})
        assert entry_for(work, scene.entry_id).wished_audience is None


def test_narrowing_acts_at_once_and_asks_nobody(scene):
    scene.do(scene.chief, change_audience, Audience.SHARED)
    shown = scene.finds(scene.guest)
    scene.do(scene.support, change_audience, Audience.ORGANISATION)

    assert shown == (True, 1)
    assert scene.finds(scene.guest) == (False, 0)
    assert scene.finds(scene.member) == (True, 1)


def test_no_closes_the_question_and_a_yes_then_opens_nothing(scene):
    scene.do(scene.support, ask_owner, Audience.SHARED)
    with pytest.raises(Conflict):
        scene.do(scene.support, ask_owner, Audience.SHARED)
    scene.do(scene.chief, refuse_consent)

    with pytest.raises(Conflict):
        scene.do(scene.chief, give_consent)
    assert scene.finds(scene.guest) == (False, 0)
    scene.do(scene.support, ask_owner, Audience.SHARED)


def test_owner_is_asked_only_about_what_they_can_read(scene):
    with scene.works.writing(SYSTEM) as work:
        entry_for(work, scene.entry_id).author_role = None
    scene.do(scene.support, change_audience, Audience.INTERNAL)

    with pytest.raises(Invalid, match="/audience"):
        scene.do(scene.support, change_audience, Audience.SHARED)


def test_owner_reads_the_question_on_the_page_and_answers_there(works, scene):
    app = create_app(works.settings, works)
    support, chief = browser_of(app, scene.support), browser_of(app, scene.chief)
    page = f"/entries/{scene.entry_id}"
    support.send(f"{page}/audience", page, audience="shared")
    asked, waits = words(chief.get(page).text), words(support.get(page).text)

    assert "asks whether those whom you let in may read this too." in asked
    assert "Yes, show it to them" in asked
    assert "Alpha was asked whether those whom they let in may read this too." in waits
    assert "Yes, show it to them" not in waits
    assert support.send(f"{page}/consent/answer", page, answer="yes").status_code == 403
    assert chief.send(f"{page}/consent/answer", page, answer="yes").status_code == 303
    assert scene.finds(scene.guest) == (True, 1)
    assert "asks whether" not in words(chief.get(page).text)


def test_letter_reaches_those_who_decide_and_none_once_it_is_answered(works, scene):
    with MailServer() as mail:
        with_letters(works, mail)
        scene.do(scene.support, ask_owner, Audience.SHARED)
        deliver_once(works, asking.CONSENT)
        scene.do(scene.chief, refuse_consent)
        scene.do(scene.support, ask_owner, Audience.SHARED)
        scene.do(scene.chief, refuse_consent)
        deliver_once(works, asking.CONSENT)

        (letter,) = mail.messages

    assert letter["To"] == scene.chief.email
    assert link_in(letter) == f"/entries/{scene.entry_id}"
    assert SECRET not in str(letter)


def test_letter_names_a_machine_that_was_sold_by_model_and_serial(works, scene):
    with works.reading(SYSTEM) as work:
        device = work.session.scalars(select(Device)).one()
        owned = (present_ownership_of(works, device).organisation_id, device.id)
    make_transfer(works, device, make_organisation(works, "buyer"))
    with works.writing(SYSTEM) as work:
        work.session.get_one(Device, device.id).name = "The buyer's pride"

    with works.reading(SYSTEM) as work:
        letter = letter_to_decider(work, LetterKind.CONSENT_SHARED, scene.chief.id, owned, "/")

    assert "pride" not in letter.text + letter.html + letter.subject
    assert f"{device.model.name} {device.serial}" in letter.text


def test_api_asks_answers_and_takes_back(works, scene):
    app = app_of(works)
    support, chief = browser_of(app, scene.support).client, browser_of(app, scene.chief).client
    address = f"/api/v1/entries/{scene.entry_id}"
    keys = {one: one.get("/api/v1/session").json["csrf_token"] for one in (support, chief)}

    def call(client, method, path, **json):
        return client.open(path, method=method, json=json or None, headers={"X-CSRFToken": keys[client]})

    asked = call(support, "POST", f"{address}/consent", audience="shared")
    wrong = call(support, "POST", f"{address}/consent", audience="public")
    back = call(support, "DELETE", f"{address}/consent")
    by_change = call(support, "PATCH", address, audience="shared")
    given = call(chief, "PATCH", f"{address}/consent", granted=True)

    assert asked.status_code == 201
    assert {name: asked.json["consent_wanted"][name] for name in ("audience", "role")} == {
        "audience": "shared",
        "role": "support",
    }
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/audience")
    assert back.json["consent_wanted"] is None
    assert (by_change.json["audience"], by_change.json["consent_wanted"]["audience"]) == ("organisation", "shared")
    assert (given.json["audience"], given.json["consent_wanted"]) == ("shared", None)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_new_entry_is_wider_than_usual_by_the_hand_of_who_shares_the_machine_alone(works):
    alpha = make_organisation(works, "alpha")
    device = make_device(works, alpha)
    chief = make_person(works, alpha, MemberRole.CUSTOMER_ADMIN)
    others = [make_person(works, alpha, MemberRole.CUSTOMER)]
    others += [make_person(works, staff_role=role) for role in (StaffRole.ENGINEER, StaffRole.SUPPORT, StaffRole.ADMIN)]

    def publish(person, audience):
        with works.writing(actor_for(works, person)) as work:
            return publish_entry(work, device.id, EntryKind.QUESTION, "Pears", "", audience).audience

    for one in others:
        with pytest.raises(Invalid) as refused:
            publish(one, Audience.SHARED)
        assert [error.pointer for error in refused.value.errors] == ["/audience"]

    assert publish(chief, Audience.SHARED) == Audience.SHARED
    make_grant(works, device, make_organisation(works, "gamma"), Right.VIEW)
    assert [publish(one, Audience.SHARED) for one in others] == [Audience.SHARED] * 4
