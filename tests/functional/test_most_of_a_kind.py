"""Nobody fills the portal with grants or invitations."""

from datetime import timedelta

import msgspec
import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right
from statusportal.accounts.inviting import MOST_INVITATIONS, invite_person
from statusportal.accounts.models import Invitation
from statusportal.custody.errors import TooManyGrants
from statusportal.custody.granting import MOST_GRANTS, grant_access, revoke_grant
from statusportal.custody.queries import receiver_named
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import EntryKind
from statusportal.foundation.errors import Conflict
from statusportal.sharing.errors import TooManyLinks
from statusportal.sharing.service import revoke_link
from tests.factories.accounts import make_actor, make_organisation
from tests.factories.fleet import make_device
from tests.factories.links import make_link


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def admin(works, alpha):
    return make_actor(works, alpha, MemberRole.CUSTOMER_ADMIN)


def test_open_grants_on_a_device_are_counted(works, alpha, admin):
    device = make_device(works, alpha)
    with works.writing(admin) as work:
        first = grant_access(work, device.id, receiver_named(work, "unknown"), Right.VIEW)
        for number in range(MOST_GRANTS - 1):
            grant_access(work, device.id, receiver_named(work, f"unknown-{number}"), Right.VIEW)
        with pytest.raises(TooManyGrants, match=str(MOST_GRANTS)):
            grant_access(work, device.id, receiver_named(work, "one-more"), Right.VIEW)
        revoke_grant(work, first.id)
        work.session.flush()
        assert grant_access(work, device.id, receiver_named(work, "one-more"), Right.VIEW).id != first.id


def test_open_links_to_one_thing_are_counted(works, alpha, admin):
    works.settings = msgspec.structs.replace(works.settings, links_per_thing=2)
    device, other = make_device(works, alpha), make_device(works, alpha)
    with works.writing(admin) as work:
        entry = publish_entry(work, device.id, EntryKind.QUESTION, "Why?", "")
    first, _ = make_link(works, admin, device)
    for thing in (device, other, entry, entry):
        make_link(works, admin, thing)

    for thing in (device, entry):
        with pytest.raises(TooManyLinks, match="At most 2 links"):
            make_link(works, admin, thing)

    with works.writing(admin) as work:
        revoke_link(work, first.id)
    assert make_link(works, admin, device)[0].id != first.id


def test_invitations_that_wait_are_counted(works, alpha, admin):
    with works.writing(SYSTEM) as work:
        work.session.add_all(
            Invitation(
                organisation_id=alpha.id,
                email=f"asked-{number}@example.com",
                name="Asked",
                role="customer",
                secret_digest=f"{number:064d}",
                proves_address=False,
                created_at=work.now,
                expires_at=work.now + timedelta(days=1),
            )
            for number in range(MOST_INVITATIONS)
        )
    with works.writing(admin) as work, pytest.raises(Conflict, match=str(MOST_INVITATIONS)):
        invite_person(work, alpha.id, "more@example.com", "More", MemberRole.CUSTOMER)
