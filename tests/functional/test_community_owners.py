"""Who counts as an owner in a community, and what others read once too few own the model."""

import pytest
from sqlalchemy import update

from statusportal.access.actor import SYSTEM
from statusportal.anonymity.knowing import count_owners
from statusportal.community.queries import PublicationFilters, answers_to, publication_for, publications_page
from statusportal.entries.queries import entry_for
from statusportal.fleet.models import Device, OrganisationSharing, Ownership
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Slice
from statusportal.insight.communities import search_communities
from statusportal.insight.figures import figures_of
from tests.factories.accounts import actor_for, make_organisation
from tests.factories.community import Community


def seen(works, scene, person, row):
    """Tell what somebody reads of a shared entry: itself, in lists, by search, and counted."""
    with works.reading(actor_for(works, person)) as work:
        try:
            is_read = publication_for(work, row.id).title == row.title
        except NotFound:
            is_read = False
        listed = publications_page(work, scene.model.id, Slice(), PublicationFilters()).items
        return is_read, len(listed), search_communities(work, "fat", 10)[1], figures_of(work, scene.model.id).shared


def place(works, parent, *children):
    rows = [OrganisationSharing(organisation_id=one, parent_id=parent, mode="members", roles=0) for one in children]
    with works.writing(SYSTEM) as work:
        work.session.add_all(rows)


def test_what_is_shared_is_hidden_once_too_few_own_the_model(works):
    scene = Community(works, owners=5)
    row, other = scene.share(), scene.others[0]
    before = seen(works, scene, other, row)
    with works.writing(SYSTEM) as work:
        sold = work.session.query(Device.id).where(Device.serial == "AM3-30004").scalar_subquery()
        work.session.execute(update(Ownership).where(Ownership.device_id == sold).values(to_at=works.clock.now()))

    assert before == (True, 1, 1, 1)
    assert seen(works, scene, other, row) == (False, 0, 0, 0)
    assert seen(works, scene, scene.chief, row) == seen(works, scene, scene.expert, row) == (True, 1, 1, 1)
    with works.reading(actor_for(works, scene.chief)) as work:
        assert answers_to(work, entry_for(work, scene.entry.id)) == []


@pytest.mark.parametrize("depth", [1, 2])
def test_sites_of_one_holding_are_one_owner(works, depth):
    scene = Community(works, owners=6)
    homes = [next(iter(actor_for(works, one).organisations)) for one in scene.others]
    top = make_organisation(works, "holding").id
    place(works, top, homes[0])
    place(works, homes[0] if depth == 2 else top, homes[1], homes[2])

    with works.reading(actor_for(works, scene.stranger)) as work:
        assert count_owners(work, scene.model.id) == 4


def test_firmware_that_few_run_tells_no_entries_apart(works):
    scene = Community(works, owners=6)
    with works.writing(SYSTEM) as work:
        work.session.execute(update(Device).values(firmware="4.2"))
        work.session.get_one(Device, scene.device.id).firmware = "9.9"
    scene.share()
    found = {}
    with works.reading(actor_for(works, scene.others[0])) as work:
        figures = figures_of(work, scene.model.id)
        for firmware in ("4.2", "9.9"):
            found[firmware] = len(
                publications_page(work, scene.model.id, Slice(), PublicationFilters(firmware=firmware)).items
            )
    assert (figures.firmwares, found) == ([], {"4.2": 0, "9.9": 0})
    with works.writing(SYSTEM) as work:
        work.session.execute(update(Device).values(firmware="9.9"))
    with works.reading(actor_for(works, scene.others[0])) as work:
        assert figures_of(work, scene.model.id).firmwares == ["9.9"]
