"""A share link is dead within the request in which something it stands on is gone, and it says not what that was."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import delete

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.accounts.models import Membership, Person
from statusportal.accounts.service import disable_person
from statusportal.app import create_app
from statusportal.consent.widening import change_audience
from statusportal.entries.models import EntryHappening, StatusEntry
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.foundation.ids import new_id
from statusportal.foundation.paging import Slice
from statusportal.search.models import SearchDocument
from statusportal.sharing.queries import links_of_device
from statusportal.sharing.service import revoke_link
from tests.factories.accounts import actor_for, make_organisation, make_person, make_staff_actor
from tests.factories.browsing import Browser
from tests.factories.fleet import end_grant, make_device, make_grant, make_transfer
from tests.factories.links import guest_of, make_link
from tests.factories.steady import bodies

DAY = timedelta(days=1)


class Scene:
    """One device of alpha's with an entry, a customer administrator, support, and a grantee who manages it."""

    def __init__(self, works):
        self.works = works
        self.alpha, self.gamma = make_organisation(works, "alpha"), make_organisation(works, "gamma")
        self.device = make_device(works, self.alpha)
        self.mette = make_person(works, self.alpha, MemberRole.CUSTOMER_ADMIN)
        self.aisha = make_person(works, staff_role=StaffRole.SUPPORT)
        self.guest = make_person(works, self.gamma)
        self.grant = make_grant(works, self.device, self.gamma, Right.MANAGE | Right.COMMENT)
        self.of_owner = self._ask(self.aisha)
        self.of_guest = self._ask(self.guest)

    def _ask(self, person):
        with self.works.writing(actor_for(self.works, person)) as work:
            return publish_entry(work, self.device.id, EntryKind.QUESTION, "Why?", "")

    def change(self, model, **values):
        with self.works.writing(SYSTEM) as work:
            work.session.query(model).filter_by(**values.pop("where")).update(values)


@pytest.fixture
def app(settings, works):
    works.settings = msgspec.structs.replace(works.settings, requests_per_minute=0, link_tries_per_minute=0)
    return create_app(works.settings, works)


@pytest.fixture
def scene(works):
    return Scene(works)


def revoke(scene, link):
    with scene.works.writing(actor_for(scene.works, scene.mette)) as work:
        revoke_link(work, link.id)


def leave(scene, _link):
    with scene.works.writing(SYSTEM) as work:
        work.session.execute(delete(Membership).where(Membership.person_id == scene.mette.id))


def disable(scene, _link):
    with scene.works.writing(make_staff_actor(scene.works, StaffRole.ADMIN)) as work:
        disable_person(work, scene.mette.id)


def narrow(scene, _link):
    with scene.works.writing(actor_for(scene.works, scene.aisha)) as work:
        change_audience(work, scene.of_owner.id, Audience.INTERNAL)


def erase(scene, _link):
    key = scene.of_owner.organisation_id, scene.of_owner.id
    with scene.works.writing(SYSTEM) as work:
        for model in (EntryHappening, SearchDocument):
            of_entry = (model.organisation_id == key[0]) & (model.entry_id == key[1])
            work.session.execute(delete(model).where(of_entry))
        work.session.execute(delete(StatusEntry).where(StatusEntry.organisation_id == key[0], StatusEntry.id == key[1]))


ENDS = {
    "revoked": revoke,
    "expired": lambda scene, _link: scene.works.clock.move(7 * DAY),
    "maker left": leave,
    "maker disabled": disable,
    "maker is a plain customer now": lambda scene, _link: scene.change(
        Membership, where={"person_id": scene.mette.id}, role=MemberRole.CUSTOMER.value
    ),
    "device sold": lambda scene, _link: (
        scene.works.clock.move(DAY),
        make_transfer(scene.works, scene.device, make_organisation(scene.works, "beta")),
    ),
    "entry narrowed": narrow,
    "entry deleted": erase,
}


@pytest.mark.parametrize("end", ENDS)
def test_link_and_its_open_pages_are_dead_at_once(app, works, scene, end):
    link, token = make_link(works, actor_for(works, scene.mette), scene.of_owner)
    browser, page = guest_of(app, token)
    before = browser.get(page).status_code

    ENDS[end](scene, link)

    followed, refreshed = Browser(app).get(f"/s/{token}"), browser.get(page)
    never_was = Browser(app).get("/s/spk_never-was"), Browser(app).get(f"/shared/{new_id()}")
    assert before == 200
    assert {one.status_code for one in (followed, refreshed, *never_was)} == {404}
    assert len(bodies(followed, refreshed, *never_was)) == 1
    assert [one.headers.get("Set-Cookie") for one in (followed, refreshed, *never_was)] == [None] * 4


@pytest.mark.parametrize("role", [None, StaffRole.ENGINEER, StaffRole.PRODUCT])
def test_link_of_support_dies_with_the_role(app, works, scene, role):
    _, token = make_link(works, actor_for(works, scene.aisha), scene.device)
    browser, page = guest_of(app, token)
    before = browser.get(page).status_code

    scene.change(Person, where={"id": scene.aisha.id}, staff_role=role.value if role else None)

    assert (before, browser.get(page).status_code) == (200, 404)


@pytest.mark.parametrize("end", ["grant revoked", "grant ended", "right lost", "entry narrowed"])
def test_link_of_a_grantee_dies_with_the_grant(app, works, scene, end):
    _, token = make_link(works, actor_for(works, scene.guest), scene.of_guest)
    browser, page = guest_of(app, token)
    before = browser.get(page).status_code
    where = {"id": scene.grant.id}

    if end == "grant revoked":
        end_grant(works, scene.grant)
    elif end == "grant ended":
        scene.change(type(scene.grant), where=where, to_at=works.clock.now() + DAY)
        works.clock.move(DAY)
    elif end == "right lost":
        scene.change(type(scene.grant), where=where, rights=(Right.VIEW | Right.COMMENT).value)
    else:
        with works.writing(actor_for(works, scene.aisha)) as work:
            change_audience(work, scene.of_guest.id, Audience.ORGANISATION)

    assert (before, browser.get(page).status_code) == (200, 404)


def test_link_that_stands_again_opens_again_unless_it_was_ended(app, works, scene):
    """A role that comes back brings the link back: it was paused, not ended."""
    link, token = make_link(works, actor_for(works, scene.mette), scene.of_owner)
    browser, page = guest_of(app, token)
    where = {"person_id": scene.mette.id}
    seen = []

    for role in (MemberRole.CUSTOMER, MemberRole.CUSTOMER_ADMIN):
        scene.change(Membership, where=where, role=role.value)
        seen.append(browser.get(page).status_code)
    revoke(scene, link)
    seen.append(browser.get(page).status_code)

    assert seen == [404, 200, 404]


def test_list_says_what_became_of_each(works, scene):
    maker = actor_for(works, scene.mette)
    links = [make_link(works, maker, scene.device, lasts=lasts)[0] for lasts in (7 * DAY, DAY, 7 * DAY)]
    revoke(scene, links[0])
    works.clock.move(DAY)
    aishas, _ = make_link(works, actor_for(works, scene.aisha), scene.device)
    scene.change(Person, where={"id": scene.aisha.id}, staff_role=None)

    with works.reading(maker) as work:
        found = {line.id: line.state.value for line in links_of_device(work, scene.device.id, Slice()).items}

    expected = ["revoked", "expired", "open"]
    assert found == {aishas.id: "paused", **{link.id: state for link, state in zip(links, expected, strict=True)}}
