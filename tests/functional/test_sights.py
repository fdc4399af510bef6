"""What staff opened of customers' things: one row an hour for each person and thing, on any page and by any call."""

from datetime import timedelta

import pytest

from statusportal.access.vocabulary import StaffRole
from statusportal.app import create_app
from statusportal.audit.queries import AuditFilters, audit_page
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import EntryKind
from statusportal.foundation.paging import Slice
from tests.factories.accounts import actor_for, make_organisation, make_person, make_staff, make_staff_actor
from tests.factories.doors import token_of
from tests.factories.fleet import make_device


@pytest.fixture
def shown(works):
    """A customer's device with an entry, and clients of the customer and of an engineer."""
    alpha = make_organisation(works, "alpha")
    device = make_device(works, alpha, "A-1")
    customer, engineer = make_person(works, alpha), make_staff(works, StaffRole.ENGINEER)
    with works.writing(actor_for(works, customer)) as work:
        entry = publish_entry(work, device.id, EntryKind.QUESTION, "Why so hot?", "It smells.")
    app = create_app(works.settings, works)
    tokens = {"customer": token_of(works, customer), "engineer": token_of(works, engineer)}

    def get(who, path):
        answer = app.test_client().get(path, headers={"Authorization": f"Bearer {tokens[who]}"})
        assert answer.status_code == 200
        return answer

    return {"get": get, "alpha": alpha, "device": device.id, "entry": entry.id, "engineer": engineer.id}


def sights(works):
    with works.reading(make_staff_actor(works, StaffRole.ADMIN)) as work:
        rows = audit_page(work, Slice(200)).items
        return sorted(
            (row.act, row.actor_id, row.subject_id, row.organisation_id) for row in rows if row.act.endswith(".seen")
        )


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("/devices/{device}", {"device"}),
        ("/devices/{device}/live", {"device"}),
        ("/devices/{device}/timeline", {"device"}),
        ("/api/v1/devices/{device}", {"device"}),
        ("/api/v1/devices/{device}/telemetry", {"device"}),
        ("/api/v1/devices/{device}/signals", {"device"}),
        ("/api/v1/devices/{device}/health", {"device"}),
        ("/api/v1/devices/{device}/entries", {"device"}),
        ("/entries/{entry}", {"device", "entry"}),
        ("/entries/{entry}/thread", {"device", "entry"}),
        ("/api/v1/entries/{entry}", {"device", "entry"}),
        ("/api/v1/entries/{entry}/comments", {"device", "entry"}),
        ("/", set()),
    ],
)
def test_look_of_staff_is_logged_once_with_ids_alone(works, shown, path, kinds):
    address = path.format(**{name: shown[name] for name in ("device", "entry")})

    for _ in range(3):
        shown["get"]("engineer", address)
        shown["get"]("customer", address)

    expected = [(f"{one}.seen", shown["engineer"], str(shown[one]), shown["alpha"].id) for one in sorted(kinds)]
    assert sights(works) == expected


def test_look_is_logged_anew_after_an_hour_and_not_by_another_process_before(works, clock, shown):
    shown["get"]("engineer", f"/devices/{shown['device']}")
    works._kept.clear()  # as another process knows nothing of this one's memory
    clock.move(timedelta(minutes=59))
    shown["get"]("engineer", f"/devices/{shown['device']}")
    within = len(sights(works))
    clock.move(timedelta(minutes=2))
    shown["get"]("engineer", f"/devices/{shown['device']}")

    assert (within, len(sights(works))) == (1, 2)


def test_log_is_found_by_the_customer_it_concerns(works, shown):
    shown["get"]("engineer", f"/entries/{shown['entry']}")

    with works.reading(make_staff_actor(works, StaffRole.ADMIN)) as work:
        found = audit_page(work, Slice(), AuditFilters(organisation_id=shown["alpha"].id, act="entry.seen")).items

    assert [row.codes for row in found] == [{"actor_role": "engineer"}]
