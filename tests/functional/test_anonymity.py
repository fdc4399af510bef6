"""No word by which others could know an owner is shared: nobody they ever let in, and no fact of theirs."""

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.service import create_organisation, remove_member, write_membership
from statusportal.community.answering import answer_publication
from statusportal.community.queries import lines_page, publication_for
from statusportal.fleet.models import Device
from statusportal.foundation.paging import Slice
from statusportal.trees.placing import place_organisation
from tests.factories.accounts import actor_for, make_organisation, make_person
from tests.factories.community import Community
from tests.factories.fleet import make_device


@pytest.fixture
def scene(works):
    return Community(works)


def read(works, scene, row):
    with works.reading(actor_for(works, scene.others[0])) as work:
        return publication_for(work, row.id)


def test_whoever_was_ever_let_in_is_known(works, scene):
    former = make_person(works, scene.owner, name="Jens Skovgaard")
    make_person(works, staff_role=StaffRole.ENGINEER, name="Frederik Nygaard")
    with works.writing(SYSTEM) as work:
        remove_member(work, scene.owner.id, former.id)
        site = create_organisation(work, "lemvig", "Lemvig Creamery")
        place_organisation(work, site.id, scene.owner.id)
    make_person(works, site, name="Asger Toft")
    said = "Jens Skovgaard and Frederik Nygaard looked, Asger of Lemvig too; &#69;ngdal &#x4d;ejeri says 3.58 %."

    found = read(works, scene, scene.share(scene.ask("Fat again", said)))

    words = f"{found.body_markdown} {found.body_html}".casefold()
    assert [
        name for name in ("jens", "skov", "frederik", "nygaard", "asger", "lemvig", "engdal") if name in words
    ] == []
    assert "3.58 %" in words


def test_other_customers_are_taken_out_of_staff_words_and_given_away_by_no_answer(works, scene):
    make_organisation(works, "hvam")
    asked = scene.share(scene.ask("Same as at Hvam?", "Is it?"))
    scene.say(scene.expert, "Same as at Hvam last week.")

    row = scene.share()
    with works.writing(actor_for(works, scene.expert)) as work:
        line = answer_publication(work, row.id, "As at Hvam.")
        said = publication_for(work, row.id)

    assert line.body_markdown == "As at \u2039organisation\u203a."
    assert "Hvam" not in str([one.body_markdown for one in lines(works, scene, said)])
    assert read(works, scene, asked).title == "Same as at Hvam?"


def lines(works, scene, row):
    with works.reading(actor_for(works, scene.others[0])) as work:
        return lines_page(work, row.id, Slice()).items


@pytest.mark.parametrize(
    ("firmware", "shown"), [("9.9.9 Engdal Mejeri build", ""), ("9.9.9-engdal-proto", ""), ("4.2.1.9", "4.2.1.9")]
)
def test_a_firmware_is_shown_only_where_it_tells_nothing(works, scene, firmware, shown):
    with works.writing(SYSTEM) as work:
        work.session.get_one(Device, scene.device.id).firmware = firmware

    found = read(works, scene, scene.share())

    assert (found.firmware, "engdal" in found.title.casefold()) == (shown, False)


def test_a_reply_names_none_of_the_speakers_organisations(works, scene):
    row = scene.share()
    second = make_organisation(works, "zebrafarm")
    make_device(works, second, "AM3-77777", scene.model)
    speaker = make_person(works, second, MemberRole.CUSTOMER_ADMIN)
    with works.writing(SYSTEM) as work:
        write_membership(work, scene.owner.id, speaker.id, MemberRole.CUSTOMER)
    with works.writing(actor_for(works, speaker)) as work:
        line = answer_publication(work, row.id, "At Zebrafarm and Engdal.")

    assert line.body_markdown == "At \u2039organisation\u203a and \u2039organisation\u203a."
    assert line.role == "customer"
